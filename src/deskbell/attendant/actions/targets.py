"""Checks that what an action names is there, and belongs to whoever names it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from deskbell.foundation.errors import InvalidInput

from ..errors import AnnouncementNotFound, MenuNotFound
from ..models import Announcement, Menu, System
from ..rules import Action, read_action, read_keys

MAX_OCCURANCE = 100
MAX_TIMEOUT_SECONDS = 120


def check_targets(actions: Iterable[Action | None], system: System) -> None:
    """Raises AnnouncementNotFound or MenuNotFound for a sid that leads nowhere; two queries."""
    found = [action for action in actions if action is not None and action.data]
    wanted = {action.data for action in found if action.type.takes_announcement}
    there = Announcement.objects.filter(account_id=system.account_id, sid__in=wanted)
    for sid in wanted.difference(there.values_list("sid", flat=True) if wanted else ()):
        raise AnnouncementNotFound(f"There is no announcement {sid} in this account")
    wanted = {action.data for action in found if action.type.takes_menu}
    menus = Menu.objects.filter(system_id=system.pk, sid__in=wanted)
    for sid in wanted.difference(menus.values_list("sid", flat=True) if wanted else ()):
        raise MenuNotFound(f"There is no menu {sid} in this system")


def check_keys(keys: Any, system: System) -> None:
    """Raises InvalidInput, AnnouncementNotFound or MenuNotFound for a menu's keys."""
    if not isinstance(keys, list):
        raise InvalidInput("keys takes a list", field="keys")
    check_targets(read_keys(keys).values(), system)


def check_action(action: Any, field: str, system: System) -> None:
    """Raises InvalidInput, AnnouncementNotFound or MenuNotFound for one action."""
    check_targets([read_action(action, field=field)], system)


def check_number(value: int | None, field: str, most: int) -> None:
    """Raises InvalidInput for a limit outside 1 to `most`; None leaves it unset."""
    if value is not None and not 1 <= value <= most:
        raise InvalidInput(f"{field} takes 1 to {most}; not {value}", field=field)


def check_announcement(announcement: Announcement | None, account_id: int) -> None:
    """Raises AnnouncementNotFound for another account's."""
    if announcement is not None and announcement.account_id != account_id:
        raise AnnouncementNotFound(f"There is no announcement {announcement.sid} in this account")
