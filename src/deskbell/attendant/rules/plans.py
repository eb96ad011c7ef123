"""An account's whole attendant as one value, as it is written: what a draft, a publication and an
exported file hold, what the console edits, and what callers' configurations are made of.

Everything is named by sids; `""` is none. Phone numbers are as they were given. No Django.
"""

from __future__ import annotations

from dataclasses import dataclass

from .actions import Action
from .schedule import DateSpan, WeekSpan


@dataclass(frozen=True, slots=True)
class AnnouncementPlan:
    """Something to hear: `say` speaks `body`, `play` plays the prompt named `audio` (SHA-256)."""

    sid: str
    name: str
    description: str = ""
    type: str = "say"
    body: str = ""
    language: str = ""
    voice: str = ""
    audio: str = ""


@dataclass(frozen=True, slots=True)
class MenuPlan:
    """What callers hear and where keys lead; limits that are None are the system's."""

    sid: str
    name: str
    color_code: str = ""
    announcement: str = ""
    ringback_tone: str = ""
    keys: tuple[tuple[str, Action], ...] = ()
    timeout_seconds: int | None = None
    timeout_max_occurance: int | None = None
    timeout_action: Action | None = None


@dataclass(frozen=True, slots=True)
class SystemPlan:
    """One attendant with its menus and schedules.

    `numbers` and `extensions` are the numbers that lead here. `voicemail_level` is an escalation
    level's id, 0 for none.
    """

    sid: str
    name: str
    description: str = ""
    status: str = "ACTIVE"
    time_zone: str = ""
    numbers: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    direct_dialling: bool = False
    timeout_seconds: int | None = None
    timeout_max_occurance: int | None = None
    timeout_action: Action | None = None
    invalid_input_max_occurance: int | None = None
    invalid_input_action: Action | None = None
    invalid_extension_max_occurance: int | None = None
    invalid_extension_action: Action | None = None
    no_answer_action: Action | None = None
    apology: str = ""
    voicemail_level: int = 0
    menus: tuple[MenuPlan, ...] = ()
    week: tuple[WeekSpan, ...] = ()
    dates: tuple[DateSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """A number of the account: an extension, or one that can lead to a system."""

    number: str
    is_extension: bool = False
    extension: str = ""
    spoken_name: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """All of an account's attendant, each part in the order in which it was made."""

    announcements: tuple[AnnouncementPlan, ...] = ()
    systems: tuple[SystemPlan, ...] = ()
    numbers: tuple[NumberPlan, ...] = ()
