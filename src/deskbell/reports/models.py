"""Files that are made for somebody, now or again and again."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from deskbell.accounts.models import Owned, User


class Kind(models.TextChoices):
    """What an export is of."""

    MESSAGES = "messages"
    USAGE = "usage", "Usage details"
    AUDIT = "audit", "Audit log"


class FileFormat(models.TextChoices):
    """How an export is written."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel"
    JSON = "json", "JSON"
    PDF = "pdf", "PDF"


class ExportState(models.TextChoices):
    """Where an export stands; one that was removed or is over its time has no file any more."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"
    REMOVED = "removed"


def export_path(export: Export, _filename: str) -> str:
    """Where an export's file lies in the storage: by account, so that it can be told apart."""
    return f"exports/{export.account_id}/{export.pk}.{export.format}"


class Export(Owned):
    """One file, made by a job; there is none before it is whole."""

    kind = models.CharField(max_length=16, choices=Kind.choices)
    format = models.CharField(max_length=8, choices=FileFormat.choices)
    asked: Any = models.JSONField(default=dict, help_text="The filters, as their page's query")
    words = models.CharField(max_length=300, blank=True, help_text="The filters, as people read")
    state = models.CharField(
        max_length=16, choices=ExportState.choices, default=ExportState.WAITING
    )
    rows = models.BigIntegerField(null=True, blank=True, help_text="How many it will have")
    rows_done = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    file = models.FileField(upload_to=export_path, blank=True)
    name = models.CharField(max_length=200, blank=True, help_text="As it is downloaded")
    trouble = models.CharField(max_length=300, blank=True, help_text="Why there is no file")
    schedule = models.ForeignKey(
        "reports.ScheduledExport",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="exports",
    )
    due_at = models.DateTimeField(null=True, blank=True, help_text="The schedule's occurrence")
    created_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="Its job's last sign of life")
    ended_at = models.DateTimeField(null=True, blank=True)
    removed_after = models.DateTimeField(null=True, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["account", "-created_at"], name="exports_newest"),
            models.Index(
                fields=["removed_after"], name="exports_to_remove", condition=Q(state="done")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "due_at"],
                condition=Q(schedule__isnull=False),
                name="one_export_an_occurrence",
            )
        ]

    def __str__(self) -> str:
        return self.name or f"{self.get_kind_display()} as {self.get_format_display()}"


class Frequency(models.TextChoices):
    """How often a scheduled export is made; what it has is the day, week or month before."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Sending(models.TextChoices):
    """How a scheduled export reaches people."""

    ATTACHMENT = "attachment", "As an attachment"
    LINK = "link", "As a link, for people who sign in"


class ScheduledExport(Owned):
    """An export that is made and mailed again and again, by the account's clock."""

    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    format = models.CharField(max_length=8, choices=FileFormat.choices)
    asked: Any = models.JSONField(default=dict, help_text="As an export's, without its dates")
    frequency = models.CharField(max_length=8, choices=Frequency.choices)
    weekday = models.PositiveSmallIntegerField(default=0, help_text="Monday 0, where weekly")
    month_day = models.PositiveSmallIntegerField(default=1, help_text="1 to 31, where monthly")
    time = models.TimeField(help_text="On the account's clock")
    recipients: Any = models.JSONField(default=list, help_text="Email addresses")
    sending = models.CharField(max_length=16, choices=Sending.choices)
    is_paused = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True, blank=True, help_text="None while it is paused")
    trouble = models.CharField(max_length=300, blank=True, help_text="What went wrong of late")
    created_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        ordering = ["name"]
        indexes = [models.Index(fields=["next_at"], name="scheduled_exports_due")]
        constraints = [
            models.UniqueConstraint("account", Lower("name"), name="one_schedule_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class DailySummary(Owned):
    """A person wants yesterday in a mail every morning."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    time = models.TimeField(help_text="On the account's clock")
    next_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["account", "user"], name="one_summary_a_person")
        ]
        indexes = [models.Index(fields=["next_at"], name="daily_summaries_due")]

    def __str__(self) -> str:
        return f"summary for {self.user}"
