"""Phone numbers: attendant numbers and extensions. Source: seed 002, "Phone Number"."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from ninja import Field, Query, Router
from pydantic import ConfigDict

from deskbell.accounts import actions as accounts
from deskbell.accounts.errors import NumberNotFound
from deskbell.accounts.models import PhoneNumber
from deskbell.accounts.rules import Right
from deskbell.attendant import actions as attendant
from deskbell.attendant.errors import SystemNotFound
from deskbell.attendant.models import System, SystemNumber
from deskbell.foundation import clock
from deskbell.platform.tenancy import account_scope, system_scope

from .answers import BODY, QUERY, answer_of, declared, shown
from .auth import ANY_ROLE, OPERATOR, CallerRequest
from .callers import ATTENDANT, Caller, rows_of
from .fields import Body, Needed, Sid, Switch, Text
from .lists import Listing, listed, page_of
from .records import Record, first_fields

router = Router(tags=["Phone numbers"])
SORTS: Final = {"phoneNumber": "number", "dateCreated": "created_at"}
CANNOT: Final = (467, 490, 491, 510, 512)
_OF_EXTENSIONS: Final = {
    "is_extension": "is_extension",
    "extension": "extension",
    "extension_spoken_name": "spoken_name",
}


class NumberFields(Body):
    """What can be set on a phone number."""

    is_extension: Switch | None = Field(
        None, description="Whether it is an extension; else callers reach a system by it."
    )
    extension: Text | None = Field(None, description="Its extension number, 1 to 12 digits.")
    extension_spoken_name: Text | None = Field(None, description="Whose extension it is, as said.")
    auto_attendant_sid: Sid | None = Field(
        None, description="The system it leads to; null: none. An extension is included there."
    )
    enterprise_sid: Sid | None = Field(None, description="Whose it is.")

    def of_extensions(self) -> dict[str, Any]:
        """What was sent of what makes an extension, by the rooms' names."""
        empty = {"is_extension": False}
        return {
            _OF_EXTENSIONS[name]: empty.get(name, "") if value is None else value
            for name, value in self.given().items()
            if name in _OF_EXTENSIONS
        }


class NewNumber(NumberFields):
    """A phone number to add."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "number": "+12125550142",
                "enterpriseSid": "EN838bcdf35f9d421fad3ab516195b873b",
            }
        }
    )

    number: Needed


class ChangedNumber(NumberFields):
    """What to change of a phone number."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"autoAttendantSid": "AA1dff3a6c89a34e12b4c31eb177e82e3f"}}
    )


class NumberRecord(Record):
    """A phone number."""

    number: str
    is_extension: bool
    extension: str | None = None
    extension_spoken_name: str | None = None
    auto_attendant_sid: str | None = Field(
        default=None, description="The system that an attendant number leads to."
    )
    enterprise_sid: str


@router.post(
    "/phonenumber",
    auth=OPERATOR,
    summary="Create a phone number",
    **declared(answer_of(NumberRecord), *BODY, *CANNOT),
)
def create_number(request: CallerRequest, body: NewNumber) -> HttpResponse:
    """Gives an enterprise a number. For the operator."""
    caller, at = request.auth, clock.now()
    account = caller.chosen(body.enterprise_sid, ATTENDANT)
    with account_scope(account.pk), transaction.atomic():
        made = accounts.add_number(
            account=account,
            number=body.number,
            at=at,
            by=caller.user.email,
            **{"is_extension": None} | body.of_extensions(),
        )
        _assign(made, body.auto_attendant_sid, at)
        return shown(_shown(_rows().get(pk=made.pk)))


@router.get(
    "/phonenumber/search",
    auth=ANY_ROLE,
    summary="List phone numbers",
    **declared(page_of(NumberRecord), *QUERY, 467),
)
def list_numbers(request: CallerRequest, filters: Query[Listing]) -> HttpResponse:
    """The numbers of an enterprise, or of all that the caller reaches.

    Sorts by phoneNumber, dateCreated.
    """
    wanted = request.auth.narrowed(filters.enterprise_sid) & filters.made_between()
    with system_scope("a caller may reach several accounts"):
        rows = filters.ordered(_rows().filter(wanted), SORTS)
        return listed(request, rows, filters, _shown)


@router.get(
    "/phonenumber/search/{sid}",
    auth=ANY_ROLE,
    summary="Get a single phone number",
    **declared(answer_of(NumberRecord), 491),
)
def get_number(request: CallerRequest, sid: str) -> HttpResponse:
    """One phone number."""
    with request.auth.opened(PhoneNumber, sid, NumberNotFound) as found:
        return shown(_shown(_rows().get(pk=found.pk)))


@router.put(
    "/phonenumber/{sid}",
    auth=ANY_ROLE,
    summary="Update a phone number",
    **declared(answer_of(NumberRecord), *BODY, *CANNOT),
)
def change_number(request: CallerRequest, sid: str, body: ChangedNumber) -> HttpResponse:
    """Changes what is sent. What makes or changes an extension: for BG_ADMIN."""
    caller, at = request.auth, clock.now()
    with (
        caller.opened(PhoneNumber, sid, NumberNotFound, enterprise=body.enterprise_sid) as found,
        transaction.atomic(),
    ):
        _check_extension(caller, found, body)
        fields = body.of_extensions()
        if fields:
            accounts.edit_number(number=found, at=at, **fields)
        if "auto_attendant_sid" in body.model_fields_set:
            _assign(found, body.auto_attendant_sid, at)
        return shown(_shown(_rows().get(pk=found.pk)))


@router.delete(
    "/phonenumber/{sid}",
    auth=OPERATOR,
    summary="Delete a phone number",
    **declared(answer_of(NumberRecord), 491),
)
def delete_number(request: CallerRequest, sid: str) -> HttpResponse:
    """Takes a number from its enterprise, and shows it once more. For the operator."""
    with request.auth.opened(PhoneNumber, sid, NumberNotFound) as found:
        record = _shown(_rows().get(pk=found.pk))
        accounts.remove_number(number=found, at=clock.now())
        return shown(record)


def _check_extension(caller: Caller, number: PhoneNumber, body: NumberFields) -> None:
    """Raises NotAllowed where an AA_ADMIN changes something about an extension."""
    now = {
        "is_extension": number.is_extension,
        "extension": number.extension,
        "spoken_name": number.extension_spoken_name,
    }
    changes = any(now[name] != value for name, value in body.of_extensions().items())
    moves = number.is_extension and "auto_attendant_sid" in body.model_fields_set
    if changes or moves:
        caller.check(Right.EXTENSIONS, number.account_id)


def _assign(number: PhoneNumber, sid: str | None, at: datetime) -> None:
    """Has a number lead to a system, taken from another if need be, or to none.

    Raises SystemNotFound. Source: seed 002, "Update Phone numbers", whose example moves one.
    """
    if sid:
        system = System.objects.filter(sid=sid).first()
        if system is None:
            raise SystemNotFound("There is no such system in this enterprise", sid=sid)
        attendant.assign_number(system=system, phone_number=number, at=at, moves=True)
        return
    for system in System.objects.filter(numbers__phone_number=number):
        attendant.unassign_number(system=system, phone_number=number, at=at)


def _rows() -> QuerySet[PhoneNumber]:
    leads = SystemNumber.objects.filter(is_extension=False).select_related("system")
    return rows_of(PhoneNumber).prefetch_related(Prefetch("systems", leads))


def _shown(number: PhoneNumber) -> NumberRecord:
    lead = next(iter(number.systems.all()), None)
    return NumberRecord(
        **first_fields(number, "phonenumber"),
        number=number.number,
        is_extension=number.is_extension,
        extension=number.extension or None,
        extension_spoken_name=number.extension_spoken_name or None,
        auto_attendant_sid=lead.system.sid if lead else None,
        enterprise_sid=number.account.sid,
    )
