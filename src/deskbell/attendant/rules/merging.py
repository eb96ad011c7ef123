"""How changes that two sides made to one plan come together.

A plan is taken apart into its parts: each announcement, number and menu, and of each system its
own fields, its week and its special days. A part is taken whole from one side or the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from .edits import own_fields
from .plans import Plan, SystemPlan
from .schedule import DateSpan, WeekSpan

Key = tuple[str, str]
"""A part's kind (announcement, system, menu, week, dates, number) and its sid or number."""

Side = Literal["mine", "theirs"]
_KINDS: Final = {
    "announcement": 'Announcement "{}"',
    "system": 'System "{}"',
    "menu": 'Menu "{}"',
    "week": 'The week of "{}"',
    "dates": 'The special days of "{}"',
    "number": "Number {}",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a plan: its value, what it is called, the sid of the system it is in.

    `whole` is the value in its own order, which makes no difference.
    """

    value: Any
    name: str = field(compare=False)
    system: str = ""
    whole: Any = field(compare=False, default=None)


def parts_of(plan: Plan) -> dict[Key, Part]:
    """The plan's parts; menus come after their system's own fields."""
    parts: dict[Key, Part] = {}
    for one in plan.announcements:
        parts["announcement", one.sid] = Part(one, one.name, whole=one)
    for system in plan.systems:
        sid, own = system.sid, own_fields(system)
        parts["system", sid] = Part(own, system.name, whole=own)
        for menu in system.menus:
            parts["menu", menu.sid] = Part(menu, menu.name, sid, menu)
        for kind, spans in (("week", system.week), ("dates", system.dates)):
            parts[kind, sid] = Part(tuple(sorted(spans, key=_when)), system.name, sid, spans)
    for number in plan.numbers:
        parts["number", number.number] = Part(number, number.number, whole=number)
    return parts


def _when(span: WeekSpan | DateSpan) -> tuple[Any, ...]:
    if isinstance(span, WeekSpan):
        return span.day, span.start, span.end, span.menu
    return span.start, span.end, span.menu


def same(one: Plan, other: Plan) -> bool:
    """Whether callers meet the same by both; in which order parts stand means nothing."""
    return one == other or parts_of(one) == parts_of(other)


def merge(base: Plan, mine: Plan, theirs: Plan, *, prefer: Side = "mine") -> tuple[Plan, list[str]]:
    """What both sides made of `base`, and the names of the parts that both changed differently.

    Those are taken from the side that is preferred. Numbers come and go by the operator alone, so
    `theirs` says which there are; what leads to one that is gone is left out on all sides.
    """
    there = {number.number for number in theirs.numbers}
    base, mine = without_numbers(base, there), without_numbers(mine, there)
    old, others = parts_of(base), parts_of(theirs)
    ours = parts_of(_with_numbers(mine, theirs))
    taken: dict[Key, Part] = {}
    conflicts: list[str] = []
    for key in {**ours, **others}:
        one, other = ours.get(key), others.get(key)
        if one != other and old.get(key) not in (one, other):
            conflicts.append(_named(key, one or other))
        part = _chosen(old.get(key), one, other, prefer)
        if part is not None:
            taken[key] = part
    conflicts += _without_system(taken, ours if prefer == "mine" else others)
    return _Whole(taken, base, mine, theirs).plan(), list(dict.fromkeys(conflicts))


def _chosen(old: Part | None, one: Part | None, other: Part | None, prefer: Side) -> Part | None:
    if one == old:
        return other
    if other == old or prefer == "mine":
        return one
    return other


def _named(key: Key, part: Part | None) -> str:
    return _KINDS[key[0]].format(part.name if part else key[1])


def _without_system(taken: dict[Key, Part], kept: Mapping[Key, Part]) -> list[str]:
    """Ends that a part is in a system that is not taken; gives the names of such menus.

    The system comes back, with all that was in it, where the side that is kept has it: what that
    side did to a part of it would be lost else. Where it has not, the part goes too.
    """
    found = [key for key, part in taken.items() if not _has_home(part, taken)]
    menus = [_named(key, taken[key]) for key in found if key[0] == "menu"]
    for home in {taken[key].system for key in found}:
        own = kept.get(("system", home))
        if own is not None:
            taken["system", home] = own
            inside = {key: part for key, part in kept.items() if part.system == home}
            taken.update({key: part for key, part in inside.items() if key not in taken})
    for key in found:
        if not _has_home(taken[key], taken):
            del taken[key]
    return menus


def _has_home(part: Part, taken: Mapping[Key, Part]) -> bool:
    return not part.system or ("system", part.system) in taken


def without_numbers(plan: Plan, there: Iterable[str]) -> Plan:
    """The plan without the numbers that are not `there`, in its systems as well."""
    kept = set(there)
    if all(number.number in kept for number in plan.numbers):
        return plan
    return replace(
        plan,
        numbers=tuple(number for number in plan.numbers if number.number in kept),
        systems=tuple(
            replace(
                system,
                numbers=tuple(each for each in system.numbers if each in kept),
                extensions=tuple(each for each in system.extensions if each in kept),
            )
            for system in plan.systems
        ),
    )


def _with_numbers(plan: Plan, other: Plan) -> Plan:
    """The plan with the numbers that only the other has."""
    known = {number.number for number in plan.numbers}
    added = tuple(number for number in other.numbers if number.number not in known)
    return replace(plan, numbers=(*plan.numbers, *added)) if added else plan


class _Whole:
    """Parts put together again, in the order of the side that changed the order."""

    def __init__(self, parts: Mapping[Key, Part], *sides: Plan) -> None:
        self._parts, self._sides = parts, sides

    def plan(self) -> Plan:
        return Plan(
            announcements=self._all("announcement", _sids("announcements")),
            systems=tuple(self._system(own) for own in self._all("system", _sids("systems"))),
            numbers=self._all("number", lambda plan: [each.number for each in plan.numbers]),
        )

    def _all(self, kind: str, order: Callable[[Plan], list[str]]) -> tuple[Any, ...]:
        ordered = _ordered(*(order(side) for side in self._sides))
        names = dict.fromkeys(ordered) | {key[1]: None for key in self._parts if key[0] == kind}
        return tuple(self._parts[kind, name].whole for name in names if (kind, name) in self._parts)

    def _system(self, own: SystemPlan) -> SystemPlan:
        def order(plan: Plan) -> list[str]:
            menus = (system.menus for system in plan.systems if system.sid == own.sid)
            return [menu.sid for menu in next(menus, ())]

        inside = {key: part for key, part in self._parts.items() if part.system == own.sid}
        menus = _Whole(inside, *self._sides)._all("menu", order)
        week, dates = inside.get(("week", own.sid)), inside.get(("dates", own.sid))
        return replace(
            own,
            menus=menus,
            week=week.whole if week else (),
            dates=dates.whole if dates else (),
        )


def _sids(name: str) -> Callable[[Plan], list[str]]:
    return lambda plan: [part.sid for part in getattr(plan, name)]


def _ordered(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    if mine == base:
        return theirs
    return mine if theirs == base else [*mine, *theirs]
