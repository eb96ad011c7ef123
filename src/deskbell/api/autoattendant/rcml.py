"""The RCML that a call to a number would be answered with. Source: seed 002, "RCML API"."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from ninja import Field, Query, Router

from deskbell.accounts.errors import NumberNotFound
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.accounts.queries import number_for, numbers_written
from deskbell.attendant.errors import NoScheduleEntry, SystemNotFound
from deskbell.attendant.queries import document_at
from deskbell.foundation import clock
from deskbell.foundation.errors import DeskbellError
from deskbell.platform.tenancy import account_scope, system_scope

from .answers import answer_of, declared, shown
from .auth import ADMIN, CallerRequest
from .callers import ENTERPRISE_ADMIN, Caller
from .codes import code_of
from .fields import Asked, Instant, Shown, Written, written_instant
from .records import BASE

router = Router(tags=["Third-party integration"])
FAILURES: Final = (NumberNotFound, SystemNotFound, NoScheduleEntry)


class RcmlRecord(Shown):
    """What a call to a number would be answered with."""

    rcml: str = Field(description="A document for any engine that runs RCML; its URLs are signed.")
    enterprise_sid: str
    auto_attendant_sid: str
    menu_sid: str
    as_of: Written
    timezone_id: str
    uri: str
    url: str = Field(description="The same, absolute.")


class AsOf(Asked):
    """When the call would come."""

    as_of: Instant | None = Field(None, description="At this instant; left out, now.")


@router.get(
    "/rcml/search/{phone_number}",
    auth=ADMIN,
    summary="Get the RCML for a phone number",
    **declared(answer_of(RcmlRecord), 400, 454, 490, 491, 498),
)
def get_rcml(request: CallerRequest, phone_number: str, when: Query[AsOf]) -> HttpResponse:
    """The first document for a caller of a number. For BG_ADMIN."""
    at = when.as_of or clock.now()
    try:
        number = _number(request.auth, phone_number)
        with account_scope(number.account_id):
            found = document_at(number, at)
    except FAILURES as error:
        return _refused(error, phone_number)
    uri = f"{BASE}/rcml/search/{phone_number}"
    return shown(
        RcmlRecord(
            rcml=found.rcml,
            enterprise_sid=number.account.sid,
            auto_attendant_sid=found.system.sid,
            menu_sid=found.menu_sid,
            as_of=written_instant(found.at),
            timezone_id=found.system.time_zone or "UTC",
            uri=uri,
            url=f"{settings.ENVIRONMENT.public_url.rstrip('/')}{uri}",
        )
    )


def _number(caller: Caller, written: str) -> PhoneNumber:
    """The number that is meant, with or without its country's code.

    Raises NumberNotFound, also for one out of reach.
    """
    with system_scope("a number finds its own account"):
        found = number_for(written)
        if found is not None and caller.may(ENTERPRISE_ADMIN, found.account_id):
            return found
        for account in Account.objects.filter(pk__in=caller.rights):
            own = numbers_written(account, [written]).get(written)
            if own is not None and caller.may(ENTERPRISE_ADMIN, account.pk):
                return own
    raise NumberNotFound("There is no such number")


def _refused(error: DeskbellError, number: str) -> JsonResponse:
    """The failure as this page of the seed has it: `code`, and the number as data."""
    code = code_of(error)
    content = {"code": str(code.number), "message": code.message, "data": number}
    return JsonResponse(content, status=HTTPStatus(code.status))
