"""What a key, a timeout or too much invalid input can do, and how it is written in a menu.

Only what works can be saved: a type that callers cannot be served yet is refused with the list of
those that can. Source: seed 002, "Action Type table"; design, attendant API, "Action types".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from deskbell.foundation.errors import InvalidInput

MENU_KEYS: Final = "0123456789*"


class ActionType(StrEnum):
    """The types of the seed, and VOICEMAIL, which is ours."""

    ANNOUNCEMENT_HANGUP = "ANNOUNCEMENT_HANGUP"
    ANNOUNCEMENT_RETURN = "ANNOUNCEMENT_RETURN"
    GO_TO_MENU = "GO_TO_MENU"
    HANGUP = "HANGUP"
    REPLAY_MENU = "REPLAY_MENU"
    RETURN_TO_PREVIOUS_MENU = "RETURN_TO_PREVIOUS_MENU"
    VOICEMAIL = "VOICEMAIL"

    @property
    def takes_announcement(self) -> bool:
        """Whether actionData is an announcement's sid."""
        return self in {self.ANNOUNCEMENT_HANGUP, self.ANNOUNCEMENT_RETURN, self.VOICEMAIL}

    @property
    def takes_menu(self) -> bool:
        """Whether actionData is a menu's sid."""
        return self is ActionType.GO_TO_MENU


# ANNOUNCEMENT_HANGUP without data just hangs up; VOICEMAIL then asks with the default sentence.
_NEEDS_DATA: Final = {ActionType.ANNOUNCEMENT_RETURN, ActionType.GO_TO_MENU}


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do with a caller; `data` is a sid or empty, as its type takes."""

    type: ActionType
    data: str = ""


def read_action(written: object, *, field: str = "actionType") -> Action | None:
    """The action of `{"actionType": …, "actionData": …}`; None for `{}` and None.

    Raises InvalidInput, naming `field`. Whether the sid leads to something is not looked at.
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
    name, data = written.get("actionType"), written.get("actionData")
    try:
        kind = ActionType(str(name))
    except ValueError as error:
        raise InvalidInput(
            f"{name!r} is not an action that can be used; {', '.join(ActionType)} are", field=field
        ) from error
    if data is not None and not isinstance(data, str):
        raise InvalidInput(f"actionData of {kind} takes a sid; not {data!r}", field=field)
    if not data and kind in _NEEDS_DATA:
        needed = "a menu" if kind.takes_menu else "an announcement"
        raise InvalidInput(f"{kind} needs the sid of {needed} as actionData", field=field)
    uses_data = kind.takes_announcement or kind.takes_menu
    return Action(kind, (data or "") if uses_data else "")


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
