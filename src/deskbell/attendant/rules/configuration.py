"""All that decides what callers of a system meet, as one value that is read once per change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from .actions import Action, ActionType
from .schedule import DateSpan, WeekSpan
from .sentences import DEFAULT_LANGUAGE, DEFAULT_VOICE, Sentence

DEFAULT_TIMEOUT_SECONDS: Final = 5
DEFAULT_MAX_OCCURANCE: Final = 3
MAX_TIMEOUT_SECONDS: Final = 120
_HANGUP: Final = Action(ActionType.HANGUP)


@dataclass(frozen=True, slots=True)
class Sound:
    """Something to hear: the prompt with this SHA-256, else `text` spoken during the call.

    `name` is the announcement's, for people; the attendant's own sentences have none.
    """

    text: str = ""
    prompt: str = ""
    language: str = DEFAULT_LANGUAGE
    voice: str = DEFAULT_VOICE
    name: str = ""

    @property
    def is_audible(self) -> bool:
        """Whether there is anything to hear: a prompt, or at least a word to speak."""
        return bool(self.prompt) or any(character.isalnum() for character in self.text)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often a caller may hesitate or err; None takes what the next place says.

    Source: seed 002, "Update AA-System" for the defaults.
    """

    timeout_seconds: int | None = None
    timeout_max: int | None = None
    timeout_action: Action | None = None
    invalid_max: int | None = None
    invalid_action: Action | None = None
    invalid_extension_max: int | None = None
    invalid_extension_action: Action | None = None

    def over(self, below: Limits) -> Limits:
        """These limits, with those of `below` where these are not set."""
        return Limits(
            timeout_seconds=_first(self.timeout_seconds, below.timeout_seconds),
            timeout_max=_first(self.timeout_max, below.timeout_max),
            timeout_action=self.timeout_action or below.timeout_action,
            invalid_max=_first(self.invalid_max, below.invalid_max),
            invalid_action=self.invalid_action or below.invalid_action,
            invalid_extension_max=_first(self.invalid_extension_max, below.invalid_extension_max),
            invalid_extension_action=self.invalid_extension_action
            or below.invalid_extension_action,
        )


def _first(one: int | None, other: int | None) -> int | None:
    return other if one is None else one


DEFAULT_LIMITS: Final = Limits(
    timeout_seconds=DEFAULT_TIMEOUT_SECONDS,
    timeout_max=DEFAULT_MAX_OCCURANCE,
    timeout_action=_HANGUP,
    invalid_max=DEFAULT_MAX_OCCURANCE,
    invalid_action=_HANGUP,
    invalid_extension_max=DEFAULT_MAX_OCCURANCE,
    invalid_extension_action=_HANGUP,
)


@dataclass(frozen=True, slots=True)
class MenuRules:
    """A menu: what it says and where its keys lead. `id` is the row's, for what is written down.

    `ringback` is heard while somebody is rung for a caller of this menu.
    """

    sid: str
    id: int = 0
    name: str = ""
    announcement: Sound | None = None
    keys: Mapping[str, Action] = field(default_factory=dict)
    limits: Limits = Limits()
    ringback: Sound | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """Somebody who can be reached by extension number or by name: the number that is rung.

    `spoken_name` may give several, parted by semicolons: the name, then others that callers say,
    or a spelling by its sound where the name is read wrongly.
    """

    number: str
    spoken_name: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that can be said, the proper one first."""
        return tuple(name for each in self.spoken_name.split(";") if (name := each.strip()))


@dataclass(frozen=True, slots=True)
class Emergency:
    """What callers meet instead of the schedule until the instant `until` (aware), outside it.

    A menu's sid, else an announcement's, after which the call ends.
    """

    until: datetime
    menu: str = ""
    announcement: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A system as callers meet it. `announcements` and `menus` are by sid.

    `extensions` are by extension number, digits only; one that has none is by the digits of its
    number. `no_answer_action` runs after a transfer that nobody took; None is a short sentence and
    the menu again. A sentence that is not in `sentences` is spoken while the caller waits.
    `levels` are the names of escalation levels by id, for words alone: calls do without.
    """

    sid: str
    account_id: int = 0
    is_active: bool = True
    time_zone: str = "UTC"
    limits: Limits = Limits()
    apology: Sound | None = None
    menus: Mapping[str, MenuRules] = field(default_factory=dict)
    announcements: Mapping[str, Sound] = field(default_factory=dict)
    week: tuple[WeekSpan, ...] = ()
    dates: tuple[DateSpan, ...] = ()
    sentences: Mapping[Sentence, Sound] = field(default_factory=dict)
    extensions: Mapping[str, Extension] = field(default_factory=dict)
    direct_dialling: bool = False
    no_answer_action: Action | None = None
    emergency: Emergency | None = None
    levels: Mapping[int, str] = field(default_factory=dict)

    @property
    def longest_extension(self) -> int:
        """How many digits the longest extension number has; 0 where there is none."""
        return max(map(len, self.extensions), default=0)

    def sentence(self, name: Sentence) -> Sound:
        """One of the attendant's own sentences."""
        return self.sentences.get(name) or Sound(name.value)

    def announcement(self, sid: str) -> Sound | None:
        """An announcement that can be heard, else None."""
        found = self.announcements.get(sid)
        return found if found is not None and found.is_audible else None

    def limits_of(self, menu: MenuRules) -> Limits:
        """The menu's limits with the system's and the defaults behind them; none is None."""
        return menu.limits.over(self.limits).over(DEFAULT_LIMITS)
