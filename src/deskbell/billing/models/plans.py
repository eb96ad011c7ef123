"""Plans, and since when an account has one. Money is integer cents."""

from __future__ import annotations

from django.db import models

from deskbell.accounts.models import Owned


class Plan(models.Model):
    """What an account pays each month, for how many minutes, and for those above."""

    name = models.CharField(max_length=100, unique=True)
    base_cents = models.PositiveIntegerField(help_text="Each month")
    included_minutes = models.PositiveIntegerField(default=0)
    overage_cents = models.PositiveIntegerField(help_text="For each minute above")
    increment_seconds = models.PositiveSmallIntegerField(
        choices=[(30, "Half a minute"), (60, "A minute")],
        default=60,
        help_text="What a call's time is rounded up to",
    )
    is_offered = models.BooleanField(default=True, help_text="Accounts may be given it")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Subscription(Owned):
    """The plan that an account has from a day on, until its next one begins."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="subscriptions")
    begins_on = models.DateField()
    created_by = models.EmailField(blank=True)
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["account", "begins_on"], name="one_plan_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.plan} from {self.begins_on}"
