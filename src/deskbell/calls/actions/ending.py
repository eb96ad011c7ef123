"""Calls end, by what their gateway says, or because nobody says anything any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from deskbell.platform.changes import touch

from ..hooks import CallEvent, call_ended
from ..models import Call, CallStatus
from .records import fill, held
from .usage import counted

ORPHANED_AFTER: Final = timedelta(hours=6)
_WHO: Final = {"caller", "system", "agent", "callee"}


def end(
    *, sid: str, status: str, at: datetime, seconds: int, who: str, quality: dict[str, Any]
) -> None:
    """Writes that a call is over; the second time nothing changes.

    A call that was given up as an orphan is not over: what its gateway says of it wins.
    `status` is RCML's word (an unknown one counts as completed), `seconds` the time from answer to
    end, `who` caller, callee, system or agent; what `hung_up_by` noted wins over system. Works out
    the record's seconds and counts its usage. Fires `call_ended` first, where the call went further
    than the attendant. Source: seed 000, "Call Recordings API", whose `connection_sec` is the whole
    call. Raises NotFound.
    """

    def write(call: Call) -> None:
        call.status = status if status in CallStatus.values else CallStatus.COMPLETED
        if call.status == CallStatus.IN_PROGRESS:
            call.status = CallStatus.COMPLETED
        call.is_orphaned = False
        ended_at = max(at, call.started_at)
        call.ended_at = call.hung_up_at = ended_at
        call.who_hung_up = _who(noted=call.who_hung_up, told=who)
        call.quality = quality
        fill(call, ended_at=ended_at, connection=max(0, seconds), before=counted(call))
        call.save()
        touch(call.account_id)

    with transaction.atomic():
        call = held(sid=sid)
        if _is_over(call):
            return
        if not call.stage:
            write(call)
            return
    with transaction.atomic():  # without the call's lock: handlers lock theirs before it
        call_ended.fire(CallEvent(call.account_id, call.pk, call.sid, who, at))
        call = held(sid=sid)
        if not _is_over(call):
            write(call)


def _is_over(call: Call) -> bool:
    return call.ended_at is not None and not call.is_orphaned


def _who(*, noted: str, told: str) -> str:
    if told in {"caller", "callee"} or not noted:
        return told if told in _WHO else ""
    return noted


def close_orphans(*, at: datetime) -> int:
    """Ends calls that began six hours ago or more and that no gateway has ended; gives how many.

    A gateway that is killed says no goodbye; without this its calls would go on for ever. Nobody
    knows how long they were, so they use nothing.
    """
    lost = Call.objects.filter(
        status=CallStatus.IN_PROGRESS, ended_at=None, started_at__lte=at - ORPHANED_AFTER
    )
    far = lost.exclude(stage="").order_by("pk").values_list("account_id", "pk", "sid")
    for account_id, call_id, sid in list(far):
        call_ended.fire(CallEvent(account_id, call_id, sid, "system", at))
    return lost.update(status=CallStatus.FAILED, ended_at=at, is_orphaned=True)
