"""A menu's keys as a telephone shows them, with what each does in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.urls import reverse

from deskbell.attendant.rules import Action
from deskbell.attendant.rules.plans import Plan
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
class Lead:
    """What a key leads to: its name, where it is edited, and its words if it is a text."""

    name: str
    url: str
    text: str = ""


def leads_of(plan: Plan) -> dict[str, Lead]:
    """Everything of the plan that a key can lead to and that has a page, by sid."""
    found = {
        each.sid: Lead(
            each.name,
            reverse("attendant:announcement", args=[each.sid]),
            each.body if each.type == "say" else "",
        )
        for each in plan.announcements
    }
    for system in plan.systems:
        for menu in system.menus:
            found[menu.sid] = Lead(menu.name, reverse("attendant:menu", args=[menu.sid]))
    return found


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it does in words, what it looks like, and what Doctor says about it."""

    key: str
    field: str
    words: str = ""
    icon: str = ""
    colour: str = ""
    lead: Lead | None = None
    findings: Sequence[Finding] = ()
    is_wrong: bool = False

    @property
    def is_used(self) -> bool:
        """Whether it does anything."""
        return bool(self.words)


NO_LEADS: Final[Mapping[str, Lead]] = MappingProxyType({})


def keypad(
    actions: Mapping[str, Action],
    choices: ActionChoices,
    *,
    colours: Mapping[str, str],
    leads: Mapping[str, Lead] = NO_LEADS,
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
            lead=leads.get(actions[key].data) if key in actions else None,
            findings=[each for each in findings if each.key == key],
            is_wrong=field_of(key) in wrong,
        )
        for key in KEYS
    ]
