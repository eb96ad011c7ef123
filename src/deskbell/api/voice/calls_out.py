"""The records of calls that we make: to tell of a message, and for To Dos.

They are written at their end, from what whoever carried them reports; one that was put through to a
receptionist has its record already. Source: seed 000, "Dashboard" (Monthly Usage).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from deskbell.accounts.models import Account
from deskbell.accounts.queries import numbers_written
from deskbell.attendant.ways import Way
from deskbell.calls import actions as calls
from deskbell.calls.rules import OUTBOUND
from deskbell.foundation import clock
from deskbell.foundation.sids import is_sid

from .calls import write_end
from .carriers import sid_of
from .requests import Form

HAS_ENDED: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_PHONE: Final = "client:"


def keep_record(form: Form, way: Way, account: Account, *, about: int | None = None) -> None:
    """Writes the record of a call that is over; of one that goes on, nothing.

    `about` is the id of the call that it is about, where there is one. Needs the account's scope.
    """
    sid = form.text("CallSid")[:256]
    if form.text("CallStatus") not in HAS_ENDED or not sid:
        return
    if way is not Way.GATEWAY:
        sid = sid_of("CA", sid, way)
    if not is_sid(sid, "CA"):
        return
    shown, now = form.text("From"), clock.now()
    seconds = timedelta(seconds=form.number("CallDuration"))
    calls.begin(
        account_id=account.pk,
        sid=sid,
        number=numbers_written(account, [shown]).get(shown),
        caller_id=shown,
        caller_name="",
        dialled=form.text("To").removeprefix(_PHONE),
        at=form.moment("Timestamp", otherwise=now) - seconds,
        call_type=OUTBOUND,
        original_call_id=about,
    )
    write_end(sid, form)
