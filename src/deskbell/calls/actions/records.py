"""A call's record while it is written: held against others, its seconds worked out, its usage
counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from deskbell.foundation.errors import NotFound

from ..models import Call, StageOfCall
from ..rules import Seconds, seconds_of
from .usage import Counted, count, counted, number_used

FIGURES: Final = (
    "connection_sec",
    "ivr_sec",
    "wait_sec",
    "talk_sec",
    "hold_sec",
    "transfer_sec",
    "wrap_sec",
    "conference_sec",
    "conference_talk_sec",
    "counts_for",
    "counted_on",
)


def held(**which: Any) -> Call:
    """A call with its account, locked until the transaction ends. Raises NotFound.

    Whoever locks rows of a room above does so before this.
    """
    rows = Call.objects.select_for_update(of=("self",), no_key=True).select_related("account")
    found = rows.filter(**which).first()
    if found is None:
        raise NotFound(f"There is no call {next(iter(which.values()))}")
    return found


def fill(call: Call, *, ended_at: datetime, connection: int, before: Counted | None) -> None:
    """Works out the figures of a call that is over, and counts its usage; the caller saves it.

    `connection` are the seconds from the answer to the end, as its gateway measured them; `before`
    is what the call counted as until now.
    """
    found = seconds_of(
        _stages(call), ended_at - timedelta(seconds=connection), ended_at, call.wrapped_up_at
    )
    _write(call, found)
    call.counts_for = number_used(call)
    call.counted_on = call.started_at.astimezone(ZoneInfo(call.account.time_zone)).date()
    count(call, before)


@contextmanager
def changing(call_id: int, *fields: str) -> Iterator[Call]:
    """A call to be changed, locked; then its fields are saved, in one transaction.

    Where its end is written already its figures and its usage are put right as well. Raises
    NotFound.
    """
    with transaction.atomic():
        call = held(pk=call_id)
        before = counted(call)
        yield call
        if before is not None and call.ended_at is not None:
            fill(call, ended_at=call.ended_at, connection=call.connection_sec, before=before)
            fields = (*fields, *FIGURES)
        call.save(update_fields=fields)


def _stages(call: Call) -> list[tuple[str, datetime]]:
    if not call.stage:
        return []
    rows = StageOfCall.objects.filter(call=call).order_by("at", "id")
    return list(rows.values_list("stage", "at"))


def _write(call: Call, found: Seconds) -> None:
    call.connection_sec = found.connection
    call.ivr_sec, call.wait_sec = found.ivr, found.wait
    call.talk_sec, call.hold_sec = found.talk, found.hold
    call.transfer_sec, call.wrap_sec = found.transfer, found.wrap
    call.conference_sec = found.conference
    call.conference_talk_sec = found.conference_talk
