"""Escalation levels, the shifts on them, and when each shift happens.

Source: seed 000, "Calendar Events" and "Escalation Levels"; design, on call. Waits are seconds.
"""

from __future__ import annotations

import uuid

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
    loops = models.IntegerField(
        default=0, help_text="How often a message may go on from here where that leads back"
    )
    fallback = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    hold_until_on_call = models.BooleanField(default=False)
    feed_revision = models.IntegerField(default=1, help_text="Raised where the feed's link is new")
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
    MONTHLY = "monthly"
    YEARLY = "yearly"


class Event(Owned):
    """A shift: delivery methods that are on call from `starts` to `ends`, once or again and again.

    `starts` and `ends` are wall-clock times of the account's time zone, without an offset. An
    instance that was changed by hand is an event of its own, which happens once: it is `part_of`
    the one it comes from, `original` is the day on which that would have started, and that day is
    among the other's `skipped` days, as are those of deleted instances.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    level = models.ForeignKey(EscalationLevel, on_delete=models.CASCADE, related_name="events")
    methods = models.ManyToManyField(DeliveryMethod, related_name="events")
    starts = models.DateTimeField(help_text="Wall clock, kept as if it were UTC")
    ends = models.DateTimeField(help_text="Wall clock, kept as if it were UTC")
    frequency = models.CharField(max_length=16, choices=Frequency.choices, default=Frequency.ONCE)
    interval = models.IntegerField(default=1)
    weekdays = ArrayField(models.SmallIntegerField(), default=list, help_text="0 Sunday")
    month_days = ArrayField(models.SmallIntegerField(), default=list, help_text="1 to 31")
    nth_weekdays = ArrayField(
        ArrayField(models.SmallIntegerField(), size=2),
        default=list,
        help_text="Pairs of which one in the month (1 to 5, -1 the last) and the weekday",
    )
    until = models.DateField(null=True, blank=True)
    count = models.IntegerField(null=True, blank=True)
    skipped = ArrayField(models.DateField(), default=list, help_text="Days the rule leaves out")
    part_of = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="changed"
    )
    original = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    expanded_from = models.DateTimeField(
        null=True, blank=True, help_text="What covers this instant or later is kept as rows"
    )
    expanded_until = models.DateTimeField(
        null=True, blank=True, help_text="What starts before this instant is kept as rows"
    )
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["part_of", "original"], name="one_changed_instance")
        ]
        indexes = [
            models.Index(
                fields=["level", "expanded_until"],
                name="events_going_on",
                condition=models.Q(expanded_until__isnull=False),
            ),
            models.Index(
                fields=["level", "expanded_from"],
                name="events_of_old",
                condition=models.Q(expanded_from__isnull=False),
            ),
        ]

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


class OverrideKind(models.TextChoices):
    """What an override does to who is on call."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


class Override(Owned):
    """For a span somebody else is on call, or more people, or fewer; no event is touched.

    Without a level it holds on every level of the account. `contact` is whom it takes out, only
    where that contact is on call; `methods` are what it puts in. `starts` and `ends` are wall-clock
    times of the account's zone, `span` the instants they mean.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    level = models.ForeignKey(
        EscalationLevel, on_delete=models.CASCADE, null=True, blank=True, related_name="overrides"
    )
    kind = models.CharField(max_length=16, choices=OverrideKind.choices)
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="overrides"
    )
    methods = models.ManyToManyField(DeliveryMethod, related_name="overrides", blank=True)
    starts = models.DateTimeField(help_text="Wall clock, kept as if it were UTC")
    ends = models.DateTimeField(help_text="Wall clock, kept as if it were UTC")
    span = DateTimeRangeField()
    note = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=254, blank=True, help_text="Who set it, in words")
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        indexes = [GistIndex(fields=["account", "span"], name="overrides_at")]

    def __str__(self) -> str:
        return f"{self.kind} from {self.starts:%Y-%m-%d %H:%M}"


class SelfTest(Owned):
    """A message that is sent to a level every so often, to see that somebody is reached.

    The operator is alarmed where nobody acknowledges it within `within_seconds`.
    """

    level = models.OneToOneField(EscalationLevel, on_delete=models.CASCADE, related_name="+")
    every_seconds = models.IntegerField(default=86400)
    within_seconds = models.IntegerField(default=600)
    is_on = models.BooleanField(default=True)
    next_at = models.DateTimeField()
    message_id = models.BigIntegerField(null=True, blank=True, help_text="The last one")
    sent_at = models.DateTimeField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True, help_text="Last acknowledged in time")
    failed_at = models.DateTimeField(null=True, blank=True, help_text="Last alarm")

    class Meta(Owned.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"self-test of {self.level}"


class Alarm(models.Model):
    """Something that the operator was told of, because it had gone wrong. Nobody else reads it.

    `account_id` is None where it concerns none; the row stays when the account is gone.
    """

    at = models.DateTimeField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    account_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-at", "-id"], name="alarms_by_age")]

    def __str__(self) -> str:
        return self.title
