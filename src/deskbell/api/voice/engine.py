"""What other engines call that run a document of the RCML API: any RCML or TwiML engine may.

Its first request tells us of the call; where the caller stands is in the URL, which we signed.
Source: seed 002, "RCML API"; design, attendant API, "RCML".
"""

from __future__ import annotations

import hmac
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt

from deskbell.accounts.models import PhoneNumber
from deskbell.attendant import actions as attendant
from deskbell.attendant.queries import system_for
from deskbell.attendant.rules import CallState, Phase
from deskbell.attendant.ways import Way
from deskbell.calls import actions as calls
from deskbell.foundation import clock
from deskbell.foundation.errors import NotAllowed, NotFound
from deskbell.foundation.signing import sign
from deskbell.platform.tenancy import account_scope

from ..errors import with_errors
from .carriers import made_sid
from .hosted import call_id_of, fetch_what_was_recorded, recording_id_of
from .requests import Form, check_size
from .steps import document, event_of, whole


@csrf_exempt
@with_errors
def rcml(request: HttpRequest) -> HttpResponse:
    """The document after one of the RCML API: by GET or POST, with RCML's parameters.

    403 for a URL that we did not sign. Writes the call at its first request, and every step.
    """
    if request.method not in {"GET", "POST"}:
        return HttpResponse(status=405, headers={"Allow": "GET, POST"})
    check_size(request)
    form = Form(request.GET.dict() | request.POST.dict())
    _keep_what_is_signed(request)
    account_id, step, at = whole(request, "Account"), whole(request, "n"), clock.now()
    whose = f"{Way.ENGINE}:{account_id}"  # an engine's ids are its own: they name no call of others
    sid, told = made_sid("CA", whose, call_id_of(form)), recording_id_of(form)
    recording = made_sid("RE", whose, told) if told else ""
    event = event_of(request, form, recording_sid=recording)
    with account_scope(account_id), transaction.atomic():
        _join(request, form, sid, step)
        xml = attendant.go_on(call_sid=sid, step=step, event=event, at=at)
        fetch_what_was_recorded(event, form, account_id=account_id, call_sid=sid, way=Way.ENGINE)
    return document(xml)


def _keep_what_is_signed(request: HttpRequest) -> None:
    """Leaves of the query what we wrote: all before the Signature, whatever was added behind.

    What an engine adds must not say whose call it is. Raises NotAllowed where we did not sign.
    """
    environment = settings.ENVIRONMENT
    path, _, rest = request.get_full_path().partition("&Signature=")
    given = dict(parse_qsl("Signature=" + rest)).get("Signature", "")
    wanted = sign(environment.secrets.voice, environment.public_url + path)
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        raise NotAllowed("The URL is not signed by us; take it from a document as it is")
    request.GET = QueryDict(path.partition("?")[2])


def _join(request: HttpRequest, form: Form, sid: str, step: int) -> None:
    """Makes the call and its place, where this is the first that we hear of it."""
    number = PhoneNumber.objects.filter(sid=request.GET.get("Number", "")).first()
    system = system_for(number) if number else None
    if number is None or system is None:
        raise NotFound("The number of this document leads nowhere any more")
    at = clock.now()
    call = calls.begin(
        account_id=number.account_id,
        sid=sid,
        number=number,
        caller_id=form.text("From"),
        caller_name=form.text("CallerName"),
        dialled=form.text("To") or number.number,
        at=at,
    )
    menus = [request.GET.get(name, "") for name in ("PreviousMenuSid", "MenuSid")]
    path = tuple(dict.fromkeys(menu for menu in menus if menu))
    attendant.join(
        system=system, call=call, state=CallState(step=step, phase=Phase.MENU, path=path)
    )
