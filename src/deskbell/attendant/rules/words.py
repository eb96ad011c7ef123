"""Actions in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .actions import Action, ActionType, Takes
from .plans import Plan

_ACTIONS: Final[Mapping[ActionType, str]] = {
    ActionType.ANNOUNCEMENT_HANGUP: 'Play "{}", then hang up',
    ActionType.ANNOUNCEMENT_RETURN: 'Play "{}", then this menu again',
    ActionType.DIAL_BY_EXTENSION: 'Play "{}", then ask for an extension',
    ActionType.DIAL_BY_NAME: 'Play "{}", then ask for a name',
    ActionType.GO_TO_MENU: 'Go to "{}"',
    ActionType.TRANSFER_TO_PHONE: "Call {}",
    ActionType.TRANSFER_TO_ONCALL: "Call whoever is on call at {}",
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
    """What an action does: `Go to "Night"`; empty for None.

    `names` is by sid, of escalation levels by their id in digits; a level without one is said by
    its id.
    """
    if action is None:
        return ""
    if not action.data or action.type not in _ACTIONS:
        return _WITHOUT_DATA.get(action.type, action.type.value)
    return _ACTIONS[action.type].format(_data_words(action, names))


def _data_words(action: Action, names: Mapping[str, str]) -> str:
    if action.type.takes is Takes.LEVEL:
        name = names.get(action.data)
        return f'"{name}"' if name else f"level {action.data}"
    is_named = action.type.takes_announcement or action.type.takes_menu
    return names.get(action.data, NOWHERE) if is_named else action.data
