"""Menus: what callers hear, and where the keys lead. Source: seed 002, "Menu"."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.text import checked_text

from ..models import Announcement, Menu, System
from .changed import system_changed
from .held import hold_menu, hold_system, save_new
from .targets import check_announcement, check_limits, checked_action, checked_keys
from .uses import check_menu_unused

MAX_NAME = 200
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


class MenuFields(TypedDict, total=False):
    """What can be set on a menu; `keys` and actions as seed 002 writes them."""

    name: str
    color_code: str
    announcement: Announcement | None
    ringback_tone: Announcement | None
    keys: list[dict[str, Any]] | None
    timeout_seconds: int | None
    timeout_max_occurance: int | None
    timeout_action: dict[str, Any] | None


def add_menu(
    *, system: System, at: datetime, by: str = "", sid: str = "", **fields: Unpack[MenuFields]
) -> Menu:
    """A new menu of a system.

    Raises InvalidInput for a value that cannot be, SystemNotFound, AnnouncementNotFound,
    MenuNotFound: menus that lead to each other are made first and given their keys then.
    """
    menu = Menu(
        account_id=system.account_id, system=system, created_by=by, created_at=at, updated_at=at
    )
    with transaction.atomic():
        hold_system(system)
        _set(menu, fields)
        save_new(menu, sid=sid, prefix="MN")
        system_changed(system, at=at)
    return menu


def edit_menu(*, menu: Menu, at: datetime, **fields: Unpack[MenuFields]) -> Menu:
    """Changes the given fields and leaves the others; `menu` is brought up to date.

    None clears a field, `""` a text. Raises as `add_menu` does.
    """
    with transaction.atomic():
        hold_menu(menu)
        _set(menu, fields)
        menu.updated_at = at
        menu.save(update_fields=[*fields, "updated_at"])
        system_changed(menu.system, at=at)
    return menu


def delete_menu(*, menu: Menu, at: datetime) -> None:
    """Takes a menu away that nothing leads to; `menu` keeps its values.

    Raises MenuScheduled, MenuLeadsHere, MenuHasAnnouncement, looked for in this order, and
    MenuNotFound. Source: seed 002, "Delete Menu"; 508 is ours.
    """
    with transaction.atomic():
        hold_menu(menu)
        check_menu_unused(menu, at=at)
        Menu.objects.filter(pk=menu.pk).delete()
        system_changed(menu.system, at=at)


def _set(menu: Menu, fields: MenuFields) -> None:
    check_limits(fields)
    for name, value in fields.items():
        if name in {"announcement", "ringback_tone"}:
            check_announcement(fields.get(name), menu.account_id)  # type: ignore[arg-type]
        setattr(menu, name, value)
    if "keys" in fields:
        menu.keys = checked_keys(fields["keys"] or [], menu.system)
    if "timeout_action" in fields:
        menu.timeout_action = checked_action(
            fields["timeout_action"], "timeout_action", menu.system
        )
    checked_text(menu.name, field="name", most=MAX_NAME, needed=True)
    if menu.color_code and not _COLOUR.fullmatch(menu.color_code):
        raise InvalidInput(
            f"color_code takes a colour as #e56052; not {menu.color_code!r}", field="color_code"
        )
