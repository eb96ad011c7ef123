"""The form of an event: when, how it comes back, who, and how far an edit of it reaches.

Source: seed 000, "Add New Events", "Edit Existing Events".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.http import QueryDict

from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.contacts.queries import listed
from deskbell.foundation.errors import InvalidInput
from deskbell.oncall.actions import Scope, edit_event
from deskbell.oncall.models import EscalationLevel, Event
from deskbell.oncall.queries import shift_of
from deskbell.oncall.rules import instance_on

from ..contacts.shown import MethodLine, lines_by_contact
from ..frame import SheetForm
from .entries import short_date
from .rule_fields import PLACES, RULE, RuleFields, rule_of, rule_shown, span_of, span_shown

_USED_BY: Final = {"weekdays": "weekly", "month_days": "monthly", "nth_weekdays": "monthly"}
SPAN: Final = ("starts_date", "starts_time", "ends_date", "ends_time")


@dataclass(frozen=True, slots=True)
class Person:
    """A contact with the delivery methods to choose from."""

    contact: Contact
    lines: Sequence[MethodLine]


def people() -> list[Person]:
    """Everybody who can be put on call, in the account's scope; four queries at most."""
    contacts = list(listed())
    lines = lines_by_contact(each for contact in contacts for each in contact.methods.all())
    return [Person(each, lines.get(each.pk, [])) for each in contacts]


def methods_field(people: Sequence[Person]) -> forms.MultipleChoiceField:
    """The field in which delivery methods are ticked; a template groups them by contact."""
    return forms.MultipleChoiceField(
        label="On call",
        required=False,
        choices=[
            (str(line.method.pk), f"{person.contact.name}: {line.label} {line.address}")
            for person in people
            for line in person.lines
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these delivery methods is not there any more."},
    )


class EventForm(SheetForm, RuleFields):
    """An event that is made or changed; `people` are offered with their methods."""

    note = forms.CharField(label="Note", max_length=200, required=False)
    keep_changed = forms.BooleanField(
        label="Keep the instances that were changed by hand", required=False, initial=True
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        levels: Sequence[EscalationLevel],
        people: Sequence[Person],
        scopes: Sequence[tuple[str, str]] = (),
        part: Mapping[str, Any] | None = None,
        locked: bool = False,
    ) -> None:
        super().__init__(
            data,
            part=part,
            made={
                "level": forms.ChoiceField(
                    label="Escalation level", choices=[(str(each.pk), each.name) for each in levels]
                ),
                "methods": methods_field(people),
                "scope": forms.ChoiceField(
                    label="Change", required=False, choices=scopes, widget=forms.RadioSelect
                ),
            },
            locked=locked,
        )
        self.people = people

    def refuse(self, error: Exception) -> None:
        """Shows an error beside the field that it is about."""
        if isinstance(error, InvalidInput):
            error = InvalidInput(str(error), field=PLACES.get(error.field, error.field))
        super().refuse(error)

    def clean(self) -> dict[str, Any]:
        """Refuses an event without anybody, and an end that is chosen and not said."""
        if not self.cleaned_data.get("methods") and "methods" not in self.errors:
            self.add_error("methods", "Choose at least one delivery method.")
        try:
            rule_of(self.cleaned_data)
        except InvalidInput as error:
            self.refuse(error)
        return self.cleaned_data

    @property
    def chosen(self) -> set[str]:
        """The ids of the methods that are ticked, as text."""
        return {str(each) for each in self["methods"].value() or ()}

    def values(self) -> dict[str, Any]:
        """What a valid form asks for, as `add_event` takes it. Raises InvalidInput."""
        starts, ends = span_of(self.cleaned_data)
        return {
            "level": level_of(self.cleaned_data["level"]),
            "methods": methods_of(self.cleaned_data["methods"]),
            "starts": starts,
            "ends": ends,
            "note": self.cleaned_data["note"],
            **rule_of(self.cleaned_data),
        }


def level_of(chosen: str) -> EscalationLevel:
    """The level with this id. Raises InvalidInput where it is gone."""
    found = EscalationLevel.objects.filter(pk=int(chosen)).first()
    if found is None:
        raise InvalidInput("This level is not there any more", field="level")
    return found


def methods_of(chosen: Sequence[str]) -> list[DeliveryMethod]:
    """The methods with these ids."""
    return list(DeliveryMethod.objects.filter(pk__in=[int(each) for each in chosen]))


def instance_of(event: Event, day: date | None) -> tuple[datetime, datetime]:
    """Wall-clock start and end of an event's instance that starts on a day.

    The event's own where there is no day, or none starts then.
    """
    shift = shift_of(event)
    found = instance_on(shift, day) if day is not None else None
    return found or (shift.starts, shift.ends)


def shown_of(event: Event, day: date | None) -> dict[str, Any]:
    """What the form shows of an event's instance."""
    shift = shift_of(event)
    return {
        **span_shown(*instance_of(event, day)),
        **rule_shown(shift),
        "level": str(event.level_id),
        "methods": sorted(str(method.pk) for method in event.methods.all()),
        "note": event.note,
    }


def scopes_of(event: Event, day: date | None) -> list[tuple[str, str]]:
    """How far an edit may reach, in words; nothing to choose for what happens once."""
    if event.frequency == "once" or day is None:
        return []
    return [
        (Scope.THIS.value, f"Only this one, {short_date(day)}"),
        (Scope.FOLLOWING.value, f"{short_date(day)} and all that follow"),
        (Scope.ALL.value, "All of them"),
    ]


def apply(form: EventForm, event: Event, day: date | None, at: datetime) -> None:
    """Does what a valid form asks for; what it leaves as it was is not touched.

    Raises InvalidInput, and NotFound where the instance is gone.
    """
    scope = Scope(form.cleaned_data["scope"] or (Scope.THIS if event.part_of_id else Scope.ALL))
    before, wanted = shown_of(event, day), form.values()
    changed = _changed(before, form.cleaned_data, wanted, event)
    if scope is Scope.THIS:
        changed = {name: value for name, value in changed.items() if name not in RULE}
    if any(before[name] != form.cleaned_data[name] for name in SPAN):
        changed |= {"starts": wanted["starts"], "ends": wanted["ends"]}
    edit_event(
        event=event,
        scope=scope,
        day=day,
        at=at,
        keep_changed=form.cleaned_data["keep_changed"] or scope is Scope.THIS,
        **changed,
    )


def _changed(
    before: Mapping[str, Any], cleaned: Mapping[str, Any], wanted: Mapping[str, Any], event: Event
) -> dict[str, Any]:
    """What the form says differently, without the times."""
    found: dict[str, Any] = {}
    shift = shift_of(event)
    for name in RULE:
        kept = getattr(shift, name)
        is_same = wanted[name] == kept
        if isinstance(kept, frozenset):
            is_unused = wanted["frequency"] != _USED_BY[name]
            is_same = frozenset(wanted[name]) == kept or (is_unused and not wanted[name])
        if not is_same:
            found[name] = wanted[name]
    if cleaned["level"] != before["level"]:
        found["level"] = wanted["level"]
    if sorted(cleaned["methods"]) != before["methods"]:
        found["methods"] = wanted["methods"]
    if cleaned["note"] != before["note"]:
        found["note"] = wanted["note"]
    return found
