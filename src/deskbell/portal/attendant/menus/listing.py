"""The list of menus by system: colour, what each says, its keys at a glance, when it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from deskbell.attendant.queries import Planned
from deskbell.attendant.rules.edits import uses_of
from deskbell.attendant.rules.plans import AnnouncementPlan, MenuPlan, Plan, SystemPlan
from deskbell.doctor.findings import Finding

from ..action_forms import ActionChoices, action_choices
from ..announcements.lines import mark_of
from ..announcements.sounds import Heard, sounds_of
from ..flow.colours import colours_of
from ..flow.parts import days_in_words
from ..flow.words import hours_of
from ..uses import words_of
from .keypad import Key, keypad

MOST_DAYS = 4


@dataclass(frozen=True, slots=True)
class Answers:
    """When a menu answers, in words: hours of the week, special days, and what leads to it."""

    hours: Sequence[str] = ()
    days: Sequence[str] = ()
    more_days: int = 0
    led_from: Sequence[str] = ()

    @property
    def never(self) -> bool:
        """Whether nothing brings a caller there."""
        return not (self.hours or self.days or self.led_from)


@dataclass(frozen=True, slots=True)
class MenuCard:
    """A menu in the list. `mark` is what a publication will do: new, changed or nothing."""

    menu: MenuPlan
    colour: str
    says: AnnouncementPlan | None
    sound: Heard | None
    pad: Sequence[Key]
    answers: Answers
    findings: Sequence[Finding]
    mark: str

    @property
    def keys(self) -> list[Key]:
        """The keys that do something, 1 to 9, then 0 and *."""
        used = [key for key in self.pad if key.is_used]
        return sorted(used, key=lambda key: "1234567890*".index(key.key))


@dataclass(frozen=True, slots=True)
class SystemMenus:
    """A system with its menus."""

    system: SystemPlan
    menus: Sequence[MenuCard]


def menus_of(planned: Planned, findings: Sequence[Finding], *, today: date) -> list[SystemMenus]:
    """Every system of the draft with its menus. Three queries, however many there are."""
    plan = planned.plan
    choices = action_choices(plan, None)
    said = {each.sid: each for each in plan.announcements}
    sounds = sounds_of(plan.announcements)
    live = {menu.sid: menu for system in planned.live.systems for menu in system.menus}
    return [
        SystemMenus(
            system,
            [
                MenuCard(
                    menu=menu,
                    colour=colours[menu.sid],
                    says=said.get(menu.announcement),
                    sound=sounds.get(menu.announcement),
                    pad=pad,
                    answers=answers_of(plan, system, menu, today=today),
                    findings=[each for each in findings if each.sid == menu.sid],
                    mark=mark_of(menu, live.get(menu.sid)),
                )
                for menu, pad in _pads(system, choices, colours)
            ],
        )
        for system in plan.systems
        for colours in [colours_of(system.menus)]
    ]


def _pads(
    system: SystemPlan, choices: ActionChoices, colours: Mapping[str, str]
) -> Iterator[tuple[MenuPlan, list[Key]]]:
    inside = replace(choices, menus=[(menu.sid, menu.name) for menu in system.menus])
    for menu in system.menus:
        yield menu, keypad(dict(menu.keys), inside, colours=colours)


def answers_of(plan: Plan, system: SystemPlan, menu: MenuPlan, *, today: date) -> Answers:
    """When the menu answers; special days that are over do not count."""
    coming = sorted(
        (each for each in system.dates if each.menu == menu.sid and each.end >= today),
        key=lambda each: each.start,
    )
    led = [words_of(use) for use in uses_of(plan, menu.sid) if use.how not in {"week", "dates"}]
    return Answers(
        hours=hours_of(each for each in system.week if each.menu == menu.sid),
        days=[days_in_words(each) for each in coming[:MOST_DAYS]],
        more_days=max(0, len(coming) - MOST_DAYS),
        led_from=led,
    )
