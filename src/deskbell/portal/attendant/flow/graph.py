"""The boxes of a call flow and the ways between them, made of a system as it is written.

Numbers, system, schedule, menus by how many keys away they are, and what keys lead to. Every menu
is there once; what a key leads to otherwise stands beside each menu that leads there. No Django.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from deskbell.attendant.rules.actions import Action
from deskbell.attendant.rules.plans import MenuPlan, Plan, SystemPlan
from deskbell.attendant.rules.schedule import DateSpan, WeekSpan
from deskbell.foundation.numbers import for_people

from .colours import colours_of
from .words import hours_of, in_short

MOST_NUMBERS: Final = 6
MENUS_FROM: Final = 3
NO_KEY: Final = "t"
_WEEK_SECONDS: Final = 7 * 24 * 60 * 60


class Kind(StrEnum):
    """What a box stands for."""

    NUMBER = "number"
    SYSTEM = "system"
    EMERGENCY = "emergency"
    DATES = "dates"
    WEEK = "week"
    MENU = "menu"
    ANNOUNCEMENT = "announcement"
    VOICEMAIL = "voicemail"
    PHONE = "phone"
    EXTENSION = "extension"
    ON_CALL = "on-call"
    RECEPTIONIST = "receptionist"
    HANG_UP = "hang-up"
    HERE = "here"


@dataclass(frozen=True, slots=True)
class Count:
    """How many calls came a way, and how many callers hung up there."""

    calls: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """A line of a box: a key, or hours, and the box it leads to ("" where it stays here)."""

    mark: str
    words: str
    to: str = ""
    color: str = ""
    count: Count | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """One box. `sid` is of what it shows; `column` counts from the left."""

    id: str
    kind: Kind
    title: str
    column: int
    facts: str = ""
    sid: str = ""
    color: str = ""
    ways: tuple[Way, ...] = ()
    count: Count | None = None


@dataclass(frozen=True, slots=True)
class Emergency:
    """What the emergency switch plays instead, until when in words; a menu's or announcement's
    sid."""

    until: str
    menu: str = ""
    announcement: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a picture needs beside the system: names of the account's levels by id, what callers
    did by menu sid and key, and the day it is."""

    today: date
    levels: Mapping[int, str] = field(default_factory=dict)
    counts: Mapping[tuple[str, str], Count] = field(default_factory=dict)
    emergency: Emergency | None = None


def boxes_of(plan: Plan, system: SystemPlan, around: Surroundings) -> list[Box]:
    """Every box of one system's call flow, in the order in which a column shows them."""
    return _Graph(plan, system, around).boxes()


class _Graph:
    """One picture being made."""

    def __init__(self, plan: Plan, system: SystemPlan, around: Surroundings) -> None:
        self._plan = plan
        self._system = system
        self._around = around
        self._menus = {menu.sid: menu for menu in system.menus}
        self._colours = colours_of(system.menus)
        self._announcements = {each.sid: each.name for each in plan.announcements}
        self._hours: dict[str, list[WeekSpan]] = {}
        for span in system.week:
            self._hours.setdefault(span.menu, []).append(span)

    def boxes(self) -> list[Box]:
        starts = [box for box in (self._emergency(), self._dates(), self._week()) if box]
        targets = [box for box in (self._apology(), self._emergency_sound()) if box]
        found = [*self._numbers(), self._system_box(starts), *starts]
        return [*found, *self._menus_and_targets(starts, targets)]

    def _numbers(self) -> list[Box]:
        lead = (Way("", "", self._system.sid),)
        numbers = self._system.numbers
        shown = numbers if len(numbers) <= MOST_NUMBERS else numbers[: MOST_NUMBERS - 1]
        boxes = [
            Box(f"number {each}", Kind.NUMBER, for_people(each), 0, sid=each, ways=lead)
            for each in shown
        ]
        if more := len(numbers) - len(shown):
            boxes.append(Box("numbers", Kind.NUMBER, f"{more} more numbers", 0, ways=lead))
        return boxes or [Box("numbers", Kind.NUMBER, "No number", 0, "Nobody can call it yet")]

    def _system_box(self, starts: Sequence[Box]) -> Box:
        facts = self._system.time_zone or "UTC"
        if self._system.status != "ACTIVE":
            facts = "Suspended: callers hear an apology"
        ways = tuple(Way("", "", each.id) for each in starts)
        sid = self._system.sid
        return Box(sid, Kind.SYSTEM, self._system.name, 1, facts, sid, ways=ways)

    def _emergency(self) -> Box | None:
        switch = self._around.emergency
        if switch is None:
            return None
        is_menu = switch.menu in self._menus
        words = "Answers instead" if is_menu else "Plays instead"
        to = switch.menu if is_menu else "emergency sound"
        way = Way("", words, to, self._colours.get(switch.menu, ""))
        facts = f"until {switch.until}"
        return Box(
            "emergency", Kind.EMERGENCY, "Emergency", 2, facts, self._system.sid, ways=(way,)
        )

    def _emergency_sound(self) -> Box | None:
        switch = self._around.emergency
        if switch is None or switch.menu in self._menus:
            return None
        name = self._announcements.get(switch.announcement, "Announcement")
        return Box(
            "emergency sound", Kind.ANNOUNCEMENT, name, 3, "then hangs up", switch.announcement
        )

    def _dates(self) -> Box | None:
        to_come = [span for span in self._system.dates if span.end >= self._around.today]
        if not to_come:
            return None
        ways = []
        for sid in dict.fromkeys(span.menu for span in sorted(to_come, key=lambda s: s.start)):
            days = [span for span in to_come if span.menu == sid]
            first = min(days, key=lambda span: span.start)
            more = f" and {len(days) - 1} more" if len(days) > 1 else ""
            words = _ends(first) + more
            ways.append(Way("", words, self._known(sid), self._colours.get(sid, "")))
        return Box("dates", Kind.DATES, "Special days", 2, "", self._system.sid, ways=tuple(ways))

    def _week(self) -> Box:
        ways = []
        for sid, spans in self._hours.items():
            words = "; ".join(hours_of(spans, short=True))
            ways.append(Way("", words, self._known(sid), self._colours.get(sid, "")))
        if self._has_holes():
            words = "At other times" if ways else "No hours yet"
            ways.append(Way("", words, "apology"))
        return Box("week", Kind.WEEK, "Week", 2, "", self._system.sid, ways=tuple(ways))

    def _has_holes(self) -> bool:
        covered = sum(end - start for start, end in (span.seconds for span in self._system.week))
        return covered < _WEEK_SECONDS

    def _apology(self) -> Box | None:
        if not self._has_holes():
            return None
        sid = self._system.apology
        name = self._announcements.get(sid, "Apology")
        return Box("apology", Kind.ANNOUNCEMENT, name, MENUS_FROM, "then hangs up", sid)

    def _known(self, sid: str) -> str:
        return sid if sid in self._menus else ""

    def _menus_and_targets(self, starts: Iterable[Box], targets: Sequence[Box]) -> list[Box]:
        found: dict[str, Box] = {}
        for sid, column in self._columns([way.to for box in starts for way in box.ways]).items():
            found |= {box.id: box for box in self._menu(self._menus[sid], column)}
        found |= {box.id: box for box in targets}
        came = _came(found.values())
        found |= {sid: replace(found[sid], count=_sum(found[sid], came[sid])) for sid in came}
        return _beside(found, [way.to for box in starts for way in box.ways])

    def _columns(self, roots: Sequence[str]) -> dict[str, int]:
        """Each menu's column by how many keys away it is; those nothing leads to come last."""
        columns = {root: MENUS_FROM for root in roots if root in self._menus}
        self._spread(columns, list(columns))
        for sid in self._menus:
            if sid not in columns:
                columns[sid] = MENUS_FROM
                self._spread(columns, [sid])
        return columns

    def _spread(self, columns: dict[str, int], starts: Iterable[str]) -> None:
        """Adds every menu that keys lead to from the starts and is not there yet, nearest first."""
        waiting = deque(starts)
        while waiting:
            sid = waiting.popleft()
            for _key, action in self._led(self._menus[sid]):
                to = action.data if action.type == "GO_TO_MENU" else ""
                if to in self._menus and to not in columns:
                    columns[to] = columns[sid] + 1
                    waiting.append(to)

    def _menu(self, menu: MenuPlan, column: int) -> list[Box]:
        """The menu's box, and boxes for what its keys lead to but for menus."""
        ways: list[Way] = []
        targets: dict[Action, Box] = {}
        for key, action in self._led(menu):
            to = self._known(action.data) if action.type == "GO_TO_MENU" else ""
            if not to and action not in targets:
                box = self._target(f"{menu.sid} {key}", action, column + 1)
                if box is not None:
                    targets[action] = box
            if action in targets:
                to = targets[action].id
            count = self._around.counts.get((menu.sid, key if key != NO_KEY else ""), Count())
            color = self._colours.get(to, "")
            shown = None if key == NO_KEY else count
            ways.append(Way(key, self._words(action), to, color, shown))
        hours = "; ".join(hours_of(self._hours.get(menu.sid, []), short=True))
        box = Box(
            id=menu.sid,
            kind=Kind.MENU,
            title=menu.name,
            column=column,
            facts=hours,
            sid=menu.sid,
            color=self._colours[menu.sid],
            ways=tuple(ways),
            count=self._around.counts.get((menu.sid, "")),
        )
        return [box, *targets.values()]

    def _words(self, action: Action) -> str:
        """What an action does in a row's words; a menu by its name, since its line may be long."""
        if action.type == "GO_TO_MENU" and action.data in self._menus:
            return f"To {self._menus[action.data].name}"
        return in_short(action.type)

    def _led(self, menu: MenuPlan) -> list[tuple[str, Action]]:
        """The menu's keys in the order of a telephone, then what happens without one."""
        led = sorted(menu.keys, key=lambda each: "1234567890*".find(each[0]))
        timeout = menu.timeout_action or self._system.timeout_action
        return [*led, (NO_KEY, timeout)] if timeout else led

    def _target(self, name: str, action: Action, column: int) -> Box | None:
        announcement = self._announcements.get(action.data, "")
        made: dict[str, tuple[Kind, str, str]] = {
            "ANNOUNCEMENT_HANGUP": (Kind.ANNOUNCEMENT, announcement, "then hangs up"),
            "ANNOUNCEMENT_RETURN": (Kind.ANNOUNCEMENT, announcement, "then the menu again"),
            "DIAL_BY_EXTENSION": (Kind.EXTENSION, "An extension", self._reach()),
            "DIAL_BY_NAME": (Kind.EXTENSION, "A person by name", self._reach()),
            "HANGUP": (Kind.HANG_UP, "Hang up", ""),
            "TRANSFER_TO_ONCALL": (Kind.ON_CALL, self._level(action.data), "who is on call"),
            "TRANSFER_TO_PHONE": (Kind.PHONE, for_people(action.data), "outside phone"),
            "TRANSFER_TO_RECEPTIONIST": (Kind.RECEPTIONIST, "Reception", ""),
            "VOICEMAIL": (Kind.VOICEMAIL, "Voicemail", self._voicemail()),
        }
        if action.type not in made:
            return None
        kind, title, facts = made[action.type]
        if action.type == "ANNOUNCEMENT_HANGUP" and not action.data:
            kind, title, facts = made["HANGUP"]
        sid = action.data if kind is Kind.ANNOUNCEMENT else ""
        return Box(name, kind, title or "Deleted announcement", column, facts, sid)

    def _reach(self) -> str:
        count = len(self._system.extensions)
        return "1 extension" if count == 1 else f"{count} extensions"

    def _level(self, data: str) -> str:
        return self._around.levels.get(int(data) if data.isdecimal() else 0, "On call")

    def _voicemail(self) -> str:
        level = self._around.levels.get(self._system.voicemail_level, "")
        return f"to {level}" if level else "to nobody yet"


def _came(boxes: Iterable[Box]) -> dict[str, int]:
    """How many came to each menu by keys of menus."""
    came: Counter[str] = Counter()
    for box in boxes:
        for way in box.ways:
            if way.count is not None and way.color:
                came[way.to] += way.count.calls
    return came


def _sum(menu: Box, more: int) -> Count:
    own = menu.count or Count()
    return replace(own, calls=own.calls + more)


def _beside(boxes: Mapping[str, Box], first: Sequence[str]) -> list[Box]:
    """Boxes in the order in which the column before leads to them, so that few lines cross."""
    columns: dict[int, list[Box]] = defaultdict(list)
    for box in boxes.values():
        columns[box.column].append(box)
    shown: list[Box] = []
    led = {to: place for place, to in enumerate(dict.fromkeys(first))}
    for column in sorted(columns):
        here = sorted(columns[column], key=lambda box: led.get(box.id, len(led)))
        shown += here
        led = {}
        for box in here:
            for way in box.ways:
                led.setdefault(way.to, len(led))
    return shown


def _ends(span: DateSpan) -> str:
    """A span of days for a box's row: `Jan 1`, else both ends, the month once where it is one."""
    first = f"{span.start:%b} {span.start.day}"
    if span.start == span.end:
        return first
    is_same = (span.start.year, span.start.month) == (span.end.year, span.end.month)
    last = str(span.end.day) if is_same else f"{span.end:%b} {span.end.day}"
    return f"{first}\N{EN DASH}{last}"
