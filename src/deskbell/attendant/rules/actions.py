"""What a key, a timeout or too much invalid input can do, and how it is written in a menu.

Source: seed 002, "Action Type table"; design, attendant API, "Action types".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from deskbell.foundation.errors import InvalidInput

MENU_KEYS: Final = "0123456789*"
MAX_PHONE_DIGITS: Final = 20
MAX_LEVEL_DIGITS: Final = 18
_PHONE: Final = re.compile(r"^\+?[0-9 ()./-]+$")
_LEVEL: Final = re.compile(r"^[0-9]+$")


class Takes(StrEnum):
    """What an action's data is."""

    ANNOUNCEMENT = "announcement"
    MENU = "menu"
    PHONE = "phone"
    LEVEL = "level"
    NOTHING = "nothing"


class ActionType(StrEnum):
    """The nine types of the seed, and ours: VOICEMAIL and the transfers to people."""

    ANNOUNCEMENT_HANGUP = "ANNOUNCEMENT_HANGUP"
    ANNOUNCEMENT_RETURN = "ANNOUNCEMENT_RETURN"
    DIAL_BY_EXTENSION = "DIAL_BY_EXTENSION"
    DIAL_BY_NAME = "DIAL_BY_NAME"
    GO_TO_MENU = "GO_TO_MENU"
    HANGUP = "HANGUP"
    REPLAY_MENU = "REPLAY_MENU"
    RETURN_TO_PREVIOUS_MENU = "RETURN_TO_PREVIOUS_MENU"
    TRANSFER_TO_PHONE = "TRANSFER_TO_PHONE"
    TRANSFER_TO_RECEPTIONIST = "TRANSFER_TO_RECEPTIONIST"
    TRANSFER_TO_ONCALL = "TRANSFER_TO_ONCALL"
    VOICEMAIL = "VOICEMAIL"

    @property
    def takes(self) -> Takes:
        """What actionData is for this type."""
        return _TAKES.get(self, Takes.NOTHING)

    @property
    def needs_data(self) -> bool:
        """Whether actionData may not be left out.

        ANNOUNCEMENT_HANGUP without it just hangs up; the types that ask something then ask with
        the default sentence.
        """
        return self.takes is not Takes.NOTHING and self not in _DATA_OPTIONAL

    @property
    def takes_announcement(self) -> bool:
        """Whether actionData is an announcement's sid."""
        return self.takes is Takes.ANNOUNCEMENT

    @property
    def takes_menu(self) -> bool:
        """Whether actionData is a menu's sid."""
        return self.takes is Takes.MENU


_TAKES: Final = {
    ActionType.ANNOUNCEMENT_HANGUP: Takes.ANNOUNCEMENT,
    ActionType.ANNOUNCEMENT_RETURN: Takes.ANNOUNCEMENT,
    ActionType.DIAL_BY_EXTENSION: Takes.ANNOUNCEMENT,
    ActionType.DIAL_BY_NAME: Takes.ANNOUNCEMENT,
    ActionType.VOICEMAIL: Takes.ANNOUNCEMENT,
    ActionType.GO_TO_MENU: Takes.MENU,
    ActionType.TRANSFER_TO_PHONE: Takes.PHONE,
    ActionType.TRANSFER_TO_ONCALL: Takes.LEVEL,
}
_DATA_OPTIONAL: Final = {
    ActionType.ANNOUNCEMENT_HANGUP,
    ActionType.DIAL_BY_EXTENSION,
    ActionType.DIAL_BY_NAME,
    ActionType.VOICEMAIL,
}
_IN_WORDS: Final = {
    Takes.ANNOUNCEMENT: "the sid of an announcement",
    Takes.MENU: "the sid of a menu",
    Takes.PHONE: "a phone number",
    Takes.LEVEL: "the number of an escalation level",
}


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do with a caller; `data` is as its type takes it, or empty."""

    type: ActionType
    data: str = ""


def read_action(written: object, *, field: str = "actionType") -> Action | None:
    """The action of `{"actionType": …, "actionData": …}`; None for `{}` and None.

    Raises InvalidInput, naming `field`. Whether a sid leads to something is not looked at; a phone
    number has to have digits, and keeps the form in which it was given.
    """
    if not written:
        return None
    if not isinstance(written, Mapping):
        raise InvalidInput(f"{field} takes an object with actionType; not {written!r}", field=field)
    unknown = set(written) - {"actionType", "actionData"}
    if unknown:
        raise InvalidInput(
            f"{field} takes actionType and actionData; not {sorted(map(str, unknown))}", field=field
        )
    name = written.get("actionType")
    try:
        kind = ActionType(str(name))
    except ValueError as error:
        raise InvalidInput(
            f"{name!r} is not an action that can be used; {', '.join(ActionType)} are", field=field
        ) from error
    return Action(kind, _read_data(kind, written.get("actionData"), field))


def _read_data(kind: ActionType, data: object, field: str) -> str:
    if kind.takes is Takes.NOTHING:
        return ""
    takes = _IN_WORDS[kind.takes]
    if kind.takes in {Takes.PHONE, Takes.LEVEL} and type(data) is int:
        data = str(data)
    if data is None or data == "":
        if kind.needs_data:
            raise InvalidInput(f"{kind} needs {takes} as actionData", field=field)
        return ""
    if not isinstance(data, str) or not _is_fit(kind.takes, data):
        raise InvalidInput(f"actionData of {kind} takes {takes}; not {data!r}", field=field)
    return data.strip()


def _is_fit(takes: Takes, data: str) -> bool:
    written = data.strip()
    digits = sum(character.isdigit() for character in written)
    if takes is Takes.PHONE:
        return bool(_PHONE.match(written)) and 1 <= digits <= MAX_PHONE_DIGITS
    if takes is Takes.LEVEL:
        return bool(_LEVEL.match(written)) and digits <= MAX_LEVEL_DIGITS and int(written) > 0
    return bool(written)


def write_action(action: Action | None) -> dict[str, str]:
    """The action as `read_action` reads it: `{}` for None, no actionData where it has none."""
    if action is None:
        return {}
    data = {"actionData": action.data} if action.data else {}
    return {"actionType": action.type.value} | data


def read_keys(written: Iterable[object]) -> dict[str, Action]:
    """The actions of a menu's `keys`, `[{"menuKey": "1", "menuAction": {…}}]`, by key.

    Raises InvalidInput for a key other than 0-9 and `*`, one that stands twice, or one without an
    action. Source: seed 002, "Key data parameters".
    """
    found: dict[str, Action] = {}
    for entry in written:
        if not isinstance(entry, Mapping) or set(entry) - {"menuKey", "menuAction"}:
            raise InvalidInput("Each of keys takes menuKey and menuAction", field="keys")
        key = str(entry.get("menuKey", ""))
        if len(key) != 1 or key not in MENU_KEYS:
            raise InvalidInput(f"menuKey takes 0 to 9 or *; not {key!r}", field="menuKey")
        if key in found:
            raise InvalidInput(f"menuKey {key} stands twice; once is right", field="menuKey")
        action = read_action(entry.get("menuAction"), field="menuAction")
        if action is None:
            raise InvalidInput(f"The key {key} has no menuAction", field="menuAction")
        found[key] = action
    return found


def write_keys(keys: Mapping[str, Action]) -> list[dict[str, Any]]:
    """A menu's keys as `read_keys` reads them, in their order."""
    return [{"menuKey": key, "menuAction": write_action(action)} for key, action in keys.items()]
