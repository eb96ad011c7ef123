"""To Dos, when they run, and each run.

Source: seed 000, "To Dos API": the fields of Response Example 1; design, portal API, "To Dos".
"""

from __future__ import annotations

from typing import Any

from django.db import models

from deskbell.accounts.models import Owned, PhoneNumber
from deskbell.platform.columns import Json


class DeliveryType(models.TextChoices):
    """How a To Do goes out."""

    SMS = "sms", "SMS"
    EMAIL = "email"
    CALL = "call"


class ToDo(Owned):
    """What is sent or said, to whom, and by what."""

    phone = models.ForeignKey(
        PhoneNumber, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    delivery_type = models.CharField(max_length=8, choices=DeliveryType.choices)
    contact = models.CharField(max_length=320, help_text="A phone number or an email address")
    from_number = models.CharField(  # noqa: DJ001 the API says null
        max_length=32, null=True, blank=True, help_text="`from` in the API: our number, as shown"
    )
    instructions = models.TextField(null=True, blank=True)  # noqa: DJ001 the API says null
    message_text = models.TextField(null=True, blank=True)  # noqa: DJ001 the API says null
    subject = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 the API says null
    sender_name = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 the API says null
    from_email = models.CharField(max_length=320, null=True, blank=True)  # noqa: DJ001 the API says null
    is_sending = models.BooleanField(default=False, help_text="A run of it is under way")
    is_paused = models.BooleanField(default=False)
    run_at = models.DateTimeField(null=True, blank=True, help_text="When its latest run began")
    created_by = models.CharField(max_length=254, blank=True, help_text="Who, in words")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        verbose_name = "To Do"
        indexes = [models.Index(fields=["account", "-created_at", "-id"], name="to_dos_newest")]

    def __str__(self) -> str:
        return f"{self.get_delivery_type_display()} to {self.contact}"


class Schedule(Owned):
    """When a To Do runs: a rule as IceCube writes it, and wall-clock times of its account."""

    to_do = models.OneToOneField(ToDo, on_delete=models.CASCADE, related_name="schedule")
    rule: Any = Json(help_text="As shown: rule_type, interval, validations")
    times: Any = Json(default=list, help_text='As given: ["9:00 AM", "3:00 PM"]')
    first_day = models.DateField(help_text="From which on it counts, on the account's wall clock")
    previous_occurrence = models.DateTimeField(null=True, blank=True)
    next_occurrence = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["next_occurrence"],
                name="to_dos_due",
                condition=models.Q(next_occurrence__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.rule.get("rule_type", ""))


class RunState(models.TextChoices):
    """Where a run stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    MISSED = "missed", "Missed, Deskbell was not running"
    UNKNOWN = "unknown", "Unknown, interrupted while it was sent"
    STOPPED = "stopped", "Stopped before it went out"


class Run(Owned):
    """One run of a To Do at one instant; there is never a second one of the same."""

    to_do = models.ForeignKey(ToDo, on_delete=models.CASCADE, related_name="runs")
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.WAITING)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    tries = models.SmallIntegerField(default=0)
    look_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody looks what became of it, while it is open"
    )
    provider_id = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=500, blank=True, help_text="What came back, in words")

    class Meta(Owned.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["to_do", "due_at"], name="one_run_each")]
        indexes = [
            models.Index(
                fields=["look_at"], name="runs_open", condition=models.Q(look_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} at {self.due_at}"

    @property
    def key(self) -> str:
        """What whoever carries it knows this try of it by."""
        return f"to-do-run-{self.pk}-{self.tries}"


class HourlyCount(Owned):
    """How many runs of a kind an account began in its present hour; what is deleted stays counted.

    An hour begins with the first run after the last one.
    """

    delivery_type = models.CharField(max_length=8, choices=DeliveryType.choices)
    began_at = models.DateTimeField()
    count = models.IntegerField(default=0)

    class Meta(Owned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["account", "delivery_type"], name="one_count_each")
        ]

    def __str__(self) -> str:
        return f"{self.count} {self.delivery_type} since {self.began_at}"
