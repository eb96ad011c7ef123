"""What accounts pay. No number of a card or a bank account is here, save a sealed one where the
operator's own bank collects."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from deskbell.accounts.models import Owned


class Method(models.TextChoices):
    """How somebody pays: the first two here, the others elsewhere, and the operator writes them
    down. Source: seed 000, "Select Payment Method"."""

    ACH = "ach", "Bank Account / ACH"
    CARD = "card", "Credit Card"
    WIRE = "wire", "Wire Transfer"
    CHECK = "check", "Check"


class PaymentState(models.TextChoices):
    """Where a payment stands. It counts for the balance while it is under way or has succeeded."""

    STARTED = "started"
    NEEDS_PAYER = "needs_payer", "Waits for you"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded", "Paid"
    FAILED = "failed"
    RETURNED = "returned"
    REFUNDED = "refunded"


class Payment(Owned):
    """One payment, from the click on: what it is of, by which means, and what became of it."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    method = models.CharField(max_length=8, choices=Method.choices)
    provider = models.CharField(max_length=16)
    provider_id = models.CharField(max_length=255, blank=True)
    state = models.CharField(
        max_length=16, choices=PaymentState.choices, default=PaymentState.STARTED
    )
    cents = models.BigIntegerField(help_text="What counts for the balance, without the fee")
    fee_cents = models.BigIntegerField(default=0)
    refunded_cents = models.BigIntegerField(default=0)
    holder = models.CharField(max_length=100, blank=True, help_text="Name on card or account")
    brand = models.CharField(max_length=32, blank=True, help_text="Of a card, or the bank's name")
    last4 = models.CharField(max_length=4, blank=True)
    token = models.TextField(
        blank=True, help_text="What the provider knows the means by; sealed where it is a number"
    )
    once = models.CharField(
        max_length=64, unique=True, help_text="What a second click on Pay carries again"
    )
    is_automatic = models.BooleanField(default=False)
    terms = models.CharField(max_length=32, blank=True, help_text="The edition agreed to")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_from = models.GenericIPAddressField(null=True, blank=True)
    agreed_with = models.CharField(max_length=300, blank=True, help_text="The browser")
    receipt_to = models.EmailField(blank=True)
    words = models.CharField(max_length=300, blank=True, help_text="Why it failed or came back")
    created_by = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    processing_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    bank_file = models.ForeignKey(
        "billing.BankFile", on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    trace_number = models.CharField(max_length=15, blank=True, help_text="In the bank's file")

    class Meta(Owned.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["account", "-created_at"], name="payments_newest"),
            models.Index(
                fields=["provider", "state"],
                name="payments_under_way",
                condition=Q(state__in=["started", "needs_payer", "processing"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cents__gt=0, fee_cents__gte=0, refunded_cents__gte=0),
                name="payments_are_of_something",
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_id"],
                condition=~Q(provider_id=""),
                name="one_payment_of_a_providers",
            ),
            models.UniqueConstraint(
                fields=["trace_number"],
                condition=~Q(trace_number=""),
                name="one_payment_of_a_trace",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.reference}"

    @property
    def total_cents(self) -> int:
        """What the payer's bank takes: the payment with its fee."""
        return self.cents + self.fee_cents


class AutomaticPayment(Owned):
    """An account's statements are paid by themselves, from a bank account, on the day they are due.

    An ended one stays, as what was agreed to.
    """

    provider = models.CharField(max_length=16)
    token = models.TextField(help_text="As a payment's")
    customer = models.CharField(max_length=255, blank=True, help_text="At the provider")
    holder = models.CharField(max_length=100, blank=True)
    brand = models.CharField(max_length=32, blank=True)
    last4 = models.CharField(max_length=4)
    receipt_to = models.EmailField(blank=True)
    terms = models.CharField(max_length=32)
    agreed_at = models.DateTimeField()
    agreed_from = models.GenericIPAddressField(null=True, blank=True)
    agreed_with = models.CharField(max_length=300, blank=True)
    created_by = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True, help_text="Why it ended")

    class Meta(Owned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at=None), name="one_automatic_payment"
            )
        ]

    def __str__(self) -> str:
        return f"automatic payment from ···· {self.last4}"


class ProviderEvent(models.Model):
    """What a provider told us, once each, whether it came twice or late."""

    provider = models.CharField(max_length=16)
    event_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=100)
    about = models.CharField(max_length=255, blank=True, help_text="The provider's payment")
    facts: Any = models.JSONField(default=dict, help_text="What of it was used; no numbers")
    came_at = models.DateTimeField()
    happened_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True, help_text="What came of it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="one_event_of_a_provider")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
