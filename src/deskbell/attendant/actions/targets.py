"""Checks that what an action names is there, and belongs to whoever names it.

They give what is to be kept: actions in the one form that `rules.write_action` writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deskbell.foundation.errors import InvalidInput
from deskbell.oncall.models import EscalationLevel

from ..errors import AnnouncementNotFound, MenuNotFound
from ..models import Announcement, Menu, System
from ..rules import Action, Takes, read_action, read_keys, write_action, write_keys

MAX_OCCURANCE = 100
MAX_TIMEOUT_SECONDS = 120


def checked_keys(keys: Any, system: System) -> list[dict[str, Any]]:
    """A menu's keys. Raises InvalidInput, AnnouncementNotFound or MenuNotFound."""
    if not isinstance(keys, list):
        raise InvalidInput("keys takes a list", field="keys")
    found = read_keys(keys)
    check_targets(found.values(), system)
    return write_keys(found)


def checked_action(action: Any, field: str, system: System) -> dict[str, str]:
    """One action, `{}` for none. Raises InvalidInput, AnnouncementNotFound or MenuNotFound."""
    found = read_action(action, field=field)
    check_targets([found], system)
    return write_action(found)


def check_targets(actions: Iterable[Action | None], system: System) -> None:
    """Raises AnnouncementNotFound, MenuNotFound or InvalidInput for data that leads nowhere.

    One query for each kind that is named.
    """
    wanted: dict[Takes, set[str]] = {}
    for action in actions:
        if action is not None and action.data:
            wanted.setdefault(action.type.takes, set()).add(action.data)
    _check_announcements(wanted.get(Takes.ANNOUNCEMENT, set()), system)
    _check_menus(wanted.get(Takes.MENU, set()), system)
    _check_levels(wanted.get(Takes.LEVEL, set()), system)


def _check_announcements(sids: set[str], system: System) -> None:
    rows = Announcement.objects.filter(account_id=system.account_id, sid__in=sids)
    for sid in sids.difference(rows.values_list("sid", flat=True) if sids else ()):
        raise AnnouncementNotFound(f"There is no announcement {sid} in this account", sid=sid)


def _check_menus(sids: set[str], system: System) -> None:
    rows = Menu.objects.filter(system_id=system.pk, sid__in=sids)
    for sid in sids.difference(rows.values_list("sid", flat=True) if sids else ()):
        raise MenuNotFound(f"There is no menu {sid} in this system", sid=sid)


def _check_levels(ids: set[str], system: System) -> None:
    wanted = {int(each) for each in ids}
    rows = EscalationLevel.objects.filter(account_id=system.account_id, pk__in=wanted)
    for missing in wanted.difference(rows.values_list("pk", flat=True) if wanted else ()):
        raise InvalidInput(
            f"There is no escalation level {missing} in this account", field="actionData"
        )


def check_limits(fields: Mapping[str, object]) -> None:
    """Raises InvalidInput for a limit among the fields that cannot be; None leaves it unset."""
    for name, value in fields.items():
        if name.endswith("_max_occurance"):
            _check_number(value, name, MAX_OCCURANCE)
        elif name == "timeout_seconds":
            _check_number(value, name, MAX_TIMEOUT_SECONDS)


def _check_number(value: object, field: str, most: int) -> None:
    if value is None:
        return
    if type(value) is not int or not 1 <= value <= most:
        raise InvalidInput(f"{field} takes 1 to {most}; not {value!r}", field=field)


def check_announcement(announcement: Announcement | None, account_id: int) -> None:
    """Raises AnnouncementNotFound for another account's and for one that is gone."""
    if announcement is None:
        return
    rows = Announcement.objects.filter(account_id=account_id, pk=announcement.pk)
    if announcement.account_id != account_id or not rows.exists():
        raise AnnouncementNotFound(
            f"There is no announcement {announcement.sid} in this account", sid=announcement.sid
        )
