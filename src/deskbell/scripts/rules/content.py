"""What a script says and asks, as one pure value.

The greeting comes first, then the steps from the first on, branches followed, until
none is left; then the first closing whose conditions hold says what becomes of the message. Source:
seed 000, "Scripts" and "Delete Escalation Levels" (relay triggers); design, product, "Words".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

END: Final = "end"
YES: Final = "Yes"
NO: Final = "No"

# What a message has a place of its own for; whatever else a script asks stands in its answers.
MESSAGE_FIELDS: Final = (
    *("first_name", "last_name", "company_name", "phone", "alt_phone", "email"),
    *("address", "address2", "city", "state", "zip", "content", "how_you_hear_about_us"),
)


class Kind(StrEnum):
    """What a step does."""

    SAY = "say"
    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    DATE = "date"
    PHONE = "phone"
    EMAIL = "email"
    YES_NO = "yes_no"
    BRANCH = "branch"


class Send(StrEnum):
    """Where a closing sends the message."""

    LEVEL = "level"
    DEFAULT = "default"
    CHECK_IN = "check_in"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Case:
    """Where a branch goes on an answer: the key of a later step, `end`, or empty for the next."""

    answers: tuple[str, ...] = ()
    go: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to say, to ask, or to decide.

    `key` names it within the script, and its answer in the message. `label` stands beside the
    field; `ask` are the words to say, which may have variables. `field` is the message's own field
    that the answer fills as well, one of MESSAGE_FIELDS, or empty. `options` belong to a choice.
    A branch says nothing: it looks at the answer to the step `on`, and goes where the first of its
    `cases` says that has this answer, else where `otherwise` says.
    """

    key: str
    kind: Kind
    label: str = ""
    ask: str = ""
    field: str = ""
    is_required: bool = False
    options: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    otherwise: str = ""
    on: str = ""

    @property
    def asks(self) -> bool:
        """Whether it wants an answer."""
        return self.kind not in {Kind.SAY, Kind.BRANCH}

    @property
    def choices(self) -> tuple[str, ...]:
        """The answers it takes, where it takes only some: a choice's options, or yes and no."""
        return (YES, NO) if self.kind is Kind.YES_NO else self.options

    @property
    def title(self) -> str:
        """What it is called in sentences about it."""
        return self.label or self.key


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where the step has one of the answers."""

    step: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """How a call ends where all conditions in `when` hold: what is said, and who gets the message.

    `level_id` belongs to `Send.LEVEL`. `Send.DEFAULT` is the account's first level, `CHECK_IN`
    keeps the message until the client calls in, `NOBODY` only keeps it.
    """

    key: str
    name: str
    say: str = ""
    when: tuple[Condition, ...] = ()
    send: Send = Send.DEFAULT
    level_id: int | None = None
    disposition: str = ""


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay trigger: where the step has one of the answers, the message goes to the level,
    whatever the closing says; None is the account's first level."""

    step: str
    answers: tuple[str, ...] = ()
    level_id: int | None = None
    is_emergency: bool = False


@dataclass(frozen=True, slots=True)
class Faq:
    """What callers ask, and what to tell them."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Content:
    """A whole script."""

    greeting: str = ""
    steps: tuple[Step, ...] = ()
    closings: tuple[Closing, ...] = ()
    relays: tuple[Relay, ...] = ()
    faqs: tuple[Faq, ...] = ()

    def step(self, key: str) -> Step | None:
        """The step of that key; the first, where a draft has two."""
        return next((each for each in self.steps if each.key == key), None)
