"""Systems. Source: seed 002, "Auto Attendant System", which only names creating and deleting;
design, attendant API, "System"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from ninja import Field, Query, Router
from pydantic import AliasChoices, ConfigDict

from deskbell.accounts.errors import NumberNotFound
from deskbell.accounts.models import PhoneNumber
from deskbell.accounts.queries import numbers_written
from deskbell.accounts.rules import Right
from deskbell.attendant import actions
from deskbell.attendant.errors import SystemNotFound
from deskbell.attendant.models import System, SystemNumber, SystemStatus
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope, system_scope

from .answers import BODY, QUERY, answer_of, declared, shown
from .auth import ANY_ROLE, CallerRequest
from .callers import ATTENDANT, Caller, rows_of
from .fields import Body, Needed, Sid, Switch, Text, Whole, words
from .lists import Listing, listed, page_of
from .menus import announcement_of
from .records import Record, first_fields
from .steps import ActionGiven, ActionShown, action_shown

router = Router(tags=["Systems"])
SORTS: Final = {"name": "name", "dateCreated": "created_at"}
CANNOT: Final = (467, 490, 491, 493, 500, 502, 510)
MOST_NUMBERS: Final = 100_000
_PLAIN: Final = {
    "name",
    "description",
    "status",
    "timeout_seconds",
    "timeout_max_occurance",
    "invalid_input_max_occurance",
    "invalid_extension_max_occurance",
    "direct_dialling",
}
_ACTIONS: Final = (
    "timeout_action",
    "invalid_input_action",
    "invalid_extension_action",
    "no_answer_action",
)
_EMPTY: Final = {"description": "", "direct_dialling": False}


class SystemFields(Body):
    """What can be set on a system."""

    aa_numbers: list[Text] | None = Field(
        None,
        validation_alias=AliasChoices("aaNumbers", "numbers"),
        max_length=MOST_NUMBERS,
        description="The phone numbers that lead to it, and no others.",
    )
    extensions: list[Text] | None = Field(
        None,
        max_length=MOST_NUMBERS,
        description="The extensions it includes, by full number or extension number.",
    )
    description: Text | None = None
    status: Literal["ACTIVE", "SUSPENDED"] = "ACTIVE"
    timezone_id: Text | None = Field(None, description="An IANA time zone; UTC without one.")
    timeout_seconds: Whole | None = Field(
        None, description="How long to wait for a key, 1 to 120; 5 without."
    )
    timeout_max_occurance: Whole | None = Field(
        None, description="At which timeout timeoutAction runs, 1 to 100; 3 without."
    )
    timeout_action: ActionGiven | None = Field(None, description="Hangs up without.")
    invalid_input_max_occurance: Whole | None = Field(
        None, description="At which wrong key invalidInputAction runs, 1 to 100; 3 without."
    )
    invalid_input_action: ActionGiven | None = Field(None, description="Hangs up without.")
    invalid_extension_max_occurance: Whole | None = Field(
        None,
        description="At which wrong extension invalidExtensionAction runs, 1 to 100; 3 without.",
    )
    invalid_extension_action: ActionGiven | None = Field(None, description="Hangs up without.")
    no_answer_action: ActionGiven | None = Field(
        None, description="After a transfer that nobody took; back to the menu without."
    )
    direct_dialling: Switch | None = Field(
        None, description="Whether callers may enter an extension in any menu."
    )
    apology_sid: Sid | None = Field(
        None, description="The announcement for callers whom no menu answers."
    )
    voicemail_level: Whole | None = Field(
        None, ge=1, description="The escalation level that gets what callers leave."
    )
    enterprise_sid: Sid | None = Field(None, description="Whose it is.")

    def own(self) -> dict[str, Any]:
        """What was sent of the system's own fields, as the rooms below take them.

        Those that name other rows are looked up, in the account's scope. Raises
        AnnouncementNotFound, InvalidInput.
        """
        given = self.given()
        found = {
            name: _EMPTY.get(name) if value is None else value
            for name, value in given.items()
            if name in _PLAIN
        }
        for name in _ACTIONS:
            if name in given:
                found[name] = given[name].written() if given[name] else {}
        if "timezone_id" in given:
            found["time_zone"] = given["timezone_id"] or ""
        if "apology_sid" in given:
            found["apology"] = announcement_of(given["apology_sid"])
        if "voicemail_level" in given:
            found["voicemail_level"] = _level(given["voicemail_level"])
        return found


class NewSystem(SystemFields):
    """A system to add."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "Reception",
                "timezoneId": "America/New_York",
                "aaNumbers": ["+12125550142"],
            }
        }
    )

    name: Needed


class ChangedSystem(SystemFields):
    """What to change of a system."""

    model_config = ConfigDict(json_schema_extra={"example": {"name": "Sales"}})

    name: Needed = ""


class SystemRecord(Record):
    """An auto attendant."""

    name: str
    description: str | None = None
    status: Annotated[str, words(*SystemStatus.values)]
    aa_numbers: list[str]
    extensions: list[str]
    enterprise_sid: str
    timeout_seconds: int | None = None
    timeout_max_occurance: int | None = None
    timeout_action: ActionShown
    invalid_extension_max_occurance: int | None = None
    invalid_extension_action: ActionShown
    invalid_input_max_occurance: int | None = None
    invalid_input_action: ActionShown
    timezone_id: str | None = None
    no_answer_action: ActionShown | None = None
    direct_dialling: Literal[True] | None = None
    apology_sid: str | None = None
    voicemail_level: int | None


class SystemFilters(Listing):
    """Which systems to list; those that meet all that is given."""

    name: Text = Field("", description="With this in their name.")


@router.post(
    "/system",
    auth=ANY_ROLE,
    summary="Create a system",
    **declared(answer_of(SystemRecord), *BODY, *CANNOT),
)
def create_system(request: CallerRequest, body: NewSystem) -> HttpResponse:
    """Adds a system to an enterprise. Its extensions: for BG_ADMIN."""
    caller, at = request.auth, clock.now()
    account = caller.chosen(body.enterprise_sid, ATTENDANT)
    with account_scope(account.pk), transaction.atomic():
        made = actions.add_system(account=account, at=at, by=caller.user.email, **body.own())
        _set_numbers(caller, made, body, at)
        return shown(_shown(_rows().get(pk=made.pk)))


@router.get(
    "/system/search",
    auth=ANY_ROLE,
    summary="List systems",
    **declared(page_of(SystemRecord), *QUERY, 467),
)
def list_systems(request: CallerRequest, filters: Query[SystemFilters]) -> HttpResponse:
    """The systems of an enterprise, or of all that the caller reaches.

    Sorts by name, dateCreated.
    """
    wanted = request.auth.narrowed(filters.enterprise_sid) & filters.made_between()
    with system_scope("a caller may reach several accounts"):
        rows = _rows().filter(wanted, name__icontains=filters.name)
        return listed(request, filters.ordered(rows, SORTS), filters, _shown)


@router.get(
    "/system/search/{sid}",
    auth=ANY_ROLE,
    summary="Get a single system",
    **declared(answer_of(SystemRecord), 490),
)
def get_system(request: CallerRequest, sid: str) -> HttpResponse:
    """One system."""
    with request.auth.opened(System, sid, SystemNotFound) as found:
        return shown(_shown(_rows().get(pk=found.pk)))


@router.put(
    "/system/{sid}",
    auth=ANY_ROLE,
    summary="Update a system",
    **declared(answer_of(SystemRecord), *BODY, *CANNOT),
)
def change_system(request: CallerRequest, sid: str, body: ChangedSystem) -> HttpResponse:
    """Changes what is sent; null clears a field. Its extensions: for BG_ADMIN."""
    caller, at = request.auth, clock.now()
    with (
        caller.opened(System, sid, SystemNotFound, enterprise=body.enterprise_sid) as found,
        transaction.atomic(),
    ):
        actions.edit_system(system=found, at=at, **body.own())
        _set_numbers(caller, found, body, at)
        return shown(_shown(_rows().get(pk=found.pk)))


@router.delete(
    "/system/{sid}",
    auth=ANY_ROLE,
    summary="Delete a system",
    **declared(answer_of(SystemRecord), 490),
)
def delete_system(request: CallerRequest, sid: str) -> HttpResponse:
    """Takes a system away with its menus and schedules, and shows it once more."""
    with request.auth.opened(System, sid, SystemNotFound) as found:
        record = _shown(_rows().get(pk=found.pk))
        actions.delete_system(system=found, at=clock.now())
        return shown(record)


def _rows() -> QuerySet[System]:
    numbers = SystemNumber.objects.select_related("phone_number").order_by("pk")
    return rows_of(System).select_related("apology").prefetch_related(Prefetch("numbers", numbers))


def _set_numbers(caller: Caller, system: System, body: SystemFields, at: datetime) -> None:
    """Has the numbers and extensions that were sent, and no others, lead to the system."""
    if "aa_numbers" in body.model_fields_set:
        actions.set_numbers(system=system, numbers=_named(system, body.aa_numbers or []), at=at)
    if "extensions" in body.model_fields_set:
        extensions = _named(system, body.extensions or [])
        held = SystemNumber.objects.filter(system=system, is_extension=True)
        if {each.pk for each in extensions} != set(held.values_list("phone_number_id", flat=True)):
            caller.check(Right.EXTENSIONS, system.account_id)
        actions.set_extensions(system=system, extensions=extensions, at=at)


def _named(system: System, written: Sequence[str]) -> list[PhoneNumber]:
    """The account's numbers that were written. Raises NumberNotFound."""
    found = numbers_written(system.account, written)
    for each in written:
        if each not in found:
            raise NumberNotFound(f"There is no number {each[:100]} in this enterprise")
    return list(found.values())


def _level(pk: int | None) -> EscalationLevel | None:
    if pk is None:
        return None
    found = EscalationLevel.objects.filter(pk=pk).first()
    if found is None:
        raise InvalidInput(
            f"voicemailLevel takes an escalation level of this enterprise; not {pk}",
            field="voicemailLevel",
        )
    return found


def _shown(system: System) -> SystemRecord:
    numbers = list(system.numbers.all())
    return SystemRecord(
        **first_fields(system, "system"),
        name=system.name,
        description=system.description or None,
        status=system.status,
        aa_numbers=[each.phone_number.number for each in numbers if not each.is_extension],
        extensions=[each.phone_number.number for each in numbers if each.is_extension],
        enterprise_sid=system.account.sid,
        timeout_seconds=system.timeout_seconds,
        timeout_max_occurance=system.timeout_max_occurance,
        timeout_action=action_shown(system.timeout_action),
        invalid_extension_max_occurance=system.invalid_extension_max_occurance,
        invalid_extension_action=action_shown(system.invalid_extension_action),
        invalid_input_max_occurance=system.invalid_input_max_occurance,
        invalid_input_action=action_shown(system.invalid_input_action),
        timezone_id=system.time_zone or None,
        no_answer_action=action_shown(system.no_answer_action) if system.no_answer_action else None,
        direct_dialling=True if system.direct_dialling else None,
        apology_sid=system.apology.sid if system.apology else None,
        voicemail_level=system.voicemail_level_id,
    )
