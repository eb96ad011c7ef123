"""The forms of the operator's pages of the desk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from deskbell.accounts.models import User
from deskbell.desk.actions.terms import Terms
from deskbell.desk.models import Receptionist, Skill
from deskbell.lines.models import StaffPhone

from ...attendant.forms import PartForm

NOBODYS = "Any receptionist"


def _text(label: str, help_text: str, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=64,
        help_text=help_text,
        widget=forms.TextInput(attrs={"class": "form-control", **attrs}),
    )


def _seconds(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid"), "Type a number of seconds."),
    )


class SkillForm(PartForm[Skill]):
    """A skill's name."""

    name = forms.CharField(
        label="Name",
        required=False,
        help_text="A language or a trade, as Spanish or Dental.",
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": "60"}),
    )

    def shown_of(self, part: Skill) -> dict[str, Any]:
        """The skill's name."""
        return {"name": part.name}

    def covered(self, part: Skill) -> object:
        """The name."""
        return part.name


class ReceptionistForm(PartForm[Receptionist]):
    """What rings for a receptionist, and the skills; of a new one, who it is."""

    user = forms.ChoiceField(
        label="Person", widget=forms.Select(attrs={"class": "form-select"}), required=False
    )
    phone = _text(
        "Telephone",
        "What rings for them: a number with its country code, as +1 212 555 0134, or the user "
        "name of their SIP phone.",
        inputmode="tel",
        list="staff-phones",
    )
    skills = forms.MultipleChoiceField(
        label="Skills",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Calls to numbers that ask for a skill ring only those who have it.",
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        part: Receptionist | None = None,
        people: Iterable[User] = (),
    ) -> None:
        """`people` are those who may get a desk; a receptionist that is there stays who it is."""
        super().__init__(data)
        skills = self.fields["skills"]
        assert isinstance(skills, forms.MultipleChoiceField)  # noqa: S101 as it stands above
        skills.choices = [(str(each.pk), each.name) for each in Skill.objects.all()]
        if part is not None:
            del self.fields["user"]
            self.initial = {**self.shown_of(part), "seen": self._seen(part)}
            return
        user = self.fields["user"]
        assert isinstance(user, forms.ChoiceField)  # noqa: S101 as it stands above
        found = [(str(each.pk), f"{each} ({each.email})") for each in people]
        user.choices = [("", "Choose a person"), *found]
        user.required = True
        user.error_messages = dict.fromkeys(
            ("required", "invalid_choice"), "Choose one of the people."
        )

    def shown_of(self, part: Receptionist) -> dict[str, Any]:
        """The telephone and the skills."""
        return {"phone": part.phone, "skills": [str(each.pk) for each in part.skills.all()]}

    def covered(self, part: Receptionist) -> object:
        """What the form shows; not what the receptionist does meanwhile."""
        return self.shown_of(part)

    def chosen_skills(self) -> list[Skill]:
        """The skills that were chosen."""
        return list(Skill.objects.filter(pk__in=self.cleaned_data["skills"]))


class AnsweringForm(PartForm[Terms]):
    """On what terms a number's calls are answered."""

    skill = forms.ChoiceField(
        label="Who answers",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text="Only receptionists with this skill are rung.",
    )
    patience_seconds = _seconds(
        "Longest wait, in seconds", "Then the caller is asked for a voice message."
    )
    target_seconds = _seconds(
        "In time, in seconds", "A call that is answered sooner counts as in time."
    )
    wrap_seconds = _seconds(
        "Time to write up, in seconds", "After a call, until the next may ring."
    )
    is_recorded = forms.BooleanField(
        label="Record conversations with receptionists",
        required=False,
        help_text="Where the law asks for it, say so in the greeting.",
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, data: QueryDict | None = None, *, part: Terms | None = None) -> None:
        super().__init__(data)
        skill = self.fields["skill"]
        assert isinstance(skill, forms.ChoiceField)  # noqa: S101 as it stands above
        known = [(str(each.pk), each.name) for each in Skill.objects.all()]
        skill.choices = [("", NOBODYS), *known]
        if part is not None:
            self.initial = {**self.shown_of(part), "seen": self._seen(part)}

    def shown_of(self, part: Terms) -> dict[str, Any]:
        """The terms as the fields have them."""
        return {
            "skill": str(part.skill.pk) if part.skill else "",
            "patience_seconds": part.patience_seconds,
            "target_seconds": part.target_seconds,
            "wrap_seconds": part.wrap_seconds,
            "is_recorded": part.is_recorded,
        }

    def covered(self, part: Terms) -> object:
        """All of them."""
        return self.shown_of(part)

    def terms(self) -> Terms:
        """What was typed."""
        given = self.cleaned_data
        return Terms(
            skill=Skill.objects.filter(pk=given["skill"]).first() if given["skill"] else None,
            patience_seconds=given["patience_seconds"],
            wrap_seconds=given["wrap_seconds"],
            target_seconds=given["target_seconds"],
            is_recorded=given["is_recorded"],
        )


def staff_phones() -> list[tuple[str, str]]:
    """The SIP phones of the operator's people: user names, and whose they are."""
    return [(each.username, str(each.user)) for each in StaffPhone.objects.select_related("user")]
