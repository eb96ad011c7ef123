"""Call records and recordings, with the fields of the portal's API.

Source: seed 000 "Call Recordings API": the `cdr` of its example, whose seconds are kept as they
will be shown. A call's `uuid` is its `call_sid` there; its `CA…` sid is the same hex digits.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.functional import cached_property

from deskbell.accounts.models import Owned, PhoneNumber
from deskbell.foundation.sids import new_sid


def recording_sid() -> str:
    """A new recording's sid."""
    return new_sid("RE")


class CallStatus(models.TextChoices):
    """Where a call stands; the words of RCML's CallStatus."""

    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


class Call(Owned):
    """One call, from its first ring to its end."""

    sid = models.CharField(max_length=34, unique=True)
    phone_number = models.ForeignKey(
        PhoneNumber, on_delete=models.SET_NULL, null=True, related_name="calls"
    )
    call_type = models.CharField(max_length=32, default="InboundCall")
    status = models.CharField(
        max_length=16, choices=CallStatus.choices, default=CallStatus.IN_PROGRESS
    )
    caller_id = models.CharField(max_length=64, blank=True)
    caller_name = models.CharField(max_length=200, blank=True)
    number_dialed = models.CharField(max_length=64)
    agent_id = models.BigIntegerField(null=True, blank=True)
    agent_name = models.CharField(max_length=200, blank=True)
    skill_id = models.CharField(max_length=32, blank=True)
    skill_name = models.CharField(max_length=100, blank=True)
    started_at = models.DateTimeField(help_text="First ring")
    agent_answered_at = models.DateTimeField(null=True, blank=True)
    hung_up_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    who_hung_up = models.CharField(max_length=16, blank=True, help_text="caller, system, agent")
    connection_sec = models.IntegerField(default=0)
    ivr_sec = models.IntegerField(default=0)
    wait_sec = models.IntegerField(default=0)
    talk_sec = models.IntegerField(default=0)
    hold_sec = models.IntegerField(default=0)
    transfer_sec = models.IntegerField(default=0)
    wrap_sec = models.IntegerField(default=0)
    conference_sec = models.IntegerField(default=0)
    conference_talk_sec = models.IntegerField(default=0)
    original_call_id = models.BigIntegerField(null=True, blank=True)
    is_orphaned = models.BooleanField(default=False)
    quality: Any = models.JSONField(default=dict, help_text="Packets, losses, jitter")
    gateway = models.CharField(max_length=255, blank=True, help_text="The gateway that has it")
    wrapped_up_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(
        max_length=16, blank=True, help_text="The newest of its stages; none: in the attendant"
    )
    counts_for = models.CharField(
        max_length=64, blank=True, help_text="The number whose usage it is part of, E.164"
    )
    counted_on = models.DateField(
        null=True, blank=True, help_text="The day whose usage it is part of, once it is over"
    )

    class Meta(Owned.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["account", "-started_at"], name="calls_newest"),
            models.Index(fields=["account", "caller_id", "-started_at"], name="calls_of_caller"),
        ]

    def __str__(self) -> str:
        return f"{self.sid} from {self.caller_id or 'unknown'}"

    @cached_property
    def uuid(self) -> uuid.UUID:
        """The call's id as the portal's API shows it."""
        return uuid.UUID(self.sid[2:])


class Stage(models.TextChoices):
    """What a caller meets at a time; the seconds of the `cdr` are how long each lasted."""

    IVR = "ivr"
    WAIT = "wait"
    TALK = "talk"
    HOLD = "hold"
    TRANSFER = "transfer"
    CONFERENCE = "conference"
    CONFERENCE_HOLD = "conference_hold", "Others confer while the caller is held"
    WRAP = "wrap"


class StageOfCall(Owned):
    """From when on a call was in a stage; it lasts until the next one begins, or the call ends."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(max_length=16, choices=Stage.choices)
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = False
        verbose_name_plural = "stages of calls"
        indexes = [models.Index(fields=["call", "at", "id"], name="stages_of_call")]

    def __str__(self) -> str:
        return f"{self.stage} from {self.at}"


class UsageOfDay(Owned):
    """What an account used in one day of its time zone: on a number, by a kind of call, with a
    receptionist; made of its calls' records.

    Source: seed 000, "Month To Date Usage Report": standard and operator-assisted.
    """

    number = models.CharField(max_length=64, help_text="The number called, or shown, E.164")
    day = models.DateField()
    kind = models.CharField(max_length=32, help_text="The calls' call_type")
    agent_id = models.BigIntegerField(help_text="The receptionist who had them last; 0: none")
    agent_name = models.CharField(max_length=200, blank=True, help_text="As last heard of")
    calls = models.IntegerField(default=0)
    assisted_calls = models.IntegerField(default=0)
    standard_seconds = models.BigIntegerField(default=0)
    assisted_seconds = models.BigIntegerField(default=0)
    half_minutes = models.BigIntegerField(default=0, help_text="Each call rounded up to 30 s")
    whole_minutes = models.BigIntegerField(default=0, help_text="Each call rounded up to 60 s")

    class Meta(Owned.Meta):
        abstract = False
        verbose_name_plural = "usage of days"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "day", "number", "kind", "agent_id"], name="one_usage_of_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} on {self.day}"


class BlockedCaller(Owned):
    """A caller whom an account does not want; receptionists see it, or the call is refused."""

    caller_id = models.CharField(max_length=64, help_text="E.164 where it can be one")
    is_refused = models.BooleanField(default=False, help_text="The call is not even answered")
    reason = models.CharField(max_length=200, blank=True)
    blocked_at = models.DateTimeField()
    blocked_by = models.CharField(max_length=254, blank=True)

    class Meta(Owned.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["account", "caller_id"], name="one_block_of_a_caller")
        ]

    def __str__(self) -> str:
        return self.caller_id


def audio_path(recording: Recording, _filename: str) -> str:
    """Where a recording's audio lies in the storage: by account, so that it can be told apart."""
    return f"recordings/{recording.account_id}/{recording.sid}.wav"


class TranscriptState(models.TextChoices):
    """Whether what is said in a recording is known in words."""

    NONE = "", "None"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Recording(Owned):
    """The audio of a caller's message or call; the row may come before its audio, or after."""

    sid = models.CharField(max_length=34, unique=True, default=recording_sid)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="recordings")
    audio = models.FileField(upload_to=audio_path, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    seconds = models.FloatField(default=0)
    started_at = models.DateTimeField()
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text="When its audio and transcript went, its time being over"
    )
    transcript = models.TextField(blank=True)
    transcript_state = models.CharField(
        max_length=16, choices=TranscriptState.choices, blank=True, default=TranscriptState.NONE
    )
    heard_seconds = models.FloatField(default=0, help_text="How much of it the transcript is of")

    class Meta(Owned.Meta):
        abstract = False
        indexes = [models.Index(fields=["account", "-started_at", "-id"], name="recordings_newest")]

    def __str__(self) -> str:
        return self.sid
