"""The page's telephone: the browser makes the offer, the gateway answers, we stand between them.

So no browser needs to reach the gateway's HTTP, and the sign-in decides who may call.
"""

from __future__ import annotations

import json
import logging
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from deskbell.accounts.models import PhoneNumber
from deskbell.attendant.rules.edits import find_system
from deskbell.attendant.rules.plans import Plan, SystemPlan
from deskbell.foundation.errors import InvalidInput, Refused, Unreachable
from deskbell.foundation.numbers import for_people
from deskbell.lines.rules import gateway_sid
from deskbell.voice.client import call_from_page

from ...security import PERMISSIONS
from ...tenancy import PortalRequest
from ..frame import attendant_page, planned_of, render_page

log = logging.getLogger(__name__)
MOST_BYTES: Final = 64 * 1024


@require_http_methods(["GET", "POST"])
@attendant_page
def test_call(request: PortalRequest) -> HttpResponse:
    """The page with the telephone; POST takes a number and an offer, and gives the answer."""
    if request.method == "POST":
        return _call(request)
    plan = planned_of(request).live
    system = _chosen(plan, request.GET.get("system", ""))
    context = {
        "system": system,
        "systems": [each for each in plan.systems if each.numbers],
        "keys": "123456789*0#",
    }
    response = render_page(request, "portal/attendant/test_call/test_call.html", context)
    response.headers["Permissions-Policy"] = PERMISSIONS.replace(
        "microphone=()", "microphone=(self)"
    )
    return response


def _chosen(plan: Plan, sid: str) -> SystemPlan | None:
    if sid:
        return find_system(plan, sid)
    return next((each for each in plan.systems if each.numbers), None)


def _call(request: PortalRequest) -> HttpResponse:
    try:
        number, offer = _asked(request)
        answer = call_from_page(
            settings.ENVIRONMENT.voice_url,
            settings.ENVIRONMENT.secrets.voice,
            offer=offer,
            called=number,
            caller=f"client:{request.user.email}",
            caller_name=request.user.name,
            account=gateway_sid(request.account.sid),
        )
    except InvalidInput as error:
        return _refused(400, str(error))
    except Refused as error:
        log.warning("the gateway takes no call from a page: %s", error)
        return _refused(502, str(error))
    except Unreachable:
        return _refused(503, "The gateway cannot be reached now. Please try again in a minute.")
    return JsonResponse({"sdp": answer})


def _asked(request: PortalRequest) -> tuple[str, str]:
    """The number, which has to be the account's own, and the offer. Raises InvalidInput."""
    try:
        found = json.loads(_body(request))
    except ValueError as error:
        raise InvalidInput("The request is JSON") from error
    number = found.get("number") if isinstance(found, dict) else None
    offer = found.get("sdp") if isinstance(found, dict) else None
    if not isinstance(number, str) or not isinstance(offer, str):
        raise InvalidInput("The request has a number and an offer")
    if not PhoneNumber.objects.filter(number=number[:32]).exists():
        raise InvalidInput(f"{for_people(number[:32])} is not a number of this account")
    return number, offer


def _body(request: HttpRequest) -> bytes:
    if len(request.body) > MOST_BYTES:
        raise InvalidInput("The request is too long")
    return request.body


def _refused(status: int, words: str) -> JsonResponse:
    return JsonResponse({"error": words}, status=status)
