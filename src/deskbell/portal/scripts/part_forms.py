"""The forms of a script's parts, beside its steps: greeting, closings, relay triggers, FAQ."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, cast

from django import forms

from deskbell.scripts.rules import Closing, Condition, Content, Faq, Relay, Send

from .answer_fields import (
    AnswersField,
    conditions_of,
    deciding,
    level_choices,
    ticked_of,
    ticks_of,
)
from .frame import SheetForm
from .parts import free_key
from .words import Levels

LONGEST_WORDS: Final = 4_000
LONGEST_LABEL: Final = 200
LONGEST_DISPOSITION: Final = 64
SENDS: Final = [
    (Send.DEFAULT.value, "To the first escalation level"),
    (Send.LEVEL.value, "To the escalation level below"),
    (Send.CHECK_IN.value, "Kept until the client calls in, and read out then"),
    (Send.NOBODY.value, "To nobody; it waits in the portal"),
]
FIRST_LEVEL: Final = "The first escalation level"


def words_area(rows: int, **attributes: Any) -> forms.Textarea:
    """A field for words to say."""
    return forms.Textarea(attrs={"rows": rows, "data-words": "", **attributes})


class GreetingForm(SheetForm):
    """How calls are answered."""

    greeting = forms.CharField(
        label="Greeting",
        required=False,
        max_length=LONGEST_WORDS,
        widget=words_area(3),
    )


class FaqForm(SheetForm):
    """What callers ask, and what to tell them."""

    question = forms.CharField(
        label="Question",
        max_length=LONGEST_LABEL,
        error_messages={"required": "What do callers ask? As: Where may I park?"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    answer = forms.CharField(
        label="Answer",
        max_length=LONGEST_WORDS,
        error_messages={"required": "What is the receptionist to tell them?"},
        widget=words_area(4),
    )

    def made(self, kept: Faq | None, content: Content) -> Faq:  # noqa: ARG002 as the others
        """What the form says."""
        return Faq(self.cleaned_data["question"], self.cleaned_data["answer"])


def shown_faq(faq: Faq) -> Mapping[str, Any]:
    """What the form shows of a question."""
    return {"question": faq.question, "answer": faq.answer}


class ClosingForm(SheetForm):
    """How a call ends: when, what is said, and who gets the message."""

    name = forms.CharField(
        label="Name",
        max_length=LONGEST_LABEL,
        error_messages={"required": "A closing needs a name, as “Message taken”."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    say = forms.CharField(
        label="What to say",
        required=False,
        max_length=LONGEST_WORDS,
        widget=words_area(3),
    )
    send = forms.ChoiceField(
        label="Where the message goes",
        choices=SENDS,
        widget=forms.RadioSelect,
        initial=Send.DEFAULT.value,
    )
    level_id = forms.ChoiceField(label="Escalation level", required=False)
    disposition = forms.CharField(
        label="Disposition",
        required=False,
        max_length=LONGEST_DISPOSITION,
        help_text="How the call is filed, as “Appointment”. May stay empty.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, data: Any, *, content: Content, levels: Levels, kept: Closing | None = None
    ) -> None:
        when = kept.when if kept else ()
        among = deciding(content, kept=when)
        field = AnswersField(among, label="Only where")
        part = shown_closing(kept) if kept else None
        super().__init__(data, made={"when": field}, part=part)
        choice = cast(forms.ChoiceField, self.fields["level_id"])
        choice.choices = level_choices(levels, kept.level_id if kept else None, "Choose a level")
        self.levels = levels

    @property
    def when_ticks(self) -> Any:
        """The boxes for the answers on which it holds."""
        return ticks_of(self["when"])

    def clean(self) -> dict[str, Any]:
        """A level that is there, where the message goes to one."""
        found = super().clean() or self.cleaned_data
        chosen = found.get("level_id")
        if found.get("send") == Send.LEVEL.value and int(chosen or 0) not in self.levels:
            self.add_error("level_id", "Choose the level that gets the message.")
        return found

    def made(self, kept: Closing | None, content: Content) -> Closing:
        """What the form says; a new one gets a key of its own."""
        said = self.cleaned_data
        send = Send(said["send"])
        key = kept.key if kept else free_key(said["name"], {each.key for each in content.closings})
        return Closing(
            key=key,
            name=said["name"],
            say=said["say"],
            when=conditions_of(said["when"]),
            send=send,
            level_id=int(said["level_id"]) if send is Send.LEVEL else None,
            disposition=said["disposition"],
        )


def shown_closing(closing: Closing) -> Mapping[str, Any]:
    """What the form shows of a closing."""
    return {
        "name": closing.name,
        "say": closing.say,
        "when": ticked_of(closing.when),
        "send": closing.send.value,
        "level_id": "" if closing.level_id is None else str(closing.level_id),
        "disposition": closing.disposition,
    }


class RelayForm(SheetForm):
    """Which answers send the message to which level, whatever the closing says."""

    level_id = forms.ChoiceField(label="Send the message to", required=False)
    is_emergency = forms.BooleanField(label="Mark the message as an emergency", required=False)

    def __init__(
        self, data: Any, *, content: Content, levels: Levels, kept: Relay | None = None
    ) -> None:
        held = [Condition(kept.step, kept.answers)] if kept else []
        field = AnswersField(deciding(content, kept=held), label="Where the answer is")
        part = shown_relay(kept) if kept else None
        super().__init__(data, made={"when": field}, part=part)
        choice = cast(forms.ChoiceField, self.fields["level_id"])
        choice.choices = level_choices(levels, kept.level_id if kept else None, FIRST_LEVEL)
        self.levels = levels

    @property
    def when_ticks(self) -> Any:
        """The boxes for the answers on which it holds."""
        return ticks_of(self["when"])

    def clean(self) -> dict[str, Any]:
        """Answers of one step, and a level that is there."""
        found = super().clean() or self.cleaned_data
        steps = conditions_of(found.get("when", ()))
        if "when" not in self.errors and len(steps) != 1:
            words = "Tick answers of one step only; make another trigger for the other."
            self.add_error("when", words if steps else "Tick the answers that send the message.")
        chosen = found.get("level_id")
        if chosen and int(chosen) not in self.levels:
            self.add_error("level_id", "This level is gone; choose another.")
        return found

    def made(self, kept: Relay | None, content: Content) -> Relay:  # noqa: ARG002 as the others
        """What the form says."""
        [when] = conditions_of(self.cleaned_data["when"])
        chosen = self.cleaned_data["level_id"]
        return Relay(
            step=when.step,
            answers=when.answers,
            level_id=int(chosen) if chosen else None,
            is_emergency=self.cleaned_data["is_emergency"],
        )


def shown_relay(relay: Relay) -> Mapping[str, Any]:
    """What the form shows of a relay trigger."""
    return {
        "when": ticked_of([Condition(relay.step, relay.answers)]),
        "level_id": "" if relay.level_id is None else str(relay.level_id),
        "is_emergency": relay.is_emergency,
    }


class NameForm(SheetForm):
    """A script's name; for a new one also what it begins as."""

    name = forms.CharField(
        label="Name",
        max_length=100,
        error_messages={"required": "A script needs a name, as “Main line”."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class NumbersForm(SheetForm):
    """The numbers on which a script is read."""

    numbers = forms.MultipleChoiceField(
        label="Read this script on",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose among these numbers."},
    )

    def __init__(
        self, data: Any, *, choices: list[tuple[str, str]], chosen: Collection[str]
    ) -> None:
        super().__init__(data, part={"numbers": sorted(chosen)})
        field = cast(forms.MultipleChoiceField, self.fields["numbers"])
        field.choices = choices
