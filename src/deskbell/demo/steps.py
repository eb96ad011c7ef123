"""What the callers of the past pressed, so that the call-flow picture has something to count."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from deskbell.attendant.models import CallStep, Menu, System
from deskbell.attendant.queries import configuration_for
from deskbell.attendant.rules import Result, menu_at
from deskbell.calls.models import Call

if TYPE_CHECKING:
    from .history import Setting

_SECONDS_A_STEP = 9
_DAY = ("1", "1", "3", "4", "4", "", "0")
_NIGHT = ("1", "1", "", "5")


def write_steps(
    setting: Setting, chance: random.Random, calls: Sequence[Call], *, left_message: Collection[str]
) -> None:
    """Writes the path of every call through the account's menus; those that left a message end so.

    Needs the account's scope.
    """
    system = System.objects.get()
    configuration = configuration_for(system)
    menus = {menu.sid: menu for menu in Menu.objects.filter(system=system)}
    questions = next(menu for menu in menus.values() if menu.name == "Questions")
    steps: list[CallStep] = []
    for call in calls:
        sid = menu_at(
            week=configuration.week,
            dates=configuration.dates,
            time_zone=configuration.time_zone,
            at=call.started_at,
        )
        if sid is None:
            continue
        path = _path(menus[sid], questions, chance, leaves_message=call.sid in left_message)
        steps += [
            CallStep(
                account=setting.account,
                call=call,
                menu=menu,
                at=call.started_at + timedelta(seconds=place * _SECONDS_A_STEP),
                key=key,
                result=result,
            )
            for place, (menu, key, result) in enumerate(path)
        ]
    CallStep.objects.bulk_create(steps)


def _path(
    menu: Menu, questions: Menu, chance: random.Random, *, leaves_message: bool
) -> Iterator[tuple[Menu, str, str]]:
    """Menu, key and result of each step; a caller tries something first half of the time."""
    yield menu, "", Result.ENTERED
    actions = {each["menuKey"]: each["menuAction"]["actionType"] for each in menu.keys}
    if not leaves_message or chance.random() < 0.5:
        key = chance.choice(_DAY if "4" in actions else _NIGHT)
        result = Result.INVALID_INPUT if key else Result.TIMEOUT
        yield menu, key, actions.get(key, result)
        if actions.get(key) == "GO_TO_MENU":
            yield questions, chance.choice("12"), "ANNOUNCEMENT_RETURN"
            if leaves_message:
                yield questions, "*", "RETURN_TO_PREVIOUS_MENU"
    if leaves_message:
        yield menu, "2", "VOICEMAIL"
        yield menu, "", Result.MESSAGE_TAKEN
