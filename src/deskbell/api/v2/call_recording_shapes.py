"""What the Call Recordings API shows, made from rows, its fields in the order they are sent in.

Source: seed 000, "List Call Recordings", the example; design, portal API, "Call recordings".
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from ninja import Field, Schema
from pydantic import ConfigDict

from deskbell.calls.links import audio_url
from deskbell.calls.models import Call, Recording
from deskbell.foundation.numbers import digits_of, national_digits

_UNIQUE_FROM: Final = 1_000_000_000  # the seed's unique_call_id is this and its call_id


class Cdr(Schema):
    """The record of a call: when, who with whom, and where its seconds went."""

    id: int
    unique_call_id: int
    start_time: datetime = Field(description="Its first ring.")
    call_type: str = Field(description="InboundCall, OutboundCall or InternalCall.")
    start_client: str = Field(description="The account's number.")
    end_client: str
    callerid: str
    number_dialed: str
    did: str
    agent_name: str | None = Field(description="The receptionist who took it, if any did.")
    agent_id: int | None
    skill_name: str | None
    skill_id: str | None
    connection_sec: int = Field(description="The whole call.")
    ivr_sec: int = Field(description="In the attendant.")
    wait_sec: int = Field(description="In the queue, ringing included.")
    talk_sec: int = Field(description="With a receptionist.")
    hold_sec: int = Field(description="Alone with music.")
    transfer_sec: int = Field(description="With somebody else, their ringing included.")
    wrap_sec: int = Field(description="After the end, until the receptionist had written it down.")
    agent_answer_time: datetime | None = Field(description="When the first one answered.")
    end_time: datetime | None = Field(description="Null while the call goes on.")
    hang_up_time: datetime | None
    who_hung_up: str | None = Field(
        description="caller, callee, agent or system, where it is known."
    )
    original_call_id: int = Field(description="The call that it is about, else itself.")
    call_created_at: datetime
    is_orphaned: bool = Field(description="Its gateway never said that it ended.")
    conference_sec: int = Field(description="Three or more together.")
    conference_talk_sec: int = Field(description="Of these, with the caller not held.")


class CallRecording(Schema):
    """The audio of a call, and the call it is of."""

    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(example=EXAMPLE))

    id: int
    call_id: int
    call_sid: str = Field(description="The call's UUID.")
    account_number: str
    did_number: str = Field(description="The number that was called; ten digits in the US.")
    from_: str = Field(alias="from", description="Who called, as digits where it is a number.")
    agent_username: str | None
    started_at: datetime
    recording: str = Field(
        description="Where the audio is, a WAV file. The address is signed, supports ranges, asks"
        " for no token, and is good for an hour; ask for the recording again to get a new one."
    )
    cdr: Cdr


class CallRecordingAnswer(Schema):
    """One call recording."""

    data: CallRecording


class CallRecordingsAnswer(Schema):
    """A page of call recordings."""

    data: list[CallRecording]


def shown(recording: Recording, *, account_number: str, at: datetime) -> dict[str, Any]:
    """A recording as the API shows it. Needs its call and that call's number; asks for nothing."""
    call = recording.call
    return {
        "id": recording.pk,
        "call_id": call.pk,
        "call_sid": str(call.uuid),
        "account_number": account_number,
        "did_number": _did(call),
        "from": _number(call.caller_id),
        "agent_username": call.agent_name or None,
        "started_at": _time(recording.started_at),
        "recording": audio_url(recording, at=at),
        "cdr": _cdr(call, account_number),
    }


def _cdr(call: Call, account_number: str) -> dict[str, Any]:
    return {
        "id": call.pk,
        "unique_call_id": _UNIQUE_FROM + call.pk,
        "start_time": _time(call.started_at),
        "call_type": call.call_type,
        "start_client": account_number,
        "end_client": account_number,
        "callerid": _number(call.caller_id),
        "number_dialed": _number(call.number_dialed),
        "did": _did(call),
        "agent_name": call.agent_name or None,
        "agent_id": call.agent_id,
        "skill_name": call.skill_name or None,
        "skill_id": call.skill_id or None,
        "connection_sec": call.connection_sec,
        "ivr_sec": call.ivr_sec,
        "wait_sec": call.wait_sec,
        "talk_sec": call.talk_sec,
        "hold_sec": call.hold_sec,
        "transfer_sec": call.transfer_sec,
        "wrap_sec": call.wrap_sec,
        "agent_answer_time": _time(call.agent_answered_at),
        "end_time": _time(call.ended_at),
        "hang_up_time": _time(call.hung_up_at),
        "who_hung_up": call.who_hung_up or None,
        "original_call_id": call.original_call_id or call.pk,
        "call_created_at": _time(call.started_at),
        "is_orphaned": call.is_orphaned,
        "conference_sec": call.conference_sec,
        "conference_talk_sec": call.conference_talk_sec,
    }


def _did(call: Call) -> str:
    return _number(call.phone_number.number if call.phone_number else call.number_dialed)


def _number(given: str) -> str:
    """Digits alone, without the US country code; a name, as a SIP phone's, stays as it is."""
    has_letters = any(map(str.isalpha, given))
    return given if has_letters or not digits_of(given) else national_digits(given)


def _time(at: datetime | None) -> str | None:
    """UTC to the millisecond, cut and not rounded: 2024-09-16T16:47:21.169Z."""
    if at is None:
        return None
    utc = at.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


EXAMPLE: Final[dict[str, Any]] = {
    "id": 36,
    "call_id": 812,
    "call_sid": "4f1c7b5e-744b-41ef-9bdd-02420a1f2070",
    "account_number": "W0411",
    "did_number": "2125550142",
    "from": "2125550177",
    "agent_username": "Rita",
    "started_at": "2026-03-04T15:00:07.169Z",
    "recording": "https://desk.example.com/recordings/RE4f1c7b5e744b41ef9bdd02420a1f2070.wav"
    "?account=1&until=1772640020&key=…",
    "cdr": {
        "id": 812,
        "unique_call_id": 1_000_000_812,
        "start_time": "2026-03-04T14:59:41.002Z",
        "call_type": "InboundCall",
        "start_client": "W0411",
        "end_client": "W0411",
        "callerid": "2125550177",
        "number_dialed": "2125550142",
        "did": "2125550142",
        "agent_name": "Rita",
        "agent_id": 11,
        "skill_name": "Spanish",
        "skill_id": "1",
        "connection_sec": 38,
        "ivr_sec": 12,
        "wait_sec": 8,
        "talk_sec": 18,
        "hold_sec": 0,
        "transfer_sec": 0,
        "wrap_sec": 9,
        "agent_answer_time": "2026-03-04T15:00:01.326Z",
        "end_time": "2026-03-04T15:00:20.171Z",
        "hang_up_time": "2026-03-04T15:00:20.171Z",
        "who_hung_up": "caller",
        "original_call_id": 812,
        "call_created_at": "2026-03-04T14:59:41.002Z",
        "is_orphaned": False,
        "conference_sec": 0,
        "conference_talk_sec": 0,
    },
}
