"""The editor of an action: what a key, a time-out or too much wrong input does.

One select for the kind of action and one control per kind of data. Without a script all controls
show, each named for the kinds it is for; with one, only the control that fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from deskbell.attendant.rules import Action, ActionType, read_action
from deskbell.attendant.rules.plans import Plan, SystemPlan
from deskbell.foundation.errors import InvalidInput
from deskbell.oncall.queries import levels

from .pickers import Picker

Choices = Sequence[tuple[str, str]]
PHONE_EXAMPLE: Final = "+1 212 555 0142"
PARTS: Final = ("announcement", "menu", "phone", "level")
LABELS: Final[Mapping[str, str]] = {
    "GO_TO_MENU": "Go to a menu",
    "REPLAY_MENU": "Play the menu again",
    "RETURN_TO_PREVIOUS_MENU": "Go back to the menu before",
    "ANNOUNCEMENT_RETURN": "Play an announcement, then the menu again",
    "ANNOUNCEMENT_HANGUP": "Play an announcement, then hang up",
    "DIAL_BY_EXTENSION": "Ask for an extension",
    "DIAL_BY_NAME": "Ask for a name",
    "TRANSFER_TO_PHONE": "Transfer to a phone",
    "TRANSFER_TO_RECEPTIONIST": "Transfer to a receptionist",
    "TRANSFER_TO_ONCALL": "Transfer to whoever is on call",
    "VOICEMAIL": "Take a message",
    "HANGUP": "Hang up",
}
SENTENCES: Final[Mapping[str, str]] = {
    "GO_TO_MENU": "Go to {}",
    "ANNOUNCEMENT_RETURN": "Play {}, then the menu again",
    "ANNOUNCEMENT_HANGUP": "Play {}, then hang up",
    "DIAL_BY_EXTENSION": "Play {}, then ask for an extension",
    "DIAL_BY_NAME": "Play {}, then ask for a name",
    "TRANSFER_TO_PHONE": "Transfer to {}",
    "TRANSFER_TO_ONCALL": "Transfer to whoever is on call at {}",
    "VOICEMAIL": "Play {}, then take a message",
}
MISSING: Final[Mapping[str, str]] = {
    "announcement": "Choose the announcement to play.",
    "menu": "Choose the menu to go to.",
    "phone": f"Type the phone number to transfer to, such as {PHONE_EXAMPLE}.",
    "level": "Choose the escalation level whose people are called.",
}
GONE: Final = "What was chosen here is not there any more; choose again."


@dataclass(frozen=True, slots=True)
class ActionChoices:
    """What actions can lead to: announcements, a system's menus and escalation levels, by name."""

    announcements: Choices
    menus: Choices
    levels: Choices

    def of(self, part: str) -> Choices:
        """The choices of a control; a phone has none."""
        known = {
            "announcement": self.announcements,
            "menu": self.menus,
            "level": self.levels,
        }
        return known.get(part, ())

    def name_of(self, part: str, data: str) -> str:
        """What an action's data is called."""
        return dict(self.of(part)).get(data, data if part == "phone" else "something deleted")


def action_choices(plan: Plan, system: SystemPlan | None) -> ActionChoices:
    """The choices for actions in a system; one query. Read it once for all editors of a page."""
    return ActionChoices(
        announcements=_by_name((each.sid, each.name) for each in plan.announcements),
        menus=_by_name((each.sid, each.name) for each in system.menus) if system else (),
        levels=[(str(each.pk), each.name) for each in levels()],
    )


def _by_name(pairs: Iterable[tuple[str, str]]) -> Choices:
    return sorted(pairs, key=lambda pair: pair[1].casefold())


def action_words(action: Action | None, choices: ActionChoices, *, empty: str = "Nothing") -> str:
    """What an action does, in words, with the names of what it leads to."""
    if action is None:
        return empty
    if action.data and action.type in SENTENCES:
        part = str(action.type.takes)
        return SENTENCES[action.type].format(choices.name_of(part, action.data))
    return LABELS[action.type]


class TypeSelect(forms.Select):
    """The select of the action's kind; each option says which control fits it."""

    def create_option(self, *args: Any, **named: Any) -> dict[str, Any]:
        """An option, with the control that it takes as `data-takes`."""
        option = super().create_option(*args, **named)
        value = str(option["value"])
        option["attrs"]["data-takes"] = ActionType(value).takes if value else "nothing"
        return option


class ActionWidget(forms.MultiWidget):
    """The select and its controls, drawn by `parts/action_fields.html`."""

    template_name = "portal/attendant/parts/action_fields.html"

    def __init__(self, choices: ActionChoices, *, empty: str) -> None:
        kinds = [(str(each), LABELS[each]) for each in _in_order()]
        self.choices_of = choices
        super().__init__(
            {
                "type": TypeSelect(choices=[("", empty), *kinds], attrs=_select("action-type")),
                "announcement": _picker("announcement", choices.announcements),
                "menu": _picker("menu", choices.menus),
                "phone": forms.TextInput(
                    attrs={
                        "class": "form-control",
                        "inputmode": "tel",
                        "autocomplete": "off",
                        "placeholder": PHONE_EXAMPLE,
                    }
                ),
                "level": _picker("level", choices.levels),
            }
        )

    def decompress(self, value: Action | None) -> list[str]:
        """The controls' values for an action."""
        if value is None:
            return [""] * 5
        data = [value.data if value.type.takes == part else "" for part in PARTS]
        return [str(value.type), *data]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The controls with their labels, and which of them fits now."""
        context = super().get_context(name, value, attrs)
        kind, *controls = context["widget"]["subwidgets"]
        chosen = (kind["value"] or [""])[0]
        known = chosen in ActionType.__members__.values()
        context |= {
            "kind": kind,
            "controls": list(zip(PARTS, CONTROL_LABELS, controls, strict=True)),
            "taking": ActionType(chosen).takes if known else "nothing",
        }
        return context

    def id_for_label(self, id_: str, index: str = "0") -> str:
        """The select's id: a label in front of the editor is the select's."""
        return f"{id_}_{index}" if id_ else id_


UNCHOSEN: Final[Mapping[str, str]] = {
    "announcement": "No announcement",
    "menu": "Choose a menu …",
    "level": "Choose an escalation level …",
}
CONTROL_LABELS: Final = ("Announcement", "Menu", "Phone number", "Escalation level")


def _in_order() -> list[ActionType]:
    order = list(LABELS)
    return sorted(ActionType, key=order.index)


def _select(extra: str = "") -> dict[str, str]:
    return {"class": f"form-select {extra}".strip()}


def _picker(part: str, choices: Choices) -> forms.Select:
    return Picker(choices=[("", UNCHOSEN[part]), *choices], attrs=_select())


def _to_phone(kind: ActionType, data: str) -> Action:
    try:
        action = read_action({"actionType": str(kind), "actionData": data})
    except InvalidInput as error:
        raise forms.ValidationError(MISSING["phone"]) from error
    return action or Action(kind, data)


class ActionField(forms.MultiValueField):
    """A form's field whose value is an `Action`, or None where nothing is chosen.

    `empty` says what then happens, as "Hang up (default)".
    """

    widget: ActionWidget

    def __init__(self, choices: ActionChoices, *, empty: str = "Nothing", **named: Any) -> None:
        self.choices_of = choices
        self.empty = empty
        super().__init__(
            [forms.CharField(required=False, max_length=200) for _ in range(5)],
            require_all_fields=False,
            required=False,
            widget=ActionWidget(choices, empty=empty),
            **named,
        )

    def compress(self, data_list: list[str]) -> Action | None:
        """The action of what the controls say; only the control that fits the kind counts."""
        if not data_list or not data_list[0]:
            return None
        try:
            kind = ActionType(data_list[0])
        except ValueError as error:
            raise forms.ValidationError("Choose one of the actions in the list.") from error
        if kind.takes == "nothing":
            return Action(kind)
        part = str(kind.takes)
        data = data_list[1 + PARTS.index(part)].strip()
        if not data and kind.needs_data:
            raise forms.ValidationError(MISSING[part])
        if data and part == "phone":
            return _to_phone(kind, data)
        if data and data not in dict(self.choices_of.of(part)):
            raise forms.ValidationError(GONE)
        return Action(kind, data)

    def in_words(self, action: Action | None) -> str:
        """What the action does, for people."""
        return action_words(action, self.choices_of, empty=self.empty)
