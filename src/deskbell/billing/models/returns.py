"""Files for the operator's own bank, and what came back. Source: Nacha Operating Rules."""

from __future__ import annotations

from django.db import models


class BankFile(models.Model):
    """A file of debits that was made for the operator's bank."""

    number = models.PositiveIntegerField(unique=True)
    name = models.CharField(max_length=64)
    content = models.TextField(help_text="Sealed: it has the numbers of bank accounts")
    effective_on = models.DateField(help_text="When the bank is to collect")
    entries = models.PositiveIntegerField()
    total_cents = models.BigIntegerField()
    entry_hash = models.CharField(max_length=10)
    created_by = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    downloaded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return self.name


class BankReturn(models.Model):
    """One entry of a file of returns, kept once however often the file is read."""

    trace_number = models.CharField(max_length=15, help_text="Of the entry that came back")
    return_trace = models.CharField(max_length=15, help_text="The bank's own")
    code = models.CharField(max_length=3, help_text="R01, or C01 for a correction")
    words = models.CharField(max_length=300, blank=True)
    cents = models.BigIntegerField()
    is_known = models.BooleanField(help_text="Whether it was a payment of ours")
    read_at = models.DateTimeField()
    read_by = models.EmailField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trace_number", "return_trace", "code"], name="one_bank_return"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} for {self.trace_number}"
