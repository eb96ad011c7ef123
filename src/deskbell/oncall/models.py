"""Escalation levels, the shifts on them, and when each shift happens.

Source: seed 000, "Calendar Events" and "Escalation Levels"; design, on call. Waits are seconds.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models

from deskbell.accounts.models import Owned
from deskbell.contacts.models import Contact, DeliveryMethod


class EscalationLevel(Owned):
    """A calendar of who is on call, and what happens when nobody there acknowledges."""

    name = models.CharField(max_length=200)
    position = models.IntegerField(default=0)
    repeat = models.IntegerField(default=0, help_text="How many more attempts after the first")
    repeat_seconds = models.IntegerField(default=300, help_text="Between attempts")
    wait_seconds = models.IntegerField(default=300, help_text="Before the level is left")
    next_level = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True)
    fallback = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    hold_until_on_call = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class OncallDefaults(Owned):
    """What holds for all levels of an account."""

    fallback = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    start = models.TimeField(default="00:00")
    end = models.TimeField(default="23:59")

    class Meta(Owned.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["account"], name="one_oncall_defaults")]

    def __str__(self) -> str:
        return f"on-call defaults of {self.account}"


class Frequency(models.TextChoices):
    """How an event comes back."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"


class Event(Owned):
    """A shift: delivery methods that are on call from `starts` to `ends`, once or again and again.

    `starts` and `ends` are wall-clock times of the account's time zone, without an offset.
    """

    level = models.ForeignKey(EscalationLevel, on_delete=models.CASCADE, related_name="events")
    methods = models.ManyToManyField(DeliveryMethod, related_name="events")
    starts = models.DateTimeField(help_text="Wall clock, kept as if it were UTC")
    ends = models.DateTimeField(help_text="Wall clock, kept as if it were UTC")
    frequency = models.CharField(max_length=16, choices=Frequency.choices, default=Frequency.ONCE)
    interval = models.IntegerField(default=1)
    weekdays = ArrayField(models.SmallIntegerField(), default=list, help_text="0 Sunday")
    until = models.DateField(null=True, blank=True)
    count = models.IntegerField(null=True, blank=True)
    expanded_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"{self.frequency} from {self.starts:%Y-%m-%d %H:%M}"


class Occurrence(Owned):
    """One instance of an event: the instants in which it is on call."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="occurrences")
    level = models.ForeignKey(EscalationLevel, on_delete=models.CASCADE, related_name="+")
    span = DateTimeRangeField()

    class Meta(Owned.Meta):
        abstract = False
        indexes = [GistIndex(fields=["level", "span"], name="occurrences_at")]

    def __str__(self) -> str:
        return str(self.span)
