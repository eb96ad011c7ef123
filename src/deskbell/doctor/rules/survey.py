"""One system looked over once: every place where an action stands, and which menus callers reach.

All rules about a system read this, so that "used" and "reached" mean the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from deskbell.attendant.rules import Action, ActionType
from deskbell.attendant.rules.plans import AnnouncementPlan, MenuPlan, NumberPlan, Plan, SystemPlan

from ..findings import Facts

TIMEOUT: Final = "timeoutAction"
INVALID_INPUT: Final = "invalidInputAction"
INVALID_EXTENSION: Final = "invalidExtensionAction"
NO_ANSWER: Final = "noAnswerAction"
_PLACES: Final = {
    TIMEOUT: "Silence",
    INVALID_INPUT: "A wrong key",
    INVALID_EXTENSION: "A wrong extension",
    NO_ANSWER: "A transfer that nobody answers",
}
_HANG_UP: Final = Action(ActionType.HANGUP)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an action stands: at a key or time-out of a menu, or (`menu` None) in the system."""

    menu: MenuPlan | None
    key: str
    action: Action

    @property
    def words(self) -> str:
        """`Key 2 of the menu "Night"`; starts a sentence."""
        what = _PLACES.get(self.key, f"Key {self.key}")
        if self.menu is None:
            return what
        return f'{what} {"in" if self.key == TIMEOUT else "of"} the menu "{self.menu.name}"'


@dataclass(frozen=True, slots=True)
class Survey:
    """A system with what was found by looking it over.

    `places` are all actions that are set. `reached` are the sids of menus that callers can meet,
    starting from `entries`, those that a schedule or the emergency switch names.
    """

    system: SystemPlan
    menus: Mapping[str, MenuPlan]
    announcements: Mapping[str, AnnouncementPlan]
    extensions: tuple[NumberPlan, ...]
    places: tuple[Place, ...]
    entries: frozenset[str]
    reached: frozenset[str]

    def uses(self, *types: ActionType) -> bool:
        """Whether an action of one of the types stands anywhere."""
        return any(place.action.type in types for place in self.places)

    def ways(self, menu: MenuPlan) -> Iterator[Action]:
        """What the menu's keys and its time-out do, the system's or the default where it has
        none of its own."""
        return _ways(self.system, menu)


def survey(plan: Plan, system: SystemPlan, facts: Facts) -> Survey:
    """Looks a system of the plan over."""
    menus = {menu.sid: menu for menu in system.menus}
    entries = frozenset(_entries(system, facts)) & menus.keys()
    return Survey(
        system=system,
        menus=menus,
        announcements={each.sid: each for each in plan.announcements},
        extensions=tuple(each for each in plan.numbers if _is_extension_of(each, system)),
        places=tuple(_places(system)),
        entries=entries,
        reached=frozenset(_reached(system, menus, entries)),
    )


def actions_of(plan: Plan) -> Iterator[Action]:
    """Every action that stands anywhere in a plan."""
    for system in plan.systems:
        yield from (place.action for place in _places(system))


def is_silent(announcement: AnnouncementPlan | None) -> bool:
    """Whether nothing can be heard of it: no audio was uploaded, or it has no word to speak."""
    if announcement is None:
        return True
    if announcement.type == "play":
        return not announcement.audio
    return not any(character.isalnum() for character in announcement.body)


def _is_extension_of(number: NumberPlan, system: SystemPlan) -> bool:
    return number.is_extension and bool({number.number, number.extension} & {*system.extensions})


def _places(system: SystemPlan) -> Iterator[Place]:
    for menu in system.menus:
        for key, action in menu.keys:
            yield Place(menu, key, action)
        if menu.timeout_action:
            yield Place(menu, TIMEOUT, menu.timeout_action)
    for key, wanted in (
        (TIMEOUT, system.timeout_action),
        (INVALID_INPUT, system.invalid_input_action),
        (INVALID_EXTENSION, system.invalid_extension_action),
        (NO_ANSWER, system.no_answer_action),
    ):
        if wanted:
            yield Place(None, key, wanted)


def _entries(system: SystemPlan, facts: Facts) -> Iterator[str]:
    today = facts.today(system.time_zone)
    yield from (span.menu for span in system.week)
    yield from (span.menu for span in system.dates if today is None or span.end >= today)
    yield from facts.reached


def _ways(system: SystemPlan, menu: MenuPlan) -> Iterator[Action]:
    yield from (action for _, action in menu.keys)
    yield menu.timeout_action or system.timeout_action or _HANG_UP


def _reached(
    system: SystemPlan, menus: Mapping[str, MenuPlan], entries: frozenset[str]
) -> set[str]:
    """Every menu can also be left by invalid input, and most by what follows a failed transfer."""
    anywhere = [
        system.invalid_input_action,
        system.invalid_extension_action,
        system.no_answer_action,
    ]
    found: set[str] = set()
    waiting = set(entries)
    while waiting:
        sid = waiting.pop()
        found.add(sid)
        for action in (*_ways(system, menus[sid]), *anywhere):
            if action and action.type is ActionType.GO_TO_MENU and action.data in menus:
                waiting |= {action.data} - found
    return found
