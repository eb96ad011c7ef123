"""Forms over one part of a plan: a system, a menu, an announcement, a number.

A form shows a part and remembers what it showed (`seen`), so that of two people who edit the same
part the second is told, with both values side by side, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar, cast
from zlib import crc32

from django import forms
from django.http import QueryDict

from deskbell import audit
from deskbell.attendant.errors import DraftChanged
from deskbell.attendant.rules.edits import fingerprint
from deskbell.audit.rules import HIDDEN, is_secret
from deskbell.foundation.errors import InvalidInput

Part = TypeVar("Part")
NOTHING = "nothing"
MARK = 8
NAMES = ("name", "title", "email", "caller_id")


class PartChanged(DraftChanged):
    """The part is not what the form showed; `part` is what it is now."""

    def __init__(self, part: object) -> None:
        super().__init__(
            "Somebody else saved this while you were editing, so nothing of yours is saved yet."
            " Your values are still here, with theirs beside them. Save again to keep yours."
        )
        self.part = part


class PartForm(forms.Form, Generic[Part]):
    """A form that shows a part of the plan.

    A subclass says what its fields show (`shown_of`), what the `seen` mark covers where that is
    not the whole part (`covered`), and what the part becomes, in a method of its own.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        part: Part | None = None,
        made: Mapping[str, forms.Field] | None = None,
        locked: bool = False,
    ) -> None:
        """`made` are fields known only now; a `locked` form shows everything and takes nothing."""
        super().__init__(data, label_suffix="", use_required_attribute=False)
        self.fields.update(made or {})
        self.saved: dict[str, str] = {}
        if part is not None:
            self.initial = {**self.shown_of(part), "seen": self._seen(part)}
        for field in self.fields.values():
            field.disabled = locked

    def shown_of(self, part: Part) -> dict[str, Any]:
        """The fields' values for a part."""
        raise NotImplementedError

    def covered(self, part: Part) -> object:
        """What must not have changed meanwhile: by default all of the part."""
        return part

    def unchanged(self, part: Part) -> Part:
        """The part as it is now, where it is what the form showed. Raises PartChanged."""
        there = fingerprint(self.covered(part))
        if self.cleaned_data["seen"][: len(there)] != there:
            raise PartChanged(part)
        return part

    def _seen(self, part: Part) -> str:
        """The whole part's fingerprint, and behind it a short one of each field's words."""
        marks = (mark_of(name, words) for name, words in self._words(part).items())
        return fingerprint(self.covered(part)) + "".join(marks)

    def _words(self, part: Part) -> dict[str, str]:
        shown = self.shown_of(part)
        fields = {name: field for name, field in self.fields.items() if name != "seen"}
        return {name: words_of(field, shown.get(name)) for name, field in fields.items()}

    def show_saved(self, part: Part) -> None:
        """Puts what somebody else changed beside the fields in which it differs from one's own.

        The person's own values stay, and the next attempt is about the part as it is now.
        """
        seen = self.cleaned_data["seen"]
        was = {seen[place : place + MARK] for place in range(len(seen) % MARK, len(seen), MARK)}
        for name, saved in self._words(part).items():
            is_theirs = mark_of(name, saved) not in was
            if is_theirs and saved != words_of(self.fields[name], self.cleaned_data.get(name)):
                self.saved[name] = saved
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("seen")] = self._seen(part)
        self.data = data

    def refuse(self, error: Exception) -> None:
        """Shows an error of the rooms below, beside the field that it names if there is one."""
        field = error.field if isinstance(error, InvalidInput) else ""
        self.add_error(field if field in self.fields else None, str(error))

    def note_changes(self) -> None:
        """Says to the audit log what this form, now saved, was about and changed."""
        given, changes = self.cleaned_data, {}
        for name, field in self.fields.items():
            values = (self.initial.get(name), given.get(name))
            was, now = ("(a file)" if _is_file(each) else words_of(field, each) for each in values)
            hides = is_secret(name) or isinstance(field.widget, forms.PasswordInput)
            if was != now and name != "seen":
                changes[str(field.label or name)] = (HIDDEN, HIDDEN) if hides else (was, now)
        named = (given.get(name) or self.initial.get(name) for name in NAMES)
        audit.note_here(subject=next((str(each) for each in named if each), ""), changes=changes)

    @property
    def http_status(self) -> int:
        """The HTTP status of a page that shows this form."""
        if self.saved:
            return 409
        return 422 if self.is_bound and self.errors else 200


def _is_file(value: object) -> bool:
    return isinstance(value, bytes) or hasattr(value, "read")


def mark_of(name: str, words: str) -> str:
    """Eight characters that tell one value of a field from another."""
    return f"{crc32(f'{name}={words}'.encode()):0{MARK}x}"


def words_of(field: forms.Field, value: Any) -> str:
    """A field's value as a person reads it."""
    if hasattr(field, "in_words"):
        return str(field.in_words(value))
    if isinstance(field, forms.BooleanField):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple, set)):
        return ", ".join(words_of(field, each) for each in sorted(value, key=str)) or NOTHING
    if isinstance(field, (forms.ChoiceField, forms.MultipleChoiceField)):
        return _labels(field.choices).get(str(value or ""), str(value or NOTHING))
    return NOTHING if value is None or value == "" else str(value)


def _labels(choices: Any) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            found.update(_labels(label))
        else:
            found[str(value)] = str(label)
    return found
