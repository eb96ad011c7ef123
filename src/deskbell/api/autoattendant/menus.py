"""Menus. Source: seed 002, "Menu"; design, attendant API, "Menu"."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q
from django.http import HttpResponse
from ninja import Field, Query, Router
from pydantic import ConfigDict

from deskbell.attendant import actions
from deskbell.attendant.errors import AnnouncementNotFound, MenuNotFound, SystemNotFound
from deskbell.attendant.models import Announcement, Menu, System
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import account_scope, system_scope

from .answers import BODY, QUERY, answer_of, declared, shown
from .auth import ANY_ROLE, CallerRequest
from .callers import ATTENDANT, rows_of
from .fields import Body, Needed, NeededSid, Sid, Text, Whole
from .lists import Listing, listed, page_of
from .records import Record, first_fields
from .steps import ActionGiven, ActionShown, KeyGiven, KeyShown, action_shown

router = Router(tags=["Menus"])
SORTS: Final = {"name": "name", "dateCreated": "created_at"}
CANNOT: Final = (467, 490, 500, 502)
_ANNOUNCEMENTS: Final = {"announcement_sid": "announcement", "ringback_tone_sid": "ringback_tone"}
_EXAMPLE: Final[dict[str, Any]] = {
    "name": "weekendmenu",
    "autoAttendantSid": "AAa95f0d7ea0ce4863b2935523074bf466",
    "enterpriseSid": "EN838bcdf35f9d421fad3ab516195b873b",
    "timeoutSeconds": 5,
    "timeoutAction": {"actionType": "REPLAY_MENU"},
    "keys": [{"menuKey": "1", "menuAction": {"actionType": "VOICEMAIL"}}],
}


class MenuFields(Body):
    """What can be set on a menu."""

    keys: list[KeyGiven] | None = Field(None, description="What each key does, each key once.")
    color_code: Text | None = Field(None, description="As #e56052.")
    announcement_sid: Sid | None = Field(None, description="What callers hear first.")
    timeout_seconds: Whole | None = Field(
        None, description="How long to wait for a key, 1 to 120; left out, the system's."
    )
    timeout_max_occurance: Whole | None = Field(
        None, description="At which timeout timeoutAction runs, 1 to 100; left out, the system's."
    )
    timeout_action: ActionGiven | None = Field(None, description="Left out, the system's.")
    ringback_tone_sid: Sid | None = Field(
        None, description="The announcement that callers hear while a transfer rings."
    )

    def own(self) -> dict[str, Any]:
        """What was sent of the menu's own fields, as the rooms below take them."""
        mine = {"name", "color_code", "timeout_seconds", "timeout_max_occurance"}
        given = {name: value for name, value in self.given().items() if name in mine}
        if "color_code" in given:
            given["color_code"] = given["color_code"] or ""
        if "keys" in self.model_fields_set:
            given["keys"] = [
                {"menuKey": key.menu_key, "menuAction": key.menu_action.written()}
                for key in self.keys or []
            ]
        if "timeout_action" in self.model_fields_set:
            given["timeout_action"] = self.timeout_action.written() if self.timeout_action else {}
        return given


class NewMenu(MenuFields):
    """A menu to add."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    name: Needed
    auto_attendant_sid: NeededSid
    enterprise_sid: NeededSid


class ChangedMenu(MenuFields):
    """What to change of a menu."""

    model_config = ConfigDict(json_schema_extra={"example": {"announcementSid": None}})

    name: Needed = ""
    auto_attendant_sid: Sid | None = Field(None, description="Its own system; it cannot move.")
    enterprise_sid: Sid | None = Field(None, description="Its own enterprise.")


class MenuRecord(Record):
    """What a caller hears and which keys lead where."""

    name: str
    auto_attendant_sid: str
    enterprise_sid: str
    color_code: str | None = None
    keys: list[KeyShown]
    timeout_seconds: int | None = None
    timeout_max_occurance: int | None = None
    timeout_action: ActionShown | None = None
    announcement_sid: str | None = None
    ringback_tone_sid: str | None


class MenuFilters(Listing):
    """Which menus to list; those that meet all that is given."""

    name: Text = Field("", description="With this in their name.")
    auto_attendant_sid: Sid | None = Field(None, description="Of this system.")


@router.post(
    "/menu",
    auth=ANY_ROLE,
    summary="Create a menu",
    **declared(answer_of(MenuRecord), *BODY, *CANNOT),
)
def create_menu(request: CallerRequest, body: NewMenu) -> HttpResponse:
    """Adds a menu to a system. Menus that lead to each other are made first, then given keys."""
    caller = request.auth
    account = caller.chosen(body.enterprise_sid, ATTENDANT)
    with account_scope(account.pk):
        system = _system(body.auto_attendant_sid)
        made = actions.add_menu(
            system=system, at=clock.now(), by=caller.user.email, **body.own(), **_sounds(body)
        )
        return shown(_shown(made))


@router.get(
    "/menu/search",
    auth=ANY_ROLE,
    summary="List menus",
    **declared(page_of(MenuRecord), *QUERY, 467),
)
def list_menus(request: CallerRequest, filters: Query[MenuFilters]) -> HttpResponse:
    """The menus of a system, an enterprise, or all that the caller reaches.

    Sorts by name, dateCreated.
    """
    wanted = request.auth.narrowed(filters.enterprise_sid) & filters.made_between()
    if filters.auto_attendant_sid:
        wanted &= Q(system__sid=filters.auto_attendant_sid)
    with system_scope("a caller may reach several accounts"):
        rows = rows_of(Menu).select_related("system", "announcement", "ringback_tone")
        found = rows.filter(wanted, name__icontains=filters.name)
        return listed(request, filters.ordered(found, SORTS), filters, _shown)


@router.get(
    "/menu/search/{sid}",
    auth=ANY_ROLE,
    summary="Get a single menu",
    **declared(answer_of(MenuRecord), 502),
)
def get_menu(request: CallerRequest, sid: str) -> HttpResponse:
    """One menu."""
    with request.auth.opened(Menu, sid, MenuNotFound) as found:
        return shown(_shown(found))


@router.put(
    "/menu/{sid}",
    auth=ANY_ROLE,
    summary="Update a menu",
    **declared(answer_of(MenuRecord), *BODY, *CANNOT),
)
def change_menu(request: CallerRequest, sid: str, body: ChangedMenu) -> HttpResponse:
    """Changes what is sent; null clears a field, `keys` are replaced whole."""
    with request.auth.opened(Menu, sid, MenuNotFound, enterprise=body.enterprise_sid) as found:
        if body.auto_attendant_sid:
            _check_stays(found, _system(body.auto_attendant_sid))
        changed = actions.edit_menu(menu=found, at=clock.now(), **body.own(), **_sounds(body))
        return shown(_shown(changed))


@router.delete(
    "/menu/{sid}",
    auth=ANY_ROLE,
    summary="Delete a menu",
    **declared(answer_of(MenuRecord), 502, 506, 508, 509),
)
def delete_menu(request: CallerRequest, sid: str) -> HttpResponse:
    """Takes a menu away that nothing leads to, and shows it once more."""
    with request.auth.opened(Menu, sid, MenuNotFound) as found:
        record = _shown(found)
        actions.delete_menu(menu=found, at=clock.now())
        return shown(record)


def _system(sid: str) -> System:
    """A system of the scope's account. Raises SystemNotFound."""
    found = rows_of(System).filter(sid=sid).first()
    if found is None:
        raise SystemNotFound("There is no such system in this enterprise", sid=sid)
    return found


def _check_stays(menu: Menu, system: System) -> None:
    if menu.system_id != system.pk:
        raise InvalidInput(
            "A menu stays in its system; make another one there", field="autoAttendantSid"
        )


def _sounds(body: MenuFields) -> dict[str, Any]:
    """The announcements that were sent, by the rooms' names. Raises AnnouncementNotFound."""
    return {
        field: announcement_of(getattr(body, name))
        for name, field in _ANNOUNCEMENTS.items()
        if name in body.model_fields_set
    }


def announcement_of(sid: str | None) -> Announcement | None:
    """An announcement of the scope's account, None for none. Raises AnnouncementNotFound."""
    if not sid:
        return None
    found = Announcement.objects.filter(sid=sid).first()
    if found is None:
        raise AnnouncementNotFound("There is no such announcement in this enterprise", sid=sid)
    return found


def _shown(menu: Menu) -> MenuRecord:
    return MenuRecord(
        **first_fields(menu, "menu"),
        name=menu.name,
        auto_attendant_sid=menu.system.sid,
        enterprise_sid=menu.account.sid,
        color_code=menu.color_code or None,
        keys=[
            KeyShown(menu_key=str(key["menuKey"]), menu_action=action_shown(key["menuAction"]))
            for key in menu.keys
        ],
        timeout_seconds=menu.timeout_seconds,
        timeout_max_occurance=menu.timeout_max_occurance,
        timeout_action=action_shown(menu.timeout_action) if menu.timeout_action else None,
        announcement_sid=menu.announcement.sid if menu.announcement else None,
        ringback_tone_sid=menu.ringback_tone.sid if menu.ringback_tone else None,
    )
