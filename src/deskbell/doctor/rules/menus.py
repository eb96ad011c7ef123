"""What is wrong with menus: nobody gets in, nobody gets out, or nothing is heard there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from deskbell.attendant.rules import ActionType
from deskbell.attendant.rules.plans import MenuPlan

from ..findings import Facts, Finding, Kind, Severity
from .survey import Survey, is_silent

# A caller who meets one of these is still in the menus afterwards.
_STAYS: Final = {
    ActionType.ANNOUNCEMENT_RETURN,
    ActionType.GO_TO_MENU,
    ActionType.REPLAY_MENU,
    ActionType.RETURN_TO_PREVIOUS_MENU,
}


def examine(survey: Survey, _facts: Facts) -> Iterator[Finding]:
    """The findings about the menus of one system."""
    for menu in survey.system.menus:
        yield from _way_in(survey, menu)
        yield from _announcement(survey, menu)
    yield from _way_out(survey)


def _way_in(survey: Survey, menu: MenuPlan) -> Iterator[Finding]:
    """A system without any schedule has a worse fault, which is found elsewhere."""
    if menu.sid in survey.reached or not survey.entries:
        return
    yield Finding(
        Severity.WARNING,
        "menu_unreachable",
        Kind.MENU,
        menu.sid,
        "",
        f'No caller can reach the menu "{menu.name}": no schedule and no key leads there.',
        "Put it into the schedule, let a key or silence lead to it, or delete it. A menu for "
        "emergencies may stay.",
    )


def _announcement(survey: Survey, menu: MenuPlan) -> Iterator[Finding]:
    found = survey.announcements.get(menu.announcement)
    if not is_silent(found):
        return
    why = f'nothing can be heard of "{found.name}"' if found else "it has no announcement"
    yield Finding(
        Severity.ERROR if menu.sid in survey.reached else Severity.WARNING,
        "menu_without_announcement",
        Kind.MENU,
        menu.sid,
        "",
        f'The menu "{menu.name}" does not say which keys there are: {why}.',
        "Choose an announcement that names its keys.",
    )


def _way_out(survey: Survey) -> Iterator[Finding]:
    trapped = survey.reached - _leaving(survey)
    while trapped:
        first = next(menu for menu in survey.system.menus if menu.sid in trapped)
        ring = _ring(survey, first.sid) & trapped
        names = [f'"{menu.name}"' for menu in survey.system.menus if menu.sid in ring]
        trapped -= ring
        among = f"one another: {_listed(names)}" if len(names) > 1 else f"itself: {names[0]}"
        yield Finding(
            Severity.ERROR,
            "menus_without_exit",
            Kind.MENU,
            first.sid,
            "",
            f"Callers cannot leave: all keys and silences lead only to {among}.",
            "Add a key or a silence that ends the call, takes a message or transfers the caller.",
        )


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _leaving(survey: Survey) -> set[str]:
    """The menus from which a caller can get to an action that leaves the menus."""
    found = {
        sid
        for sid, menu in survey.menus.items()
        if any(action.type not in _STAYS for action in survey.ways(menu))
    }
    backward = _came_from(survey)
    waiting = set(found)
    while waiting:
        before = backward[waiting.pop()] - found
        found |= before
        waiting |= before
    return found


def _ring(survey: Survey, start: str) -> set[str]:
    """The menus that hang together with one, in whichever direction keys lead."""
    backward = _came_from(survey)
    forward = _leads_to(survey)
    found, waiting = {start}, {start}
    while waiting:
        sid = waiting.pop()
        beside = (backward[sid] | forward[sid]) - found
        found |= beside
        waiting |= beside
    return found


def _leads_to(survey: Survey) -> dict[str, set[str]]:
    """Where each menu's ways lead; one that returns leads to every menu that leads to it."""
    forward = {
        sid: {
            action.data
            for action in survey.ways(menu)
            if action.type is ActionType.GO_TO_MENU and action.data in survey.menus
        }
        for sid, menu in survey.menus.items()
    }
    returning = [
        sid
        for sid, menu in survey.menus.items()
        if any(way.type is ActionType.RETURN_TO_PREVIOUS_MENU for way in survey.ways(menu))
    ]
    back = {sid: {one for one, leads in forward.items() if sid in leads} for sid in returning}
    return {sid: leads | back.get(sid, set()) for sid, leads in forward.items()}


def _came_from(survey: Survey) -> dict[str, set[str]]:
    backward: dict[str, set[str]] = {sid: set() for sid in survey.menus}
    for sid, leads in _leads_to(survey).items():
        for target in leads:
            backward[target].add(sid)
    return backward
