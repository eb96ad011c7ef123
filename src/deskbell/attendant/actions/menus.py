"""Menus: what callers hear, and where the keys lead."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction

from deskbell.foundation.errors import InvalidInput

from ..models import Announcement, Menu, System
from .changed import system_changed
from .targets import (
    MAX_OCCURANCE,
    MAX_TIMEOUT_SECONDS,
    check_action,
    check_announcement,
    check_keys,
    check_number,
)


class MenuFields(TypedDict, total=False):
    """What can be set on a menu; `keys` and actions as seed 002 writes them."""

    name: str
    color_code: str
    announcement: Announcement | None
    ringback_tone: Announcement | None
    keys: list[dict[str, Any]]
    timeout_seconds: int | None
    timeout_max_occurance: int | None
    timeout_action: dict[str, Any]


def add_menu(*, system: System, at: datetime, by: str = "", **fields: Unpack[MenuFields]) -> Menu:
    """A new menu of a system.

    Raises InvalidInput for a value that cannot be, AnnouncementNotFound, MenuNotFound: menus that
    lead to each other are made first and given their keys then.
    """
    menu = Menu(
        account_id=system.account_id, system=system, created_by=by, created_at=at, updated_at=at
    )
    _set(menu, fields)
    if not menu.name.strip():
        raise InvalidInput("A menu needs a name", field="name")
    with transaction.atomic():
        menu.save()
        system_changed(system, at=at)
    return menu


def edit_menu(*, menu: Menu, at: datetime, **fields: Unpack[MenuFields]) -> Menu:
    """Changes the given fields and leaves the others. Raises as `add_menu` does."""
    with transaction.atomic():
        _set(menu, fields)
        menu.updated_at = at
        menu.save()
        system_changed(menu.system, at=at)
    return menu


def _set(menu: Menu, fields: MenuFields) -> None:
    check_announcement(fields.get("announcement"), menu.account_id)
    check_announcement(fields.get("ringback_tone"), menu.account_id)
    check_number(fields.get("timeout_seconds"), "timeout_seconds", MAX_TIMEOUT_SECONDS)
    check_number(fields.get("timeout_max_occurance"), "timeout_max_occurance", MAX_OCCURANCE)
    check_keys(fields.get("keys", []), menu.system)
    check_action(fields.get("timeout_action"), "timeout_action", menu.system)
    for name, value in fields.items():
        setattr(menu, name, value)
