"""Who refers to an escalation level: what breaks where it is deleted, in words.

Source: seed 000, "Delete Escalation Levels", its note.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from deskbell.attendant.queries import planned
from deskbell.attendant.rules import Action, ActionType
from deskbell.attendant.rules.edits import SYSTEM_ACTIONS, Use
from deskbell.attendant.rules.plans import Plan, SystemPlan
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.queries import what_breaks
from deskbell.scripts.models import Script

from ...attendant.uses import url_of
from ..frame import Item


def broken_by(level: EscalationLevel) -> list[Item]:
    """What breaks where a level is deleted, each with where it can be mended."""
    breakage = what_breaks(level)
    items = [
        Item(_chained(each, level), reverse("oncall:level", args=[each.pk]))
        for each in breakage.chained_from
    ]
    items += _attendants(level)
    items += [
        Item(_script(each), reverse("scripts:script", args=[each.pk])) for each in breakage.scripts
    ]
    if count := breakage.open_messages:
        items.append(Item(_messages(count, level), reverse("messages")))
    if breakage.self_tests:
        items.append(Item("The self-test that the operator scheduled on it ends"))
    if count := breakage.events:
        items.append(Item(f"{_counted(count, 'event')} on its calendar {_are(count)} deleted"))
    return items


def _chained(before: EscalationLevel, level: EscalationLevel) -> str:
    return f"{before.name} goes on to it: without {level.name} its chain ends there"


def _script(script: Script) -> str:
    return (
        f"Script “{script.name}”: its relay triggers to it are removed, and its closings send to "
        "your first level"
    )


def _messages(count: int, level: EscalationLevel) -> str:
    if level.next_level:
        where = f"{'goes' if count == 1 else 'go'} on to {level.next_level.name} at once"
    else:
        where = f"{'ends' if count == 1 else 'end'}, and the operator is told"
    return f"{_counted(count, 'message')} on it {where}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _attendants(level: EscalationLevel) -> list[Item]:
    """Systems and menus that send messages or callers to the level: live and in the draft."""
    found = planned(level.account_id)
    uses = {
        use.words: use for plan in (found.live, found.plan) for use in uses_of_level(plan, level.pk)
    }
    return [Item(use.words, url_of(use)) for use in uses.values()]


def uses_of_level(plan: Plan, level_id: int) -> Iterator[Use]:
    """What of an attendant refers to a level by its id, in the plan's order."""
    for system in plan.systems:
        yield from _uses_in(system, level_id)


def _uses_in(system: SystemPlan, level_id: int) -> Iterator[Use]:
    named = f"System “{system.name}”"
    if system.voicemail_level == level_id:
        yield Use("system", system.sid, f"{named} sends its messages here: choose another level")
    for attribute, words in SYSTEM_ACTIONS:
        if _leads(getattr(system, attribute), level_id):
            yield Use("system", system.sid, f"{named}, {words}: nobody is rung there any more")
    for menu in system.menus:
        said = f"Menu “{menu.name}”"
        for key, action in menu.keys:
            if _leads(action, level_id):
                words = f"{said}, key {key}: nobody is rung there any more"
                yield Use("menu", menu.sid, words)
        if _leads(menu.timeout_action, level_id):
            words = f"{said}, action after silence: nobody is rung there any more"
            yield Use("menu", menu.sid, words)


def _leads(action: Action | None, level_id: int) -> bool:
    return (
        action is not None
        and action.type == ActionType.TRANSFER_TO_ONCALL
        and action.data == str(level_id)
    )
