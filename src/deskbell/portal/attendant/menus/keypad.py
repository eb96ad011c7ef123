"""A menu's keys as a telephone shows them, with what each does in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from deskbell.attendant.rules import Action
from deskbell.doctor.findings import Finding

from ..action_forms import ActionChoices, action_words
from .forms import KEYS, field_of


def _drawn(*, icon: str) -> str:
    """The name of an icon, said so that the bundle takes the icon in."""
    return icon


ICONS: Final[Mapping[str, str]] = {
    "ANNOUNCEMENT_HANGUP": _drawn(icon="volume"),
    "ANNOUNCEMENT_RETURN": _drawn(icon="volume"),
    "DIAL_BY_EXTENSION": _drawn(icon="dialpad"),
    "DIAL_BY_NAME": _drawn(icon="user-search"),
    "GO_TO_MENU": _drawn(icon="arrow-right"),
    "HANGUP": _drawn(icon="phone-off"),
    "REPLAY_MENU": _drawn(icon="repeat"),
    "RETURN_TO_PREVIOUS_MENU": _drawn(icon="arrow-back-up"),
    "TRANSFER_TO_ONCALL": _drawn(icon="phone-call"),
    "TRANSFER_TO_PHONE": _drawn(icon="phone-outgoing"),
    "TRANSFER_TO_RECEPTIONIST": _drawn(icon="headset"),
    "VOICEMAIL": _drawn(icon="message-2"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it does in words, what it looks like, and what Doctor says about it."""

    key: str
    field: str
    words: str = ""
    icon: str = ""
    colour: str = ""
    findings: Sequence[Finding] = ()
    is_wrong: bool = False

    @property
    def is_used(self) -> bool:
        """Whether it does anything."""
        return bool(self.words)


def keypad(
    actions: Mapping[str, Action],
    choices: ActionChoices,
    *,
    colours: Mapping[str, str],
    findings: Sequence[Finding] = (),
    wrong: Sequence[str] = (),
) -> list[Key]:
    """The eleven keys in a telephone's order; `colours` are menus' by sid, `wrong` are fields."""
    return [
        Key(
            key=key,
            field=field_of(key),
            words=action_words(actions[key], choices) if key in actions else "",
            icon=ICONS.get(actions[key].type, "") if key in actions else "",
            colour=colours.get(actions[key].data, "") if key in actions else "",
            findings=[each for each in findings if each.key == key],
            is_wrong=field_of(key) in wrong,
        )
        for key in KEYS
    ]
