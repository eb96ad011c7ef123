"""The lines of the list: what each says or plays, how long, who uses it, whether it is ready."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from deskbell.attendant.queries import Planned
from deskbell.attendant.rules.edits import Use, uses_of
from deskbell.attendant.rules.plans import AnnouncementPlan
from deskbell.doctor.findings import Finding
from deskbell.foundation.durations import on_clock

from ..listing import Column
from ..uses import words_of
from .sounds import Heard, sounds_of
from .speakers import language_name, voice_of

# The columns say these already.
SAID_BY_COLUMNS: Final = {"announcement_unused", "announcement_without_audio"}


@dataclass(frozen=True, slots=True)
class Status:
    """Whether callers can hear it, in words, with a tone for the badge."""

    words: str
    tone: str
    is_passing: bool = False


READY: Final = Status("Ready", "success")
SILENT: Final = Status("No sound yet", "danger")
SPEAKING: Final = Status("Being spoken", "warning", is_passing=True)
LATER: Final = Status("Spoken when published", "secondary")


@dataclass(frozen=True, slots=True)
class Line:
    """An announcement in the list; `mark` is what a publication does to it: new or changed."""

    plan: AnnouncementPlan
    sound: Heard | None
    uses: Sequence[Use]
    status: Status
    mark: str
    findings: Sequence[Finding] = ()

    @property
    def speaker(self) -> str:
        """Language and voice in words; empty for a sound file."""
        if self.plan.type != "say":
            return ""
        return f"{language_name(self.plan.language)}, {voice_of(self.plan.voice)}"

    @property
    def what(self) -> str:
        """What callers hear, in words."""
        return self.plan.body if self.plan.type == "say" else "A sound file"

    @property
    def users(self) -> list[str]:
        """Who plays it, one by one."""
        return [words_of(use) for use in self.uses]

    @property
    def used_by(self) -> str:
        """Who plays it."""
        return "; ".join(self.users)


COLUMNS: list[Column[Line]] = [
    Column(
        "name", "Announcement", lambda line: f"{line.plan.name} {line.plan.description}".strip()
    ),
    Column("what", "Says or plays", lambda line: line.what),
    Column(
        "length",
        "Length",
        lambda line: on_clock(line.sound.seconds) if line.sound else "",
        order=lambda line: line.sound.seconds if line.sound else -1.0,
    ),
    Column("used", "Used by", lambda line: line.used_by, order=lambda line: len(line.uses)),
    Column("status", "Status", lambda line: line.status.words),
]
FILTERS: Final = {"": "All", "say": "Texts", "play": "Sound files", "unused": "Unused"}
SHOWS: Final[dict[str, Callable[[Line], bool]]] = {
    "say": lambda line: line.plan.type == "say",
    "play": lambda line: line.plan.type == "play",
    "unused": lambda line: not line.uses,
}


def lines_of(planned: Planned, findings: Sequence[Finding] = ()) -> list[Line]:
    """Every announcement of the draft as a line, with what Doctor found. Two queries."""
    sounds = sounds_of(planned.plan.announcements)
    live = {each.sid: each for each in planned.live.announcements}
    told: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.code not in SAID_BY_COLUMNS:
            told.setdefault(finding.sid, []).append(finding)
    return [
        Line(
            plan=each,
            sound=sounds.get(each.sid),
            uses=uses_of(planned.plan, each.sid),
            status=_status(each, sounds.get(each.sid), live.get(each.sid)),
            mark=mark_of(each, live.get(each.sid)),
            findings=told.get(each.sid, ()),
        )
        for each in planned.plan.announcements
    ]


def mark_of(part: object, live: object | None) -> str:
    """What a publication will do to a part of the draft, in a word; empty for nothing."""
    if live is None:
        return "New"
    return "" if part == live else "Changed"


def _status(plan: AnnouncementPlan, sound: Heard | None, live: AnnouncementPlan | None) -> Status:
    if sound is not None:
        return READY
    if plan.type != "say":
        return SILENT
    return SPEAKING if live is not None and _said(plan) == _said(live) else LATER


def _said(plan: AnnouncementPlan) -> tuple[str, str, str, str]:
    return plan.type, plan.body, plan.language, plan.voice
