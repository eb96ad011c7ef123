"""Plans for property tests: every reference leads somewhere, so each plan could be kept."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, Final

from hypothesis import settings
from hypothesis import strategies as st

from deskbell.attendant.rules.actions import MENU_KEYS, Action, ActionType, Takes
from deskbell.attendant.rules.plans import (
    AnnouncementPlan,
    MenuPlan,
    NumberPlan,
    Plan,
    SystemPlan,
)
from deskbell.attendant.rules.schedule import DateSpan, WeekSpan

PATIENTLY: Final = settings(deadline=None)  # the machine may be busy with other tests
TEXT: Final = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
NAMES: Final = TEXT.filter(str.strip)
LIMITS: Final = st.none() | st.integers(1, 100)
KNOWN: Final = ("+1 212 555 0142", "+1 212 555 0143", "(212) 555-0144", "+44 20 7946 0958")


def sid(prefix: str, number: int) -> str:
    """A sid that is the same in every run."""
    return f"{prefix}{number:032x}"


@st.composite
def plans(draw: st.DrawFn, numbers: tuple[str, ...] = KNOWN) -> Plan:
    """A plan of up to three announcements, two systems with menus and schedules, and numbers."""
    announcements = tuple(
        draw(_announcement(sid("AN", place))) for place in range(draw(st.integers(0, 3)))
    )
    said = [announcement.sid for announcement in announcements]
    kinds = tuple(draw(_number(number, str(101 + at))) for at, number in enumerate(numbers))
    free = [number.number for number in kinds if not number.is_extension]
    inside = [number.number for number in kinds if number.is_extension]
    systems = []
    for place in range(draw(st.integers(0, 2))):
        mine = draw(st.lists(st.sampled_from(free), unique=True)) if free else []
        free = [number for number in free if number not in mine]
        shared = draw(st.lists(st.sampled_from(inside), unique=True)) if inside else []
        systems.append(draw(_system(place, said, tuple(mine), tuple(shared))))
    return Plan(announcements=announcements, systems=tuple(systems), numbers=kinds)


@st.composite
def _announcement(draw: st.DrawFn, own: str) -> AnnouncementPlan:
    shared = {"sid": own, "name": draw(NAMES), "description": draw(TEXT)}
    if draw(st.booleans()):
        return AnnouncementPlan(**shared, type="play")
    body = draw(TEXT.filter(lambda text: any(character.isalnum() for character in text)))
    language = draw(st.sampled_from(["en-US", "fr-CA", "de"]))
    voice = draw(st.sampled_from(["Man", "Woman"]))
    return AnnouncementPlan(**shared, body=body, language=language, voice=voice)


@st.composite
def _number(draw: st.DrawFn, number: str, extension: str) -> NumberPlan:
    if not draw(st.booleans()):
        return NumberPlan(number)
    held = draw(st.sampled_from(["", extension]))
    return NumberPlan(number, is_extension=True, extension=held, spoken_name=draw(TEXT))


@st.composite
def _system(
    draw: st.DrawFn,
    place: int,
    said: list[str],
    numbers: tuple[str, ...],
    extensions: tuple[str, ...],
) -> SystemPlan:
    menus = [sid("MN", place * 10 + number) for number in range(draw(st.integers(0, 3)))]
    actions = st.none() | action(said, menus)
    own: dict[str, Any] = {
        "invalid_input_max_occurance": draw(LIMITS),
        "invalid_input_action": draw(actions),
        "invalid_extension_max_occurance": draw(LIMITS),
        "invalid_extension_action": draw(actions),
        "no_answer_action": draw(actions),
        "direct_dialling": draw(st.booleans()),
        "apology": draw(st.sampled_from(["", *said])),
    }
    return SystemPlan(
        sid=sid("AA", place),
        name=draw(NAMES),
        description=draw(TEXT),
        status=draw(st.sampled_from(["ACTIVE", "SUSPENDED"])),
        time_zone=draw(st.sampled_from(["", "America/New_York", "Asia/Kathmandu"])),
        numbers=numbers,
        extensions=extensions,
        menus=tuple(draw(_menu(own, said, menus)) for own in menus),
        week=draw(_week(menus)) if menus else (),
        dates=draw(_dates(menus)) if menus else (),
        **_limits(draw, actions),
        **own,
    )


def _limits(draw: st.DrawFn, actions: st.SearchStrategy[Action | None]) -> dict[str, Any]:
    return {
        "timeout_seconds": draw(LIMITS),
        "timeout_max_occurance": draw(LIMITS),
        "timeout_action": draw(actions),
    }


@st.composite
def _menu(draw: st.DrawFn, own: str, said: list[str], menus: list[str]) -> MenuPlan:
    actions = action(said, menus)
    keys = draw(st.dictionaries(st.sampled_from(MENU_KEYS), actions, max_size=4))
    return MenuPlan(
        sid=own,
        name=draw(NAMES),
        color_code=draw(st.sampled_from(["", "#e56052", "#00AAff"])),
        announcement=draw(st.sampled_from(["", *said])),
        ringback_tone=draw(st.sampled_from(["", *said])),
        keys=tuple(keys.items()),
        **_limits(draw, st.none() | actions),
    )


def action(said: list[str], menus: list[str]) -> st.SearchStrategy[Action]:
    """Any action that leads somewhere."""
    choices = {
        Takes.ANNOUNCEMENT: said,
        Takes.MENU: menus,
        Takes.PHONE: ["+1 212 555 0199"],
        Takes.LEVEL: [],
        Takes.NOTHING: [""],
    }
    return st.sampled_from(
        [
            Action(kind, data)
            for kind in ActionType
            for data in ([] if kind.needs_data else [""]) + choices[kind.takes]
            if data or not kind.needs_data
        ]
    )


@st.composite
def _week(draw: st.DrawFn, menus: list[str]) -> tuple[WeekSpan, ...]:
    entries = []
    for day in draw(st.lists(st.integers(1, 7), unique=True)):
        first, last = sorted(draw(st.lists(st.integers(0, 23), min_size=2, max_size=2)))
        menu = draw(st.sampled_from(menus))
        entries.append(WeekSpan(menu, day, time(first), time((last + 1) % 24)))
    return tuple(entries)


@st.composite
def _dates(draw: st.DrawFn, menus: list[str]) -> tuple[DateSpan, ...]:
    spans, day = [], date(2026, 1, 1)
    for length in draw(st.lists(st.integers(0, 20), max_size=3)):
        last = day + timedelta(days=length)
        spans.append(DateSpan(draw(st.sampled_from(menus)), day, last))
        day = last + timedelta(days=draw(st.integers(1, 100)))
    return tuple(spans)
