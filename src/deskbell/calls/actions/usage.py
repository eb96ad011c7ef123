"""What accounts use is counted as their calls end, and again where a record is put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.db import connection

from deskbell.foundation.numbers import to_e164

from ..models import Call
from ..rules import INBOUND, Seconds, Usage, usage_of

NO_AGENT: Final = 0
_ADD: Final = """
    INSERT INTO calls_usageofday AS used (account_id, number, day, kind, agent_id, agent_name,
        calls, assisted_calls, standard_seconds, assisted_seconds, half_minutes, whole_minutes)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (account_id, day, number, kind, agent_id) DO UPDATE SET
        agent_name = EXCLUDED.agent_name,
        calls = used.calls + EXCLUDED.calls,
        assisted_calls = used.assisted_calls + EXCLUDED.assisted_calls,
        standard_seconds = used.standard_seconds + EXCLUDED.standard_seconds,
        assisted_seconds = used.assisted_seconds + EXCLUDED.assisted_seconds,
        half_minutes = used.half_minutes + EXCLUDED.half_minutes,
        whole_minutes = used.whole_minutes + EXCLUDED.whole_minutes
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call is counted: what one row of usage is for."""

    day: date
    number: str
    kind: str
    agent_id: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What a call counts as, and where; the receptionist's name is as its record has it."""

    place: Place
    agent_name: str
    usage: Usage


def counted(call: Call) -> Counted | None:
    """What a call is counted as now; None where it is not. Needs its account; asks for nothing."""
    if call.counted_on is None:
        return None
    used = usage_of(_seconds_in(call), is_assisted=call.agent_id is not None)
    place = Place(call.counted_on, call.counts_for, call.call_type, call.agent_id or NO_AGENT)
    return Counted(place, call.agent_name, used)


def number_used(call: Call) -> str:
    """The number that a call counts for: the account's own, where it came or went by one.

    Else what was called, or what a call out showed; E.164 where it can be. Needs its account.
    """
    used = call.number_dialed if call.call_type == INBOUND else call.caller_id
    return call.counts_for or to_e164(used, region=call.account.country) or used


def count(call: Call, before: Counted | None) -> None:
    """Puts what a call counts as now in the place of what it counted as before."""
    after = counted(call)
    if after == before:
        return
    if before and after and before.place == after.place:
        add(call.account_id, replace(after, usage=after.usage - before.usage))
        return
    if before is not None:
        add(call.account_id, replace(before, usage=Usage() - before.usage))
    if after is not None:
        add(call.account_id, after)


def add(account_id: int, what: Counted) -> None:
    """Adds to what was used in a place."""
    used, place = what.usage, what.place
    if used == Usage():
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD,
            [
                account_id,
                *(place.number, place.day, place.kind, place.agent_id, what.agent_name),
                *(used.calls, used.assisted_calls, used.standard_seconds, used.assisted_seconds),
                *(used.half_minutes, used.whole_minutes),
            ],
        )


def _seconds_in(call: Call) -> Seconds:
    return Seconds(
        ivr=call.ivr_sec,
        wait=call.wait_sec,
        talk=call.talk_sec,
        hold=call.hold_sec,
        transfer=call.transfer_sec,
        wrap=call.wrap_sec,
        conference=call.conference_sec,
        conference_talk=call.conference_talk_sec,
        connection=call.connection_sec,
    )
