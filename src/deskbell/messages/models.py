"""Messages with every field that the Messages API shows, and what happened to each.

Source: seed 000, "Messages API v2" (the example's fields, in their order) and "Activities List".
Ids that point upward (`escalation_level_id`, `contact_id`, `to_do_task_id`) are plain integers,
set and checked by the room above.
"""

from __future__ import annotations

import uuid
from typing import Any, Protocol

from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from deskbell.accounts.models import Owned, PhoneNumber, User
from deskbell.calls.models import Call, Recording
from deskbell.platform.columns import Json

# The origin of messages that we send ourselves, to see that somebody is reached.
SELF_TEST = "self-test"


class MessageStatus(models.TextChoices):
    """A message's life (design, portal API, "Messages")."""

    NEW = "new"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    EXHAUSTED = "exhausted"


class Caller(Protocol):
    """What a message knows of who called: the message itself, or a row of its columns."""

    first_name: str
    last_name: str
    phone: str
    caller_id: str


def name_of_caller(known: Caller) -> str:
    """The caller's name as taken, else the number it called from, else "Unknown caller"."""
    name = f"{known.first_name} {known.last_name}".strip()
    return name or known.phone or known.caller_id or "Unknown caller"


class Message(Owned):
    """What a caller wants somebody to know."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(
        max_length=16, choices=MessageStatus.choices, default=MessageStatus.NEW
    )
    read = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    message_received_date = models.DateTimeField(null=True, blank=True)

    pbx_name = models.CharField(max_length=64, default="deskbell")
    phone_number = models.CharField(max_length=64, blank=True)
    extension = models.CharField(max_length=32, blank=True)
    caller_id = models.CharField(max_length=64, blank=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    company_name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=64, blank=True)
    alt_phone = models.CharField(max_length=64, blank=True)
    email = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=200, blank=True)
    address2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    zip = models.CharField(max_length=32, blank=True)
    how_you_hear_about_us = models.CharField(max_length=200, blank=True)
    content = models.TextField(blank=True)
    answers: Any = Json(default=dict)
    note = models.TextField(blank=True)
    is_emergency = models.BooleanField(default=False)
    positive_data_dip = models.BooleanField(default=False)
    class_names = models.CharField(max_length=200, blank=True)
    non_message_type = models.CharField(max_length=64, blank=True)
    email_subject = models.CharField(max_length=200, blank=True)
    receiver_name = models.CharField(max_length=200, blank=True)
    disposition = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 the API says null
    is_for_check_in = models.BooleanField(
        default=False, help_text="Kept to be read out when the client calls in; nobody is told"
    )
    origin = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 the API says null

    call = models.ForeignKey(Call, on_delete=models.SET_NULL, null=True, blank=True)
    recording = models.ForeignKey(Recording, on_delete=models.SET_NULL, null=True, blank=True)
    did = models.ForeignKey(PhoneNumber, on_delete=models.SET_NULL, null=True, blank=True)
    ivr = models.CharField(max_length=64, blank=True)
    call_ref_id = models.CharField(max_length=64, blank=True)
    agent_id = models.BigIntegerField(null=True, blank=True)
    user_id = models.BigIntegerField(null=True, blank=True)
    sale_id = models.BigIntegerField(null=True, blank=True)
    chat_session_id = models.BigIntegerField(null=True, blank=True)
    closing_action_group_id = models.BigIntegerField(null=True, blank=True)
    to_do_task_id = models.BigIntegerField(null=True, blank=True)
    from_to_do = models.BooleanField(default=False)
    send_at = models.DateTimeField(null=True, blank=True)
    pickup_date = models.DateTimeField(null=True, blank=True)
    pickup_user_id = models.BigIntegerField(null=True, blank=True)

    contact_id = models.BigIntegerField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    delivered_by = models.BigIntegerField(null=True, blank=True)
    delivered_to = models.CharField(max_length=254, null=True, blank=True)  # noqa: DJ001 the API says null
    escalation_level_id = models.BigIntegerField(null=True, blank=True)
    escalation_counter = models.IntegerField(default=0)
    next_escalation_at = models.DateTimeField(null=True, blank=True)
    escalation_loops: Any = models.JSONField(
        default=dict, help_text="How often it went on from a level whose chain leads back"
    )
    activities_count = models.IntegerField(default=0)

    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=254, blank=True, help_text="Who, in words")
    acknowledged_user_id = models.BigIntegerField(
        null=True, blank=True, help_text="Who, where it was one of our users in the portal"
    )
    acknowledged_from = models.CharField(max_length=32, blank=True, help_text="portal, email, …")
    acknowledged_address = models.CharField(
        max_length=200, blank=True, help_text="The number or IP address it came from"
    )
    before_acknowledged: Any = models.JSONField(
        null=True, blank=True, help_text="Where it stood before, so that it can be undone"
    )

    class Meta(Owned.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="messages_newest"),
            models.Index(
                fields=["account", "status", "-created_at", "-id"], name="messages_by_status"
            ),
            models.Index(
                fields=["account", "-created_at", "-id"],
                name="messages_open",
                condition=~models.Q(status="acknowledged"),
            ),
            models.Index(
                fields=["account", "-created_at", "-id"],
                name="messages_emergencies",
                condition=models.Q(is_emergency=True),
            ),
            BrinIndex(
                fields=["updated_at"],
                name="messages_changed",
                pages_per_range=16,
                autosummarize=True,
            ),
            models.Index(
                fields=["next_escalation_at"],
                name="messages_due",
                condition=models.Q(next_escalation_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} from {self.caller_name}"

    @property
    def caller_name(self) -> str:
        """As `name_of_caller`."""
        return name_of_caller(self)

    @property
    def is_open(self) -> bool:
        """Whether somebody has yet to acknowledge it."""
        return self.status != MessageStatus.ACKNOWLEDGED


class ActivityKind(models.TextChoices):
    """What can happen to a message."""

    TAKEN = "taken"
    ESCALATION = "escalation"
    DELIVERED = "delivered"
    RETRY = "retry"
    FAILED = "failed"
    ACKNOWLEDGED = "acknowledged"
    EXHAUSTED = "exhausted"
    READ = "read"
    NOTE = "note"
    RESUMED = "resumed"
    FORWARDED = "forwarded"


class Activity(Owned):
    """One thing that happened to a message, in words that its owner understands."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="activities")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=ActivityKind.choices)
    text = models.CharField(max_length=500)
    by = models.CharField(max_length=254, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["account", "-at", "-id"], name="activities_newest"),
            models.Index(fields=["message", "at", "id"], name="activities_of_message"),
        ]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.text


class Note(Owned):
    """What somebody wrote beside a message; all of them together are its `note` in the API."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    by = models.CharField(max_length=254, help_text="Who, in words")
    user_id = models.BigIntegerField(null=True, blank=True, help_text="Who, where one of our users")
    text = models.TextField()

    class Meta(Owned.Meta):
        abstract = False
        indexes = [models.Index(fields=["message", "at", "id"], name="notes_of_message")]

    def __str__(self) -> str:
        return self.text[:60]


class SavedSearch(Owned):
    """A list of messages that a person comes back to, under a name of their own."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, help_text="The list's query string, without `?`")
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        verbose_name_plural = "saved searches"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "user", "name"], name="one_saved_search_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class IndexCard(models.Model):
    """What a message is found and sorted by, in plain letters: small ones, without accents.

    The database writes it whenever the message changes; nothing else may. It has a table of its own
    because a message's row is written again at each step of its escalation, and its words are not.
    """

    message = models.OneToOneField(
        Message,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        primary_key=True,
        related_name="card",
    )
    account_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    sender = models.TextField(help_text="The name, else the number")
    phone = models.TextField()
    company = models.TextField()
    opening = models.TextField(help_text="How the content begins")
    text = models.TextField(help_text="All that is searched")
    words = SearchVectorField()

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "sender", "message"], name="cards_by_sender"),
            models.Index(fields=["account_id", "phone", "message"], name="cards_by_phone"),
            models.Index(fields=["account_id", "company", "message"], name="cards_by_company"),
            models.Index(fields=["account_id", "opening", "message"], name="cards_by_opening"),
            GinIndex(fields=["account_id", "words"], name="cards_words"),
            GinIndex(
                fields=["account_id", "text"],
                opclasses=["int8_ops", "gin_trgm_ops"],
                name="cards_parts",
            ),
        ]

    def __str__(self) -> str:
        return f"card of message {self.pk}"


class Tally(models.Model):
    """A change of how many messages an account's tabs have; the sum of all is how many there are.

    The database writes one for each change, so that nobody waits for anybody; a job adds them up.
    """

    account_id = models.BigIntegerField(db_index=True)
    new = models.IntegerField()
    acknowledged = models.IntegerField()
    other = models.IntegerField(help_text="Self-tests that are over")

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.new:+} new, {self.acknowledged:+} acknowledged"
