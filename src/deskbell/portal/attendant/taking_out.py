"""Taking a menu or an announcement out of everything that needs it, so that it can be deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from deskbell.attendant.rules import Action
from deskbell.attendant.rules.edits import Use
from deskbell.attendant.rules.plans import MenuPlan, Plan, SystemPlan

from .uses import words_of

CONSEQUENCES: Final = {
    "announcement": "callers hear nothing there",
    "ringback": "callers hear the usual ringing",
    "apology": "callers hear the usual apology",
    "week": "nobody answers in those hours",
    "dates": "those days are like any other",
}


def consequence(use: Use) -> str:
    """What is the case at a use of something once it is deleted, for people."""
    return f"{words_of(use)}: {CONSEQUENCES.get(use.how, 'it does nothing there any more')}"


def without_uses(plan: Plan, sid: str) -> Plan:
    """The plan in which nothing needs the menu or announcement with this sid any more."""
    return replace(plan, systems=tuple(_system(each, sid) for each in plan.systems))


def _system(system: SystemPlan, sid: str) -> SystemPlan:
    return replace(
        system,
        apology="" if system.apology == sid else system.apology,
        menus=tuple(_menu(each, sid) for each in system.menus),
        week=tuple(each for each in system.week if each.menu != sid),
        dates=tuple(each for each in system.dates if each.menu != sid),
        timeout_action=_action(system.timeout_action, sid),
        invalid_input_action=_action(system.invalid_input_action, sid),
        invalid_extension_action=_action(system.invalid_extension_action, sid),
        no_answer_action=_action(system.no_answer_action, sid),
    )


def _menu(menu: MenuPlan, sid: str) -> MenuPlan:
    keys = ((key, _action(action, sid)) for key, action in menu.keys)
    return replace(
        menu,
        announcement="" if menu.announcement == sid else menu.announcement,
        ringback_tone="" if menu.ringback_tone == sid else menu.ringback_tone,
        keys=tuple((key, action) for key, action in keys if action is not None),
        timeout_action=_action(menu.timeout_action, sid),
    )


def _action(action: Action | None, sid: str) -> Action | None:
    if action is None or action.data != sid:
        return action
    # Where none is needed it goes on: with a sentence of the attendant's own, or just hanging up.
    return None if action.type.needs_data else Action(action.type)
