"""What documents send by Sms, Message, Email and Fax, as gateways hand it over.

Source: design, RCML reference, section 7. The answer is JSON of `sid`, `status` and, where nothing
will be sent, `message`: always 200, because a gateway that repeats itself changes nothing.
"""

from __future__ import annotations

import logging
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from deskbell.accounts.models import Account
from deskbell.calls.queries import account_of
from deskbell.delivery import dispatches
from deskbell.delivery.models import DispatchKind
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput, NotAllowed, NotFound, Refused
from deskbell.foundation.sids import is_sid
from deskbell.platform.tenancy import account_scope

from .requests import Form, form_of, signed

log = logging.getLogger(__name__)
_PREFIXES: Final = {"sms": "SM", "message": "SM", "email": "EM", "fax": "FX"}


@signed("POST")
def message(request: HttpRequest) -> HttpResponse:
    """Queues a message of the call that the form names, or says in words why not; 404 for a call
    that is not known here. Writes a dispatch and its job, once for each `MessageSid`."""
    form = form_of(request)
    kind = form.text("Kind")
    if kind not in DispatchKind.values:
        raise InvalidInput(f"Kind takes sms, message, email or fax; not {kind[:32]!r}")
    sid = form.sid("MessageSid", _PREFIXES[kind])
    account_id = _account_of(form)
    with account_scope(account_id):
        account = Account.objects.get(pk=account_id)
        try:
            taken = dispatches.take(account=account, wanted=_wanted(form, sid), at=clock.now())
        except (InvalidInput, NotAllowed, Refused) as error:
            log.warning("%s of call %s is not sent: %s", kind, form.text("CallSid"), error)
            return JsonResponse({"sid": sid, "status": "failed", "message": str(error)})
    status = taken.state if taken.state != "sending" else "queued"
    return JsonResponse({"sid": sid, "status": status})


def _account_of(form: Form) -> int:
    """Whose call it is; a call out is its parent's. Raises NotFound, InvalidInput."""
    sid = form.sid("CallSid", "CA")
    try:
        return account_of(sid)
    except NotFound:
        parent = form.text("ParentCallSid")
        if not is_sid(parent, "CA"):
            raise
        return account_of(parent)


def _wanted(form: Form, sid: str) -> dispatches.Wanted:
    kind = form.text("Kind")
    return dispatches.Wanted(
        sid=sid,
        call_sid=form.text("CallSid"),
        kind=kind,
        sender=form.text("MessageFrom"),
        to=form.text("MessageTo"),
        cc=form.text("Cc"),
        bcc=form.text("Bcc"),
        subject=form.text("Subject"),
        body=form.text("MediaUrl") if kind == DispatchKind.FAX else form.get("Body", ""),
    )
