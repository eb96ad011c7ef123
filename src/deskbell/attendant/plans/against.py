"""What speaks against a plan in the database: things that it names and that are not this account's.

Together with `rules.checks.faults` this is everything that can be wrong with a plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from deskbell.accounts.errors import NumberNotFound
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.foundation.sids import is_sid, new_sid
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import system_scope

from ..models import Announcement, Menu, Prompt, System
from ..rules.actions import Action, Takes
from ..rules.checks import Fault
from ..rules.plan_json import MENU, SYSTEM, Place
from ..rules.plans import Plan

_KINDS: Final = ((Announcement, "AN"), (System, "AA"), (Menu, "MN"))


def account_faults(account_id: int, plan: Plan, live: Plan) -> Iterator[Fault]:
    """What the account cannot have of this plan; `live` is what it has now.

    Sids of other accounts, numbers that it does not have, audio that is not kept here, escalation
    levels that are not its own. Looks only for what is not in `live`; six queries at most.
    """
    yield from _sids(account_id, plan, live)
    yield from _audio(plan, live)
    yield from _numbers(plan, live)
    yield from _levels(account_id, plan)


def _sids(account_id: int, plan: Plan, live: Plan) -> Iterator[Fault]:
    known = {sid for sid, _, _ in _named(live)}
    new = [(sid, prefix, place) for sid, prefix, place in _named(plan) if sid not in known]
    taken = _taken({sid for sid, _, _ in new}, account_id) if new else set()
    for sid, prefix, place in new:
        free = f"; {new_sid(prefix)} is free"
        if not is_sid(sid, prefix):
            words = f"{sid!r} is not a sid: {prefix} and 32 of 0-9 and a-f are{free}"
            yield Fault(place, InvalidInput(words, field="sid"))
        elif sid in taken:
            words = f"The sid {sid} belongs to something of another account{free}"
            yield Fault(place, InvalidInput(words, field="sid"))


def _named(plan: Plan) -> Iterator[tuple[str, str, Place]]:
    for at, announcement in enumerate(plan.announcements):
        yield announcement.sid, "AN", ("announcements", at, "sid")
    for at, system in enumerate(plan.systems):
        yield system.sid, "AA", ("systems", at, "sid")
        for number, menu in enumerate(system.menus):
            yield menu.sid, "MN", ("systems", at, "menus", number, "sid")


def _taken(sids: set[str], account_id: int) -> set[str]:
    found: set[str] = set()
    with system_scope("a sid is one thing's in all accounts"):
        for model, _ in _KINDS:
            rows = model.objects.filter(sid__in=sids).exclude(account_id=account_id)
            found |= set(rows.values_list("sid", flat=True))
    return found


def _audio(plan: Plan, live: Plan) -> Iterator[Fault]:
    known = {announcement.audio for announcement in live.announcements}
    wanted = {announcement.audio for announcement in plan.announcements} - known - {""}
    if not wanted:
        return
    kept = set(Prompt.objects.filter(sha256__in=wanted).values_list("sha256", flat=True))
    for at, announcement in enumerate(plan.announcements):
        if announcement.audio in wanted - kept:
            words = (
                f'Announcement "{announcement.name}": the sound {announcement.audio[:12]}… is not'
                " kept here; leave audio out and upload the file once the announcement is there"
            )
            place: Place = ("announcements", at, "audio")
            yield Fault(place, InvalidInput(words, field="audio"))


def _numbers(plan: Plan, live: Plan) -> Iterator[Fault]:
    known = {number.number for number in live.numbers}
    for at, number in enumerate(plan.numbers):
        if number.number not in known:
            words = (
                f"There is no number {number.number} in this account; numbers are added by the"
                " operator"
            )
            yield Fault(("numbers", at, "number"), NumberNotFound(words))


def _levels(account_id: int, plan: Plan) -> Iterator[Fault]:
    named = list(_named_levels(plan))
    if not named:
        return
    levels = EscalationLevel.objects.filter(account_id=account_id)
    there = set(levels.values_list("pk", flat=True))
    for level, place in named:
        if level not in there:
            yield Fault(place, NotFound(f"There is no escalation level {level} in this account"))


def _named_levels(plan: Plan) -> Iterator[tuple[int, Place]]:
    for at, system in enumerate(plan.systems):
        here: Place = ("systems", at)
        if system.voicemail_level:
            yield system.voicemail_level, (*here, "voicemailLevel")
        yield from _in_actions(system, SYSTEM, here)
        for number, menu in enumerate(system.menus):
            there: Place = (*here, "menus", number)
            yield from _in_actions(menu, MENU, there)
            for key, action in menu.keys:
                yield from _level_of(action, (*there, "keys", key))


def _in_actions(part: object, table: Iterable[Any], place: Place) -> Iterator[tuple[int, Place]]:
    for field in table:
        if field.name.endswith("Action"):
            yield from _level_of(getattr(part, field.attribute), (*place, field.name))


def _level_of(action: Action | None, place: Place) -> Iterator[tuple[int, Place]]:
    if action is not None and action.type.takes is Takes.LEVEL:
        yield int(action.data), place
