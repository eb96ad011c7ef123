"""Deliveries: one attempt to bring one message to one delivery method, kept as proof.

What was tried is copied into the row (kind, address, name), so that deleting a contact later takes
nothing away from the proof. Source: design, on call, "Escalation".
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from deskbell.accounts.models import Owned
from deskbell.contacts.models import DeliveryMethod
from deskbell.messages.models import Message, MessageStatus


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    QUEUED = "queued"
    SENDING = "sending"
    UNDER_WAY = "under_way", "Under way"
    RETRYING = "retrying"
    DELIVERED = "delivered"
    UNANSWERED = "unanswered"
    FAILED = "failed"
    STOPPED = "stopped", "Stopped, the message was acknowledged"


UNFINISHED = (
    DeliveryState.QUEUED,
    DeliveryState.SENDING,
    DeliveryState.UNDER_WAY,
    DeliveryState.RETRYING,
)


class Delivery(Owned):
    """One attempt, its tries and what came back."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    method = models.ForeignKey(DeliveryMethod, on_delete=models.SET_NULL, null=True, blank=True)
    kind = models.CharField(max_length=16)
    address = models.CharField(max_length=2000)
    contact_name = models.CharField(max_length=200)
    level_id = models.BigIntegerField(null=True, blank=True)
    level_name = models.CharField(max_length=200, blank=True)
    attempt = models.IntegerField(default=0)
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(
        max_length=16, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    tries = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(
        null=True, blank=True, help_text="When one that is under way counts as lost"
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    sender = models.CharField(max_length=32, blank=True, help_text="Our number, where one shows")
    code = models.CharField(max_length=8, blank=True, help_text="Names it in a reply by text")
    bundle = models.UUIDField(null=True, blank=True, help_text="Shared by those sent as one")
    provider_id = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=500, blank=True, help_text="What came back, in words")
    sent_again = models.BooleanField(
        default=False, help_text="Its fate was unknown once, so it may have arrived twice"
    )
    forwarded_by = models.CharField(
        max_length=254, blank=True, help_text="Who had it sent, where nobody was on call for it"
    )
    words = models.TextField(blank=True, help_text="What they say with it")
    by_receptionist = models.BooleanField(
        default=False, help_text="A task of the desk: a receptionist calls"
    )
    taken_by = models.BigIntegerField(
        null=True, blank=True, help_text="The user id of the receptionist who does this task"
    )

    class Meta(Owned.Meta):
        abstract = False
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["message", "id"], name="deliveries_of_message"),
            models.Index(
                fields=["state", "claimed_at"],
                name="deliveries_unfinished",
                condition=models.Q(state__in=["queued", "sending", "under_way", "retrying"]),
            ),
            models.Index(
                fields=["-finished_at", "-id"],
                name="deliveries_failed",
                condition=models.Q(state="failed"),
            ),
            models.Index(fields=["method", "-created_at"], name="deliveries_to_method"),
            models.Index(
                fields=["account", "created_at"],
                name="deliveries_by_hand",
                condition=models.Q(level_id__isnull=True, attempt=0),
            ),
            models.Index(
                fields=["bundle"],
                name="deliveries_in_bundles",
                condition=models.Q(bundle__isnull=False),
            ),
            models.Index(
                fields=["created_at", "id"],
                name="deliveries_of_the_desk",
                condition=models.Q(by_receptionist=True, state="under_way"),
            ),
            models.Index(
                fields=["address", "sender"],
                name="deliveries_with_code",
                condition=~models.Q(code=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.contact_name}"

    @property
    def is_forward(self) -> bool:
        """Whether a person had it sent, outside escalation."""
        return bool(self.forwarded_by)

    def is_over_for(self, message: Message) -> bool:
        """Whether nobody needs it any more: its message is acknowledged, and it no forward."""
        return message.status == MessageStatus.ACKNOWLEDGED and not self.is_forward


class Try(Owned):
    """One try of a delivery and what came back of it; kept as proof."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+")
    number = models.IntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    fate = models.CharField(max_length=16)
    answer = models.CharField(max_length=500, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        verbose_name_plural = "tries"
        indexes = [models.Index(fields=["delivery", "id"], name="tries_of_delivery")]

    def __str__(self) -> str:
        return f"try {self.number}: {self.fate}"


class BareProof(Owned):
    """What stays of a delivery when its message's time is over: that it was, and no content.

    Source: design, portal API, "Messages": when, which method, result.
    """

    message_id = models.BigIntegerField(help_text="The number of the message that is gone")
    level_name = models.CharField(max_length=200, blank=True)
    attempt = models.IntegerField(default=0)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=16, choices=DeliveryState.choices)
    tries = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        indexes = [models.Index(fields=["account", "message_id"], name="bare_proof_of_message")]

    def __str__(self) -> str:
        return f"{self.kind} for message {self.message_id}"


class OptOut(models.Model):
    """Somebody answered STOP to one of our numbers, and wants no texts from it until START."""

    sender = models.CharField(max_length=32, help_text="Our number")
    address = models.CharField(max_length=32, help_text="Theirs")
    stopped_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "address"], name="one_opt_out")]

    def __str__(self) -> str:
        return f"{self.address} wants nothing from {self.sender}"


class HeardText(models.Model):
    """A text that somebody sent us: it acts once, however often its carrier brings it."""

    carrier = models.CharField(max_length=16)
    provider_id = models.CharField(max_length=200)
    theirs = models.CharField(max_length=32, blank=True, help_text="The number it came from")
    ours = models.CharField(max_length=32, blank=True, help_text="Our number that it came to")
    heard_at = models.DateTimeField(db_index=True)
    answer = models.TextField(blank=True, help_text="What we text back")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "provider_id"], name="one_heard_text")
        ]
        indexes = [models.Index(fields=["ours", "theirs", "heard_at"], name="heard_texts_lately")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.provider_id}"


class SentCode(Owned):
    """A code was sent somewhere to verify it; kept for an hour, to count them."""

    kind = models.CharField(max_length=16)
    address = models.CharField(max_length=2000)
    sent_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["account", "sent_at"], name="codes_of_account"),
            models.Index(fields=["sent_at"], name="codes_lately"),
        ]

    def __str__(self) -> str:
        return f"a code by {self.kind}"


class DispatchKind(models.TextChoices):
    """What a call's document may send."""

    SMS = "sms"
    MESSAGE = "message"
    EMAIL = "email"
    FAX = "fax"


class DispatchState(models.TextChoices):
    """Where a dispatch stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Dispatch(Owned):
    """A text or an email that a call's document has sent; its body goes when it is through."""

    sid = models.CharField(max_length=34, unique=True)
    call_sid = models.CharField(max_length=34)
    kind = models.CharField(max_length=16, choices=DispatchKind.choices)
    sender = models.CharField(max_length=320)
    recipients: Any = models.JSONField(default=dict, help_text="Addresses by to, cc and bcc")
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    state = models.CharField(
        max_length=16, choices=DispatchState.choices, default=DispatchState.QUEUED
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=500, blank=True, help_text="What came back, in words")

    class Meta(Owned.Meta):
        abstract = False
        verbose_name_plural = "dispatches"
        indexes = [models.Index(fields=["account", "kind", "created_at"], name="dispatches_lately")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sid}"
