"""Phone numbers. Source: seed 002 "Phone Number", seed 000 "My Accounts"."""

from __future__ import annotations

from django.db import models

from deskbell.foundation.sids import new_sid

from .companies import Company
from .owned import Owned


def phone_number_sid() -> str:
    """A new phone number's sid."""
    return new_sid("PH")


class PhoneNumber(Company, Owned):
    """A number of an account: callers reach the attendant by it, or it is an extension.

    `number` is kept as it was given; `digits` is its national form, by which it is looked up.
    """

    sid = models.CharField(max_length=34, unique=True, default=phone_number_sid, editable=False)
    number = models.CharField(max_length=32)
    digits = models.CharField(max_length=32, unique=True)
    e164 = models.CharField(max_length=17, blank=True)
    is_extension = models.BooleanField(default=False)
    extension = models.CharField(max_length=12, blank=True)
    extension_spoken_name = models.CharField(max_length=200, blank=True)
    created_by = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["account", "number", "id"], name="numbers_in_order"),
            models.Index(fields=["account", "created_at", "id"], name="numbers_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "extension"],
                condition=~models.Q(extension=""),
                name="one_extension_number_per_account",
            )
        ]

    def __str__(self) -> str:
        return self.number


class NumberSpan(Owned):
    """How long an account had a number; it stays when the number goes, because usage counts it.

    Source: seed 002, "Usage Records".
    """

    number = models.CharField(max_length=32)
    phone_number_sid = models.CharField(max_length=34)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        indexes = [models.Index(fields=["account", "began_at"], name="number_spans")]
        constraints = [
            models.UniqueConstraint(fields=["phone_number_sid"], name="one_span_per_number")
        ]

    def __str__(self) -> str:
        return self.number
