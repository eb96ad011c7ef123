"""What an account owes for a month, line by line; once issued, nothing of it changes."""

from __future__ import annotations

from django.db import models

from deskbell.accounts.models import Owned


class StatementRun(models.Model):
    """One month's statements, made for all accounts; how far that is."""

    month = models.DateField(unique=True, help_text="The first day of the month")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    accounts = models.PositiveIntegerField(default=0, help_text="How many are to have one")
    done = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0, help_text="Whose two sums differ")

    def __str__(self) -> str:
        return f"statements of {self.month:%B %Y}"


class StatementState(models.TextChoices):
    """A statement is held where its second sum is another; the operator sees why."""

    HELD = "held"
    ISSUED = "issued"


class Statement(Owned):
    """What an account owes for one month of its time zone.

    The database refuses every change of it and its lines: a held one is taken away and made again.
    """

    number = models.CharField(max_length=32, unique=True, help_text="W0411-2026-10")
    month = models.DateField(help_text="The first day of the month")
    state = models.CharField(max_length=8, choices=StatementState.choices)
    total_cents = models.BigIntegerField(help_text="The sum of its lines; below zero: credit")
    checked_cents = models.BigIntegerField(help_text="The second sum, from the calls themselves")
    balance_before_cents = models.BigIntegerField(
        default=0, help_text="What was owed before it; below zero: credit"
    )
    due_on = models.DateField()
    issued_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["account", "month"], name="one_statement_a_month")
        ]

    def __str__(self) -> str:
        return self.number


class LineKind(models.TextChoices):
    """What a line of a statement is for."""

    BASE = "base", "Plan"
    OVERAGE = "overage", "Minutes above the plan"
    ADJUSTMENT = "adjustment"
    PUT_RIGHT = "put_right", "Put right"


class StatementLine(Owned):
    """One line; the lines of a statement add up to its total, to the cent."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=LineKind.choices)
    words = models.CharField(max_length=300)
    plan_name = models.CharField(max_length=100, blank=True)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    calls = models.PositiveIntegerField(default=0)
    used_seconds = models.BigIntegerField(default=0, help_text="As rounded up, call by call")
    included_seconds = models.BigIntegerField(default=0)
    charged_seconds = models.BigIntegerField(default=0)
    unit_cents = models.BigIntegerField(default=0, help_text="A month, or a minute")
    increment_seconds = models.PositiveSmallIntegerField(
        default=0, help_text="What its calls' time was rounded up to"
    )
    amount_cents = models.BigIntegerField()

    class Meta(Owned.Meta):
        abstract = False
        ordering = ["statement", "position"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "position"], name="one_line_a_position")
        ]

    def __str__(self) -> str:
        return self.words


class Adjustment(Owned):
    """A charge or a credit that the operator gave; a line of the account's next statement."""

    cents = models.BigIntegerField(help_text="Below zero: a credit")
    words = models.CharField(max_length=200)
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="adjustments"
    )
    created_by = models.EmailField(blank=True)
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.words
