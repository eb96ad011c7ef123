"""What the panel beside the picture says about one box, and where each box is edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from deskbell.attendant.rules.actions import Action
from deskbell.attendant.rules.plans import AnnouncementPlan, MenuPlan, Plan, SystemPlan
from deskbell.attendant.rules.schedule import DateSpan
from deskbell.doctor.findings import Finding

from ..action_forms import ActionChoices, action_words
from ..announcements.sounds import Heard, sounds_of
from .colours import colours_of
from .graph import NO_KEY, Box, Count, Kind
from .words import hours_of

LABELS = {
    Kind.NUMBER: "Number",
    Kind.SYSTEM: "System",
    Kind.EMERGENCY: "Emergency switch",
    Kind.DATES: "Special days",
    Kind.WEEK: "Week",
    Kind.MENU: "Menu",
    Kind.ANNOUNCEMENT: "Announcement",
    Kind.VOICEMAIL: "Voicemail",
    Kind.PHONE: "Phone",
    Kind.EXTENSION: "Extensions",
    Kind.ON_CALL: "On call",
    Kind.RECEPTIONIST: "Reception",
    Kind.HANG_UP: "End of the call",
}
SAYS = {
    Kind.VOICEMAIL: "The caller leaves a message, which is sent on as the escalation level says.",
    Kind.PHONE: "An outside phone rings.",
    Kind.EXTENSION: "The caller is asked, and the extension's phone rings.",
    Kind.ON_CALL: "Phones of whoever is on call ring; unanswered, the caller leaves a message.",
    Kind.RECEPTIONIST: "A receptionist answers; while none can, the caller leaves a message.",
    Kind.HANG_UP: "Deskbell ends the call.",
    Kind.ANNOUNCEMENT: "The caller hears this announcement.",
}


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key with what it does and what callers did."""

    key: str
    does: str
    count: Count | None


@dataclass(frozen=True, slots=True)
class HoursLine:
    """Hours or days in words, and the menu that answers then."""

    menu: str
    color: str
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Part:
    """One box, told."""

    box: Box
    label: str
    says: str
    edit_url: str
    edit_words: str
    findings: Sequence[Finding]
    announcement: AnnouncementPlan | None = None
    sound: Heard | None = None
    keys: Sequence[KeyLine] = ()
    hours: Sequence[HoursLine] = ()


class Parts:
    """Tells about the boxes of one system's picture."""

    def __init__(
        self,
        plan: Plan,
        system: SystemPlan,
        boxes: Sequence[Box],
        findings: Sequence[Finding],
        choices: ActionChoices,
    ) -> None:
        self._system = system
        self._boxes = {box.id: box for box in boxes}
        self._menus = {menu.sid: menu for menu in system.menus}
        self._announcements = {each.sid: each for each in plan.announcements}
        self._findings = findings
        self._choices = choices

    def about(self, box_id: str) -> Part | None:
        """The part with a box's id; None where the picture has no such box."""
        box = self._boxes.get(box_id)
        if box is None:
            return None
        url, words = self._edited_at(box)
        menu = self._menus.get(box.sid) if box.kind is Kind.MENU else None
        announcement = self._announcements.get(menu.announcement if menu else box.sid)
        return Part(
            box=box,
            label=LABELS[box.kind],
            says=SAYS.get(box.kind, ""),
            edit_url=url,
            edit_words=words,
            findings=findings_about(box, self._findings),
            announcement=announcement,
            sound=sounds_of([announcement]).get(announcement.sid) if announcement else None,
            keys=self._keys(menu, box) if menu else (),
            hours=self._hours(box),
        )

    def _edited_at(self, box: Box) -> tuple[str, str]:
        owner = box.id.partition(" ")[0]
        places = {
            Kind.MENU: ("menu", box.sid, "Edit menu"),
            Kind.WEEK: ("schedule", self._system.sid, "Edit schedule"),
            Kind.DATES: ("schedule", self._system.sid, "Edit schedule"),
            Kind.EMERGENCY: ("emergency", self._system.sid, "Change or end"),
            Kind.NUMBER: ("numbers", "", "See numbers"),
        }
        place = places.get(box.kind)
        if box.kind is Kind.ANNOUNCEMENT and box.sid in self._announcements:
            place = ("announcement", box.sid, "Edit announcement")
        elif place is None and owner in self._menus:
            place = ("menu", owner, "Edit the menu that leads here")
        name, sid, words = place or ("system", self._system.sid, "Edit system")
        url = reverse(f"attendant:{name}", args=[sid] if sid else [])
        return (f"{url}#special-days" if box.kind is Kind.DATES else url), words

    def _keys(self, menu: MenuPlan, box: Box) -> list[KeyLine]:
        counts = {way.mark: way.count for way in box.ways}
        lines = [
            KeyLine(key, action_words(action, self._choices), counts.get(key))
            for key, action in sorted(menu.keys, key=lambda each: "1234567890*".find(each[0]))
        ]
        silence: Action | None = menu.timeout_action or self._system.timeout_action
        words = action_words(silence, self._choices, empty="Hang up")
        return [*lines, KeyLine(NO_KEY, words, None)]

    def _hours(self, box: Box) -> list[HoursLine]:
        colours = colours_of(self._system.menus)
        spans = self._system.week if box.kind is not Kind.DATES else ()
        days = self._system.dates if box.kind is not Kind.WEEK else ()
        if box.kind not in {Kind.MENU, Kind.WEEK, Kind.DATES}:
            return []
        lines = []
        for menu in self._system.menus:
            if box.kind is Kind.MENU and menu.sid != box.sid:
                continue
            words = hours_of(span for span in spans if span.menu == menu.sid)
            words += [days_in_words(span) for span in days if span.menu == menu.sid]
            if words:
                lines.append(HoursLine(menu.name, colours[menu.sid], words))
        return lines


def days_in_words(span: DateSpan) -> str:
    """Special days for people: "Dec 25, 2026", "Dec 24 to Dec 26, 2026"."""
    last = f"{span.end:%b} {span.end.day}, {span.end.year}"
    if span.start == span.end:
        return last
    year = f", {span.start.year}" if span.start.year != span.end.year else ""
    return f"{span.start:%b} {span.start.day}{year} to {last}"


_FOUND_AT: Mapping[str, set[Kind]] = {
    "system": {Kind.SYSTEM},
    "menu": {Kind.MENU},
    "announcement": {Kind.ANNOUNCEMENT},
    "schedule": {Kind.WEEK},
    "number": {Kind.NUMBER},
}


def findings_about(box: Box, findings: Sequence[Finding]) -> list[Finding]:
    """Those of Doctor's findings that a box shows."""
    return [
        each
        for each in findings
        if each.sid == box.sid and box.kind in _FOUND_AT.get(each.kind, set())
    ]
