"""The form of an override: who is off call, who is on instead or as well, and for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from django import forms
from django.http import QueryDict

from deskbell.contacts.models import Contact
from deskbell.foundation.errors import InvalidInput
from deskbell.oncall.models import EscalationLevel, Override, OverrideKind

from ..frame import SheetForm
from .event_form import Person, level_of, methods_field, methods_of
from .rule_fields import PLACES, SpanFields, span_of, span_shown

KINDS = (
    (OverrideKind.REPLACE.value, "Somebody else takes over"),
    (OverrideKind.ADD.value, "Somebody is on call in addition"),
    (OverrideKind.REMOVE.value, "Nobody takes over"),
)


class CoverForm(SheetForm, SpanFields):
    """An override that is made or changed."""

    kind = forms.ChoiceField(label="Cover", choices=KINDS, widget=forms.RadioSelect)
    note = forms.CharField(label="Note", max_length=200, required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        levels: Sequence[EscalationLevel],
        people: Sequence[Person],
        part: Mapping[str, Any] | None = None,
        locked: bool = False,
    ) -> None:
        contacts = [(str(each.contact.pk), each.contact.name) for each in people]
        everywhere = [("", "All levels")]
        super().__init__(
            data,
            part=part,
            made={
                "contact": forms.ChoiceField(
                    label="Who is off call", required=False, choices=[("", "Choose …"), *contacts]
                ),
                "level": forms.ChoiceField(
                    label="On",
                    required=False,
                    choices=[*((str(each.pk), each.name) for each in levels), *everywhere],
                ),
                "methods": methods_field(people),
            },
            locked=locked,
        )
        self.fields["methods"].label = "Who is on call instead"
        self.people = people

    def refuse(self, error: Exception) -> None:
        """Shows an error beside the field that it is about."""
        if isinstance(error, InvalidInput):
            error = InvalidInput(str(error), field=PLACES.get(error.field, error.field))
        super().refuse(error)

    def clean(self) -> dict[str, Any]:
        """Refuses a cover that does not say who is off call, or who is on instead."""
        kind = self.cleaned_data.get("kind")
        if kind != OverrideKind.ADD and kind and not self.cleaned_data.get("contact"):
            self.add_error("contact", "Choose who is off call.")
        if kind != OverrideKind.REMOVE and kind and not self.cleaned_data.get("methods"):
            self.add_error("methods", "Choose at least one delivery method.")
        return self.cleaned_data

    @property
    def chosen(self) -> set[str]:
        """The ids of the methods that are ticked, as text."""
        return {str(each) for each in self["methods"].value() or ()}

    def values(self) -> dict[str, Any]:
        """What a valid form asks for, as `add_override` takes it. Raises InvalidInput."""
        kind = self.cleaned_data["kind"]
        starts, ends = span_of(self.cleaned_data)
        is_added, is_removed = kind == OverrideKind.ADD, kind == OverrideKind.REMOVE
        level = self.cleaned_data["level"]
        return {
            "level": level_of(level) if level else None,
            "kind": kind,
            "contact": None if is_added else _contact(self.cleaned_data["contact"]),
            "methods": [] if is_removed else methods_of(self.cleaned_data["methods"]),
            "starts": starts,
            "ends": ends,
            "note": self.cleaned_data["note"],
        }


def _contact(chosen: str) -> Contact:
    found = Contact.objects.filter(pk=int(chosen)).first()
    if found is None:
        raise InvalidInput("This contact is not there any more", field="contact")
    return found


def cover_shown(override: Override) -> dict[str, Any]:
    """What the form shows of an override."""
    starts = override.starts.astimezone(UTC).replace(tzinfo=None)
    ends = override.ends.astimezone(UTC).replace(tzinfo=None)
    return {
        **span_shown(starts, ends),
        "kind": str(override.kind),
        "contact": str(override.contact_id or ""),
        "level": str(override.level_id or ""),
        "methods": sorted(str(method.pk) for method in override.methods.all()),
        "note": override.note,
    }
