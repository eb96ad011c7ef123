"""Receptionists, the calls that wait for them or are in their hands, and what they write down.

Receptionists serve all accounts, so they and their skills are nobody's rows; a call, who is rung
for it and what is written of it are its account's. Source: design, look, "Desk"; voice, "The desk
on these verbs".
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models

from deskbell.accounts.models import Owned, PhoneNumber, User
from deskbell.calls.models import Call
from deskbell.messages.models import Message
from deskbell.platform.columns import Json
from deskbell.scripts.models import Publication


class Skill(models.Model):
    """What a receptionist can and a number may ask for: a language, a trade."""

    name = models.CharField(max_length=60, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Standing(models.TextChoices):
    """What a receptionist does now; `rules.standing` has the table of what follows what."""

    AWAY = "away"
    AVAILABLE = "available"
    RINGING = "ringing"
    IN_CALL = "in_call", "In a call"
    WRAPPING = "wrapping", "Wrapping up"


class Receptionist(models.Model):
    """A person who answers, and where their telephone stands."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="receptionist")
    skills = models.ManyToManyField(Skill, blank=True, related_name="receptionists")
    phone = models.CharField(
        max_length=64, blank=True, help_text="A number in E.164, or a staff phone's user name"
    )
    standing = models.CharField(max_length=16, choices=Standing.choices, default=Standing.AWAY)
    since = models.DateTimeField(help_text="When that began")
    leaves_after = models.BooleanField(default=False, help_text="Goes away when this is done")
    missed = models.IntegerField(default=0, help_text="Rings in a row that nobody answered")
    away_because = models.CharField(max_length=200, blank=True, help_text="Where we said so")
    seen_at = models.DateTimeField(null=True, blank=True, help_text="When a page last asked")
    version = models.BigIntegerField(default=0, help_text="Raised by whatever the desk shows")

    class Meta:
        ordering = ["user__name", "id"]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is before them: no ring, no call, nothing to write down."""
        return self.standing in {Standing.AWAY, Standing.AVAILABLE}


class Spell(models.Model):
    """A time that a receptionist stood in one way, once it is over: what reports are made of."""

    receptionist = models.ForeignKey(Receptionist, on_delete=models.CASCADE, related_name="spells")
    standing = models.CharField(max_length=16, choices=Standing.choices)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ended_at"], name="spells_by_end")]

    def __str__(self) -> str:
        return f"{self.standing} until {self.ended_at}"


class Answering(Owned):
    """How calls to a number are answered; the row without a number is for all others."""

    number = models.OneToOneField(
        PhoneNumber, on_delete=models.CASCADE, null=True, blank=True, related_name="answering"
    )
    skill = models.ForeignKey(
        Skill, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    patience_seconds = models.IntegerField(
        default=180, help_text="How long a caller waits before voicemail"
    )
    wrap_seconds = models.IntegerField(
        default=120, help_text="How long a receptionist may take after a call"
    )
    target_seconds = models.IntegerField(default=20, help_text="Answered sooner is in time")
    is_recorded = models.BooleanField(
        default=False, help_text="Whether conversations with receptionists are recorded"
    )

    class Meta(Owned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(number__isnull=True),
                name="one_answering_for_the_others",
            )
        ]

    def __str__(self) -> str:
        return f"answering of {self.number or 'all other numbers'}"


class DeskCallKind(models.TextChoices):
    """How a call came to the desk."""

    INCOMING = "incoming"
    CALLBACK = "callback", "Somebody we told of a message asked for a receptionist"
    OUTGOING = "outgoing"


class DeskCallState(models.TextChoices):
    """Where a call stands at the desk."""

    WAITING = "waiting"
    IN_HAND = "in_hand", "In hand"
    PASSED_ON = "passed_on", "Passed on: it goes on without a receptionist"
    WRAPPING = "wrapping", "Over, and still being written down"
    OVER = "over"


class DeskCall(Owned):
    """One call while it waits for a receptionist, is in one's hands, and is written down."""

    kind = models.CharField(max_length=16, choices=DeskCallKind.choices)
    state = models.CharField(max_length=16, choices=DeskCallState.choices)
    call = models.ForeignKey(
        Call, on_delete=models.CASCADE, null=True, blank=True, related_name="desk_calls"
    )
    call_sid = models.CharField(max_length=34, blank=True, help_text="The caller's own leg")
    way = models.CharField(max_length=16, default="gateway", help_text="Who carries it")
    gateway = models.CharField(max_length=255, blank=True, help_text="The gateway that has it")
    room = models.CharField(max_length=64, unique=True, help_text="Its conference")
    number = models.ForeignKey(
        PhoneNumber, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    caller_id = models.CharField(max_length=64, blank=True)
    caller_name = models.CharField(max_length=200, blank=True)
    skill = models.ForeignKey(
        Skill, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField()
    rank_at = models.DateTimeField(help_text="Who waits since before then comes first")
    gives_up_at = models.DateTimeField(null=True, blank=True, help_text="When voicemail follows")
    preferred = models.ForeignKey(
        Receptionist,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who had it before, and is rung first where it comes back",
    )
    receptionist = models.ForeignKey(
        Receptionist, on_delete=models.SET_NULL, null=True, blank=True, related_name="desk_calls"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    is_held = models.BooleanField(default=False, help_text="The caller hears music")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the caller was gone")
    wrap_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, blank=True, help_text="rules.queue.Outcome")
    disposition = models.CharField(max_length=64, blank=True)
    delivery_id = models.BigIntegerField(
        null=True, blank=True, help_text="The delivery that it was made for, or came from"
    )

    class Meta(Owned.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["rank_at", "id"],
                name="desk_calls_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["receptionist", "state"],
                name="desk_calls_open",
                condition=~models.Q(state="over"),
            ),
            models.Index(fields=["call_sid"], name="desk_calls_by_leg"),
            models.Index(fields=["account", "-entered_at", "-id"], name="desk_calls_newest"),
            models.Index(fields=["entered_at"], name="desk_calls_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} call from {self.caller_id or 'unknown'}"


class OfferState(models.TextChoices):
    """What became of ringing a receptionist for a call."""

    RINGING = "ringing"
    ANSWERED = "answered"
    MISSED = "missed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"
    DONE = "done", "Answered, and no longer in their hands"


class Offer(Owned):
    """A receptionist is rung for a call; who answers first has it."""

    desk_call = models.ForeignKey(DeskCall, on_delete=models.CASCADE, related_name="offers")
    receptionist = models.ForeignKey(Receptionist, on_delete=models.CASCADE, related_name="offers")
    state = models.CharField(max_length=16, choices=OfferState.choices, default=OfferState.RINGING)
    is_claimed = models.BooleanField(
        default=False, help_text="Taken in the page: nobody else is rung meanwhile"
    )
    leg_sid = models.CharField(max_length=34, blank=True)
    made_at = models.DateTimeField()
    rung_at = models.DateTimeField(null=True, blank=True, help_text="When the telephone was asked")
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True, help_text="Why it failed")

    class Meta(Owned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["receptionist"],
                condition=models.Q(state="ringing"),
                name="one_ring_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["desk_call"],
                condition=models.Q(state="answered"),
                name="one_receptionist_has_a_call",
            ),
        ]
        indexes = [models.Index(fields=["made_at"], name="offers_by_age")]

    def __str__(self) -> str:
        return f"{self.receptionist} rung for call {self.desk_call_id}"


class PartyState(models.TextChoices):
    """Where somebody stands who was called into a call."""

    CALLING = "calling"
    TALKING = "talking"
    GONE = "gone"
    FAILED = "failed"


class Party(Owned):
    """Somebody called into a call: whom it is passed on to, or whom a receptionist calls."""

    desk_call = models.ForeignKey(DeskCall, on_delete=models.CASCADE, related_name="parties")
    how = models.CharField(max_length=16, help_text="rules.hands.How: blind, announced, …")
    address = models.CharField(max_length=64)
    name = models.CharField(max_length=200, blank=True)
    contact_id = models.BigIntegerField(null=True, blank=True)
    level_id = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=PartyState.choices, default=PartyState.CALLING)
    leg_sid = models.CharField(max_length=34, blank=True)
    made_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True, help_text="Why it came to nothing")

    class Meta(Owned.Meta):
        abstract = False
        verbose_name_plural = "parties"
        indexes = [
            models.Index(fields=["desk_call", "id"], name="parties_of_call"),
            models.Index(fields=["made_at"], name="parties_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.address} in call {self.desk_call_id}"


class Form(Owned):
    """A script's answers as a receptionist types them, until they are a message."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    desk_call = models.ForeignKey(
        DeskCall, on_delete=models.CASCADE, null=True, blank=True, related_name="forms"
    )
    receptionist = models.ForeignKey(
        Receptionist, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    publication = models.ForeignKey(
        Publication, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answers: Any = Json(default=dict)
    revision = models.IntegerField(default=0, help_text="Raised with every saving")
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta(Owned.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["desk_call", "id"], name="forms_of_call"),
            models.Index(fields=["submitted_at"], name="forms_by_sending"),
        ]

    def __str__(self) -> str:
        return f"form {self.uuid}"
