"""Enterprises: what the rest of Deskbell calls accounts.

The seed names them everywhere and documents nothing of them; the operator opens them.
Source: design, attendant API, "Enterprise".
"""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from ninja import Field, Query, Router
from pydantic import ConfigDict

from deskbell.accounts.actions import open_account
from deskbell.accounts.models import Account
from deskbell.foundation import clock

from .answers import BODY, QUERY, answer_of, declared, shown
from .auth import ANY_ROLE, OPERATOR, CallerRequest
from .fields import Body, Needed, Shown, Text, Written, written_instant
from .lists import Listing, listed, page_of
from .records import BASE

router = Router(tags=["Enterprises"])
SORTS: Final = {"name": "name", "dateCreated": "created_at"}


class NewEnterprise(Body):
    """An enterprise to open."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"name": "Acme Dental", "number": "W0411", "timezoneId": "America/New_York"}
        }
    )

    name: Needed
    number: Needed = Field(description="As on the bill, up to 16 characters; in use once.")
    client_id: Text | None = None
    timezone_id: Text | None = Field(None, description="An IANA time zone; UTC without one.")


class EnterpriseRecord(Shown):
    """An enterprise."""

    sid: str
    date_created: Written
    uri: str
    name: str
    number: str = Field(description="As on the bill.")
    client_id: str | None = None
    timezone_id: str


class EnterpriseFilters(Listing):
    """Which enterprises to list; those that meet all that is given."""

    name: Text = Field("", description="With this in their name.")


@router.post(
    "/enterprise",
    auth=OPERATOR,
    summary="Create an enterprise",
    **declared(answer_of(EnterpriseRecord), *BODY),
)
def create_enterprise(request: CallerRequest, body: NewEnterprise) -> HttpResponse:  # noqa: ARG001 ninja passes it
    """Opens an enterprise. For the operator."""
    account = open_account(
        number=body.number,
        name=body.name,
        time_zone=body.timezone_id or "UTC",
        client_id=body.client_id or "",
        at=clock.now(),
    )
    return shown(_shown(account))


@router.get(
    "/enterprise/search",
    auth=ANY_ROLE,
    summary="List enterprises",
    **declared(page_of(EnterpriseRecord), *QUERY, 467),
)
def list_enterprises(request: CallerRequest, filters: Query[EnterpriseFilters]) -> HttpResponse:
    """The enterprises that the caller reaches. Sorts by name, dateCreated."""
    wanted = request.auth.narrowed(filters.enterprise_sid, "pk") & filters.made_between()
    rows = Account.objects.filter(wanted, name__icontains=filters.name)
    return listed(request, filters.ordered(rows, SORTS), filters, _shown)


@router.get(
    "/enterprise/search/{sid}",
    auth=ANY_ROLE,
    summary="Get a single enterprise",
    **declared(answer_of(EnterpriseRecord), 467),
)
def get_enterprise(request: CallerRequest, sid: str) -> HttpResponse:
    """One enterprise."""
    return shown(_shown(request.auth.account(sid.strip())))


def _shown(account: Account) -> EnterpriseRecord:
    return EnterpriseRecord(
        sid=account.sid,
        date_created=written_instant(account.created_at),
        uri=f"{BASE}/enterprise/search/{account.sid}",
        name=account.name,
        number=account.number,
        client_id=account.client_id or None,
        timezone_id=account.time_zone,
    )
