"""What accounts use is counted as their calls end, and again where a record is put right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from deskbell.foundation.numbers import to_e164

from ..models import Call
from ..rules import INBOUND, Seconds, Usage, usage_of


@dataclass(frozen=True, slots=True)
class Counted:
    """What a call counts as, and where."""

    number: str
    day: date
    usage: Usage


def counted(call: Call) -> Counted | None:
    """What a call is counted as now; None where it is not. Needs its account; asks for nothing."""
    if call.counted_on is None:
        return None
    used = usage_of(_seconds_in(call), is_assisted=call.agent_id is not None)
    return Counted(call.counts_for, call.counted_on, used)


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
    if before and after and (before.number, before.day) == (after.number, after.day):
        add(call.account_id, Counted(after.number, after.day, after.usage - before.usage))
        return
    if before is not None:
        add(call.account_id, Counted(before.number, before.day, Usage() - before.usage))
    if after is not None:
        add(call.account_id, after)


def add(account_id: int, what: Counted) -> None:
    """Adds to what a number used on a day."""
    used = what.usage
    if used == Usage():
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO calls_usageofday AS used (account_id, number, day,"
            " calls, assisted_calls, standard_seconds, assisted_seconds)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (account_id, day, number) DO UPDATE SET"
            " calls = used.calls + EXCLUDED.calls,"
            " assisted_calls = used.assisted_calls + EXCLUDED.assisted_calls,"
            " standard_seconds = used.standard_seconds + EXCLUDED.standard_seconds,"
            " assisted_seconds = used.assisted_seconds + EXCLUDED.assisted_seconds",
            [
                account_id,
                what.number,
                what.day,
                used.calls,
                used.assisted_calls,
                used.standard_seconds,
                used.assisted_seconds,
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
