"""The form of a menu: name, colour, what it says, its eleven keys, and what silence does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict

from deskbell.attendant.rules import Action
from deskbell.attendant.rules.actions import MENU_KEYS
from deskbell.attendant.rules.configuration import DEFAULT_MAX_OCCURANCE, DEFAULT_TIMEOUT_SECONDS
from deskbell.attendant.rules.plans import AnnouncementPlan, MenuPlan, Plan, SystemPlan

from ..action_forms import ActionChoices, ActionField, action_words
from ..announcements.forms import (
    NUL,
    body_field,
    check_words,
    input_attrs,
    language_field,
    name_field,
    voice_field,
)
from ..announcements.speakers import tag_of, voice_of
from ..flow.colours import PALETTE
from ..forms import PartForm
from ..pickers import Picker
from .colours import ColourField

NEW: Final = "new"
MAX_TIMEOUT_SECONDS: Final = 120
MAX_OCCURANCE: Final = 100
# In the order of a telephone's keypad; the last row is *, 0 and a # that cannot be used.
KEYS: Final = "123456789*0"


def field_of(key: str) -> str:
    """The name of a key's field."""
    return f"key_{'star' if key == '*' else key}"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a menu's form needs to know: the plan, the menu's system, what actions can lead to."""

    plan: Plan
    system: SystemPlan
    choices: ActionChoices

    @property
    def languages(self) -> set[str]:
        """The languages in which announcements are spoken."""
        return {each.language for each in self.plan.announcements if each.type == "say"}


class MenuForm(PartForm[MenuPlan]):
    """A menu of a system; `part` is what the draft has now, None for a new one."""

    name = forms.CharField(
        label="Name",
        max_length=200,
        widget=forms.TextInput(attrs=input_attrs(maxlength="200")),
        error_messages={
            "required": "Give the menu a name; only people who edit the attendant see it.",
            "max_length": "The name has %(show_value)s characters; up to %(limit_value)s are kept.",
            "null_characters_not_allowed": NUL,
        },
    )
    color_code = ColourField(
        label="Colour", help_text="Schedules and the call flow are painted in it."
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        around: Surroundings,
        part: MenuPlan | None = None,
        locked: bool = False,
    ) -> None:
        self.around = around
        self.part = part
        super().__init__(data, part=part, made=self._made_fields(), locked=locked)
        if part is None:
            self.initial.update(announcement=NEW, color_code=_unused(around.system))
        self.initial.setdefault("new_language", tag_of(""))
        self.initial.setdefault("new_voice", voice_of(""))

    def _made_fields(self) -> dict[str, forms.Field]:
        system, choices = self.around.system, self.around.choices
        says: list[tuple[str, str]] = [("", "Nothing"), (NEW, "Write a new one …")]
        silence = action_words(system.timeout_action, choices, empty="Hang up")
        keys = {
            field_of(key): ActionField(choices, empty="Nothing", label=f"Key {key}") for key in KEYS
        }
        return {
            "announcement": _picker("Announcement", [*says, *choices.announcements]),
            "new_body": body_field(required=False, rows=3),
            "new_name": _new_name(),
            "new_language": language_field(self.around.languages),
            "new_voice": voice_field(),
            **keys,
            "ringback_tone": _picker(
                "While a phone rings", [("", "The usual ringing"), *choices.announcements]
            ),
            "timeout_seconds": _limit(
                "Seconds of silence",
                MAX_TIMEOUT_SECONDS,
                system.timeout_seconds or DEFAULT_TIMEOUT_SECONDS,
            ),
            "timeout_max_occurance": _limit(
                "Silences allowed",
                MAX_OCCURANCE,
                system.timeout_max_occurance or DEFAULT_MAX_OCCURANCE,
            ),
            "timeout_action": ActionField(
                choices, empty=f"{silence} (as the system)", label="Then"
            ),
        }

    def shown_of(self, part: MenuPlan) -> dict[str, Any]:
        """The fields of a saved menu."""
        shown = {
            name: getattr(part, name)
            for name in (
                "name",
                "color_code",
                "announcement",
                "ringback_tone",
                "timeout_seconds",
                "timeout_max_occurance",
                "timeout_action",
            )
        }
        actions = dict(part.keys)
        return shown | {field_of(key): actions.get(key) for key in KEYS}

    def clean(self) -> dict[str, Any]:
        """Checks a new announcement's text, where one is written."""
        found = super().clean() or self.cleaned_data
        if found.get("announcement") == NEW and "new_body" not in self.errors:
            try:
                found["new_body"] = check_words(found.get("new_body", ""))
            except forms.ValidationError as error:
                self.add_error("new_body", error)
        return found

    def written(self, sid: str) -> AnnouncementPlan | None:
        """The announcement that was written in the form, with this sid; None where none was."""
        found = self.cleaned_data
        if found.get("announcement") != NEW or not found.get("new_body"):
            return None
        return AnnouncementPlan(
            sid=sid,
            name=found.get("new_name") or f"{found.get('name', '')}: greeting"[-200:],
            body=found["new_body"],
            language=found.get("new_language") or tag_of(""),
            voice=found.get("new_voice") or voice_of(""),
        )

    def actions(self) -> tuple[tuple[str, Action], ...]:
        """The keys that do something, in the order in which the API lists keys."""
        found = ((key, self.cleaned_data.get(field_of(key))) for key in MENU_KEYS)
        return tuple((key, action) for key, action in found if action is not None)

    def made(self, sid: str, written: AnnouncementPlan | None) -> MenuPlan:
        """The menu that the form makes; of a form with faults, what can be made of the rest."""
        found = self.cleaned_data
        says = found.get("announcement", "")
        return MenuPlan(
            sid=sid,
            name=found.get("name", ""),
            color_code=found.get("color_code", ""),
            announcement=(written.sid if written else "") if says == NEW else says,
            ringback_tone=found.get("ringback_tone", ""),
            keys=self.actions(),
            timeout_seconds=found.get("timeout_seconds"),
            timeout_max_occurance=found.get("timeout_max_occurance"),
            timeout_action=found.get("timeout_action"),
        )


def _unused(system: SystemPlan) -> str:
    """A colour of the palette that no menu of the system has, if there is one."""
    used = {menu.color_code.lower() for menu in system.menus}
    return next((colour for colour in PALETTE if colour not in used), "")


def _new_name() -> forms.CharField:
    field = name_field(required=False)
    field.widget.attrs["placeholder"] = "As the menu: greeting"
    return field


def _picker(label: str, choices: Sequence[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=list(choices),
        widget=Picker(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "This announcement is not there any more; choose again."},
    )


def _limit(label: str, most: int, system: int) -> forms.IntegerField:
    said = f"{label} takes a whole number from 1 to {most}."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1,
        max_value=most,
        widget=forms.NumberInput(
            attrs={
                "class": "form-control",
                "placeholder": str(system),
                "inputmode": "numeric",
            }
        ),
        error_messages={"invalid": said, "min_value": said, "max_value": said},
    )
