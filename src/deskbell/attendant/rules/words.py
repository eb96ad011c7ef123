"""Parts of plans in words for people: actions, hours, days, durations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Final

from .actions import Action, ActionType
from .plan_json import DAYS
from .plans import Plan

_ACTIONS: Final[Mapping[ActionType, str]] = {
    ActionType.ANNOUNCEMENT_HANGUP: 'Play "{}", then hang up',
    ActionType.ANNOUNCEMENT_RETURN: 'Play "{}", then this menu again',
    ActionType.DIAL_BY_EXTENSION: 'Play "{}", then ask for an extension',
    ActionType.DIAL_BY_NAME: 'Play "{}", then ask for a name',
    ActionType.GO_TO_MENU: 'Go to "{}"',
    ActionType.TRANSFER_TO_PHONE: "Call {}",
    ActionType.TRANSFER_TO_ONCALL: "Call whoever is on call at level {}",
    ActionType.VOICEMAIL: 'Play "{}", then take a message',
}
_WITHOUT_DATA: Final[Mapping[ActionType, str]] = {
    ActionType.ANNOUNCEMENT_HANGUP: "Hang up",
    ActionType.DIAL_BY_EXTENSION: "Ask for an extension",
    ActionType.DIAL_BY_NAME: "Ask for a name",
    ActionType.HANGUP: "Hang up",
    ActionType.REPLAY_MENU: "This menu again",
    ActionType.RETURN_TO_PREVIOUS_MENU: "Back to the menu before",
    ActionType.TRANSFER_TO_RECEPTIONIST: "Transfer to a receptionist",
    ActionType.VOICEMAIL: "Take a message",
}
NOWHERE: Final = "something that was deleted"


def names_of(plan: Plan) -> dict[str, str]:
    """The name of every announcement, system and menu by its sid."""
    named = {announcement.sid: announcement.name for announcement in plan.announcements}
    for system in plan.systems:
        named[system.sid] = system.name
        named |= {menu.sid: menu.name for menu in system.menus}
    return named


def action_words(action: Action | None, names: Mapping[str, str]) -> str:
    """What an action does: `Go to "Night"`; empty for None. `names` is by sid."""
    if action is None:
        return ""
    if not action.data or action.type not in _ACTIONS:
        return _WITHOUT_DATA.get(action.type, action.type.value)
    is_named = action.type.takes_announcement or action.type.takes_menu
    data = names.get(action.data, NOWHERE) if is_named else action.data
    return _ACTIONS[action.type].format(data)


def hours_words(start: time, end: time) -> str:
    """`09:00 to 17:00`, `all day` for a whole day; an end at midnight is 24:00."""
    if start == end == time(0):
        return "all day"
    return f"{_clock(start)} to {'24:00' if end == time(0) else _clock(end)}"


def _clock(moment: time) -> str:
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def day_words(day: int) -> str:
    """`Monday` for 1 to `Sunday` for 7."""
    return DAYS[day - 1] if 1 <= day <= len(DAYS) else f"day {day}"


def dates_words(start: date, end: date) -> str:
    """`25 December 2026`, or both ends of a span of several days."""
    return _date(start) if start == end else f"{_date(start)} to {_date(end)}"


def _date(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
