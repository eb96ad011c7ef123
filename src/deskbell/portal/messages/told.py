"""What a message's panel tells beside where it stands: words, answers, facts, sound, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from deskbell.accounts.rules import Right
from deskbell.calls.models import Call, Recording, TranscriptState
from deskbell.delivery.wording import label_of
from deskbell.foundation.clock import now
from deskbell.foundation.durations import on_clock
from deskbell.foundation.numbers import for_people
from deskbell.messages.models import Message, Note
from deskbell.messages.queries import notes_of
from deskbell.oncall.queries import levels

from ..acting import doer_of
from ..recordings.shown import Heard
from ..tenancy import PortalRequest, held_rights
from .clamps import Clamped, clamped

_NUMBER: Final = re.compile(r"\+?[0-9]{10,15}")
_REPEATED: Final = frozenset({"caller_id", "number_dialed"})
_ENDED_BY: Final = {"caller": "The caller", "system": "Deskbell", "agent": "The receptionist"}
_LATE: Final = timedelta(hours=1)
WIDE: Final = 40


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known, under a name; `is_wide` where it needs a line of its own."""

    name: str
    value: Clamped

    @property
    def is_wide(self) -> bool:
        """Whether it is too long for half a line."""
        return self.value.length > WIDE or "\n" in self.value.text


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note, and whether the person may remove it."""

    note: Note
    text: Clamped
    is_removable: bool


def told_context(message: Message, *, whole: bool) -> dict[str, Any]:
    """What of a message does not change while one looks; one query, for the levels."""
    return {
        "content": clamped(message.content, whole=whole),
        "answers": answers_of(message, whole=whole),
        "facts": facts_of(message),
        "call_facts": call_facts_of(message, message.call) if message.call else [],
        "send_to_levels": list(levels()) if message.is_open else [],
        "whole": whole,
    }


def answers_of(message: Message, *, whole: bool = False) -> list[Fact]:
    """The script's answers in its order, with words for names.

    Left out are the empty ones, and those that say again what the panel shows above them.
    """
    called = message.did.number if message.did else ""
    shown = {for_people(number) for number in (message.phone, called) if number}
    said = {
        name: _readable(str(value))
        for name, value in (message.answers or {}).items()
        if str(value).strip() and name != "content"
    }
    return [
        Fact(label_of(name), clamped(value, whole=whole))
        for name, value in said.items()
        if not (name in _REPEATED and value in shown)
    ]


def _readable(value: str) -> str:
    return for_people(value) if _NUMBER.fullmatch(value) else value


def facts_of(message: Message) -> list[Fact]:
    """What is known of the caller beside name, phone and email, which are links; no answers."""
    answered = {str(value).strip() for value in (message.answers or {}).values()}
    town = " ".join(part for part in (message.state, message.zip) if part)
    lines = (message.address, message.address2, message.city, town)
    known = {
        "Company Name": message.company_name,
        "Other phone": for_people(message.alt_phone) if message.alt_phone else "",
        "Address": ", ".join(line for line in lines if line),
        "How they heard of us": message.how_you_hear_about_us,
        "Number called": for_people(message.did.number) if message.did else "",
    }
    return _facts((name, value) for name, value in known.items() if value not in answered)


def call_facts_of(message: Message, call: Call) -> list[Fact]:
    """How the call went that a message was left in."""
    known = {
        "Caller ID": call.caller_name if call.caller_name != message.caller_name else "",
        "Taken by": call.agent_name,
        "Lasted": on_clock(call.connection_sec) if call.connection_sec else "",
        "In the menu": on_clock(call.ivr_sec) if 0 < call.ivr_sec < call.connection_sec else "",
        "Hung up first": _ENDED_BY.get(call.who_hung_up, call.who_hung_up),
    }
    return _facts(known.items())


def _facts(known: Iterator[tuple[str, str]] | Any) -> list[Fact]:
    return [Fact(name, clamped(value)) for name, value in known if value]


# The recording and its transcript may come, change and go while one looks.


def sound_context(request: PortalRequest, message: Message, *, whole: bool) -> dict[str, Any]:
    """The recording as far as the person may hear it; no query beside those of rights."""
    recording = message.recording
    if recording is None:
        return {"sound_state": "", "transcript_state": "", "recording": None}
    may_hear = Right.CALL_RECORDING in held_rights(request)
    state = _state_of(recording, may_hear=may_hear)
    heard = f"{recording.transcript_state}-{len(recording.transcript)}"
    return {
        "recording": recording,
        "sound_state": state,
        "transcript_state": heard if state == "kept" else "",
        "sound": Heard(recording, message.pk),
        "kept_days": _kept_days(recording),
        "is_late": now() - recording.started_at > _LATE,
        "transcript": clamped(recording.transcript, whole=whole),
        "transcript_states": TranscriptState,
    }


def _state_of(recording: Recording, *, may_hear: bool) -> str:
    if recording.removed_at is not None:
        return "removed"
    if not may_hear:
        return "locked"
    if not recording.audio:
        return "awaited"
    return "kept"


def _kept_days(recording: Recording) -> int:
    """For how many days its audio was kept."""
    if recording.removed_at is None:
        return 0
    return max((recording.removed_at - recording.started_at).days, 1)


def notes_context(request: PortalRequest, message: Message, *, whole: bool) -> dict[str, Any]:
    """The notes, and a word by which a page knows whether it shows these; one query."""
    found = list(notes_of(message))
    may_all, own = may_remove_all(request), own_ids(request)
    return {
        "notes": [
            NoteLine(each, clamped(each.text, whole=whole), may_all or each.user_id in own)
            for each in found
        ],
        "notes_state": _notes_state(found),
    }


def own_ids(request: PortalRequest) -> set[int]:
    """Whose notes are one's own: the person's, and the operator's who acts as them."""
    return {request.user.pk, doer_of(request).pk}


def may_remove_all(request: PortalRequest) -> bool:
    """Whether the person may remove notes of others: an administrator of the account, or staff."""
    return request.user.is_staff_member or Right.USERS in held_rights(request)


def _notes_state(found: Sequence[Note]) -> str:
    return f"{len(found)}-{found[-1].pk}" if found else "0"
