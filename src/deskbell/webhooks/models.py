"""Who wants to be told of what, each thing told, and every attempt to tell it.

Source: design, portal API, "Messages": webhooks (signed) on taken, delivered, escalated,
acknowledged, exhausted.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from deskbell.accounts.models import Owned


class Happening(models.TextChoices):
    """What a subscription may be told of, and a test."""

    TAKEN = "message.taken", "A message was taken"
    DELIVERED = "message.delivered", "It reached somebody for the first time"
    ESCALATED = "message.escalated", "It went on to another level"
    ACKNOWLEDGED = "message.acknowledged", "Somebody acknowledged it"
    EXHAUSTED = "message.exhausted", "Everybody was tried, and nobody acknowledged it"
    TEST = "webhook.test", "A test"


class Subscription(Owned):
    """An address of the account's own that is told of what happens."""

    url = models.CharField(max_length=2000)
    secret = models.CharField(max_length=500, help_text="Signs what is sent; encrypted")
    events: Any = models.JSONField(default=list, help_text="Some of Happening's values")
    is_paused = models.BooleanField(default=False)
    paused_because = models.CharField(
        max_length=500, blank=True, help_text="In words, where it was paused by itself"
    )
    failing_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when every attempt has failed"
    )
    busy_until = models.DateTimeField(
        null=True, blank=True, help_text="A worker has it in hand until then"
    )
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="It gave no answer, so nothing is sent before then"
    )
    silences = models.IntegerField(default=0, help_text="Attempts in a row without an answer")
    is_slow = models.BooleanField(
        default=True, help_text="It lets others wait, or nobody knows it yet"
    )
    last_attempt_at = models.DateTimeField(null=True, blank=True)
    last_status = models.IntegerField(null=True, blank=True)
    last_answer = models.CharField(max_length=500, blank=True)
    created_by = models.CharField(max_length=254, blank=True, help_text="Who, in words")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Owned.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.url

    @property
    def is_slowly_sent(self) -> bool:
        """Whether it must not take the threads of those who answer."""
        return self.is_slow or self.silences > 0


class NoticeState(models.TextChoices):
    """Where a notice stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed", "Failed, given up"


UNFINISHED = (NoticeState.WAITING, NoticeState.SENDING)


class Notice(Owned):
    """One thing that one subscription is told."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="notices")
    happening = models.CharField(max_length=32, choices=Happening.choices)
    message_id = models.BigIntegerField(null=True, blank=True)
    body = models.TextField(help_text="JSON, as it is signed and sent")
    state = models.CharField(max_length=8, choices=NoticeState.choices, default=NoticeState.WAITING)
    tries = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    give_up_at = models.DateTimeField(help_text="No try begins after it")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["subscription", "-id"], name="notices_newest"),
            models.Index(fields=["message_id"], name="notices_of_message"),
            models.Index(fields=["created_at"], name="notices_by_age"),
            models.Index(
                fields=["subscription", "next_try_at", "id"],
                name="notices_unfinished",
                condition=models.Q(state__in=["waiting", "sending"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.happening} of message {self.message_id}"


class Attempt(Owned):
    """One request that told a notice, and what came back."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="attempts")
    number = models.IntegerField()
    at = models.DateTimeField()
    milliseconds = models.IntegerField(default=0)
    status = models.IntegerField(null=True, blank=True, help_text="The HTTP status, where one came")
    answer = models.CharField(max_length=500, blank=True, help_text="What came back, in words")

    class Meta(Owned.Meta):
        abstract = False
        indexes = [models.Index(fields=["notice", "id"], name="attempts_of_notice")]

    def __str__(self) -> str:
        return f"attempt {self.number}: {self.status or self.answer}"
