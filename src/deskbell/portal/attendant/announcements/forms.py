"""The form of an announcement: words to speak, or a sound that was uploaded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict

from deskbell.attendant.rules.plans import AnnouncementPlan

from ..forms import PartForm
from .sounds import kept_by
from .speakers import VOICES, language_choices, tag_of, voice_of

MAX_BODY = 5000
TYPES = {"say": "Say a text", "play": "Play a sound file"}
NO_WORD = "Type what callers hear; there is no word to speak yet."
NO_NAME = "Give it a name; only people who edit the attendant see it."
NUL = "There is a character in this that cannot be kept; type it again."


def input_attrs(**more: str) -> dict[str, str]:
    """Attributes of a field that one types in."""
    return {"class": "form-control", "autocomplete": "off", **more}


class KeptField(forms.CharField):
    """The signed word for a sound uploaded into the form; its value is the prompt's name."""

    widget = forms.HiddenInput

    def __init__(self, account_id: int) -> None:
        super().__init__(required=False)
        self.account_id = account_id

    def clean(self, value: Any) -> str:
        """The prompt's name; a word that is forged or old counts as none."""
        return kept_by(str(value or ""), self.account_id)

    def in_words(self, value: Any) -> str:
        """What is to be played, for people."""
        return "a new upload" if value else "the sound that was there"


def body_field(*, required: bool = True, rows: int = 4) -> forms.CharField:
    """What callers hear, typed."""
    return forms.CharField(
        label="Text",
        required=required,
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs=input_attrs(rows=str(rows), maxlength=str(MAX_BODY))),
        error_messages={
            "max_length": "The text has %(show_value)s characters; up to %(limit_value)s are kept.",
            "null_characters_not_allowed": NUL,
        },
    )


def name_field(*, required: bool = True) -> forms.CharField:
    """The name by which people who edit know it."""
    return forms.CharField(
        label="Name",
        required=required,
        max_length=200,
        widget=forms.TextInput(attrs=input_attrs(maxlength="200")),
        error_messages={
            "required": NO_NAME,
            "max_length": "The name has %(show_value)s characters; up to %(limit_value)s are kept.",
            "null_characters_not_allowed": NUL,
        },
    )


def language_field(used: Collection[str]) -> forms.ChoiceField:
    """The language, those in use first."""
    return forms.ChoiceField(
        label="Language",
        required=False,
        choices=language_choices(used),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "Choose one of the languages in the list."},
    )


def voice_field() -> forms.ChoiceField:
    """Man or Woman."""
    return forms.ChoiceField(
        label="Voice",
        required=False,
        choices=list(VOICES.items()),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "Choose Man or Woman."},
    )


def check_words(body: str) -> str:
    """A text with a word to speak. Raises ValidationError for none."""
    text = body.replace("\r\n", "\n").strip()
    if not any(character.isalnum() for character in text):
        raise forms.ValidationError(NO_WORD)
    return text


class AnnouncementForm(PartForm[AnnouncementPlan]):
    """An announcement; `part` is what the draft has now, None for a new one."""

    name = name_field()
    description = forms.CharField(
        label="Description",
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs=input_attrs(maxlength="1000")),
        error_messages={
            "max_length": "Up to %(limit_value)s characters are kept; this has %(show_value)s.",
            "null_characters_not_allowed": NUL,
        },
    )
    type = forms.ChoiceField(
        label="What callers hear",
        choices=list(TYPES.items()),
        initial="say",
        widget=forms.RadioSelect(attrs={"class": "btn-check"}),
        error_messages={
            "required": "Choose a text or a sound file.",
            "invalid_choice": "Choose a text or a sound file.",
        },
    )
    body = body_field(required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        account_id: int,
        languages: Collection[str] = (),
        part: AnnouncementPlan | None = None,
        locked: bool = False,
    ) -> None:
        self.part = part
        made: dict[str, forms.Field] = {
            "language": language_field(languages),
            "voice": voice_field(),
            "kept": KeptField(account_id),
        }
        super().__init__(data, part=part, made=made, locked=locked)
        self.initial.setdefault("language", tag_of(""))
        self.initial.setdefault("voice", voice_of(""))

    def shown_of(self, part: AnnouncementPlan) -> dict[str, Any]:
        """The fields of a saved announcement."""
        return {
            "name": part.name,
            "description": part.description,
            "type": part.type if part.type in TYPES else "say",
            "body": part.body,
            "language": tag_of(part.language),
            "voice": voice_of(part.voice),
        }

    def clean(self) -> dict[str, Any]:
        """Says what is missing of the kind that was chosen; fields of the other do not count."""
        found = super().clean() or self.cleaned_data
        if found.get("type") == "say" and "body" not in self.errors:
            try:
                found["body"] = check_words(found.get("body", ""))
            except forms.ValidationError as error:
                self.add_error("body", error)
        if found.get("type") == "play" and not self.audio:
            self.add_error("kept", "Choose a WAV file to upload.")
        return found

    @property
    def audio(self) -> str:
        """The prompt that is played: what was uploaded just now, else what was there."""
        kept = str(self.fields["kept"].clean(self.data.get("kept", ""))) if self.is_bound else ""
        return kept or (self.part.audio if self.part else "")

    def made(self, sid: str, before: AnnouncementPlan | None) -> AnnouncementPlan:
        """The announcement that a valid form makes of what the draft has now.

        A language or voice that means what it did keeps its spelling, so that saving changes only
        what the person changed.
        """
        found = self.cleaned_data
        old = before or AnnouncementPlan(sid=sid, name="")
        made = replace(
            old, name=found["name"], description=found["description"], type=found["type"]
        )
        if found["type"] == "play":
            return replace(made, audio=found["kept"] or old.audio)
        language, voice = found["language"] or tag_of(""), found["voice"] or voice_of("")
        same_language = old.language and tag_of(old.language) == language
        same_voice = old.voice and voice_of(old.voice) == voice
        return replace(
            made,
            audio="",
            body=found["body"],
            language=old.language if same_language else language,
            voice=old.voice if same_voice else voice,
        )
