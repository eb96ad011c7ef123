"""Finding, putting and dropping the parts of a plan, and saying what uses them. All pure.

An edit gives a new plan. What another part needs is not dropped: the error names who needs it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from deskbell.accounts.errors import NumberNotFound
from deskbell.foundation.numbers import national_digits

from ..errors import (
    AnnouncementInAction,
    AnnouncementInMenu,
    AnnouncementNotFound,
    MenuLeadsHere,
    MenuNotFound,
    MenuScheduled,
    SystemNotFound,
)
from .actions import Action
from .plans import AnnouncementPlan, MenuPlan, NumberPlan, Plan, SystemPlan

Part = TypeVar("Part", AnnouncementPlan, SystemPlan, MenuPlan, NumberPlan)

SYSTEM_ACTIONS: Final = (
    ("timeout_action", "action after silence"),
    ("invalid_input_action", "action after wrong keys"),
    ("invalid_extension_action", "action after wrong extensions"),
    ("no_answer_action", "action when nobody answers"),
)


@dataclass(frozen=True, slots=True)
class Use:
    """Something of a plan that needs another part.

    `kind` is system, menu or schedule, `sid` the system's or menu's; `how` is announcement,
    ringback, apology, action, week or dates; `words` are for people: `Menu "Night", key 2`.
    """

    kind: str
    sid: str
    words: str
    how: str = ""


def find_announcement(plan: Plan, sid: str) -> AnnouncementPlan:
    """The announcement with this sid. Raises AnnouncementNotFound."""
    for announcement in plan.announcements:
        if announcement.sid == sid:
            return announcement
    raise AnnouncementNotFound(f"There is no announcement {sid} in this account")


def find_system(plan: Plan, sid: str) -> SystemPlan:
    """The system with this sid. Raises SystemNotFound."""
    for system in plan.systems:
        if system.sid == sid:
            return system
    raise SystemNotFound(f"There is no system {sid} in this account")


def find_menu(plan: Plan, sid: str) -> tuple[SystemPlan, MenuPlan]:
    """The menu with this sid, and its system. Raises MenuNotFound."""
    for system in plan.systems:
        for menu in system.menus:
            if menu.sid == sid:
                return system, menu
    raise MenuNotFound(f"There is no menu {sid} in this account")


def find_number(plan: Plan, number: str) -> NumberPlan:
    """The number, however it is spelt. Raises NumberNotFound."""
    digits = national_digits(number)
    for found in plan.numbers:
        if found.number == number or national_digits(found.number) == digits:
            return found
    raise NumberNotFound(f"There is no number {number} in this account")


def put_announcement(plan: Plan, announcement: AnnouncementPlan) -> Plan:
    """The plan with the announcement instead of the one with its sid, or after all others."""
    return replace(plan, announcements=_put(plan.announcements, announcement, _sid))


def put_system(plan: Plan, system: SystemPlan) -> Plan:
    """The plan with the system, menus and schedules included, instead of the one with its sid."""
    return replace(plan, systems=_put(plan.systems, system, _sid))


def put_menu(plan: Plan, system_sid: str, menu: MenuPlan) -> Plan:
    """The plan with the menu in this system, instead of the one with its sid or after the others.

    Raises SystemNotFound.
    """
    system = find_system(plan, system_sid)
    return put_system(plan, replace(system, menus=_put(system.menus, menu, _sid)))


def put_number(plan: Plan, number: NumberPlan) -> Plan:
    """The plan with the number's new properties; the systems that it is in follow.

    A number that becomes an extension stays in its system as one. An extension that becomes an
    attendant number stays where it was in one system, and leads to none where it was in several.
    """
    held_by = sum(number.number in system.extensions for system in plan.systems)
    stays = number.is_extension or held_by == 1
    systems = tuple(_moved(system, number, stays) for system in plan.systems)
    numbers = _put(plan.numbers, number, lambda each: each.number)
    return replace(plan, systems=systems, numbers=numbers)


def _moved(system: SystemPlan, number: NumberPlan, stays: bool) -> SystemPlan:
    name = number.number
    added = (name,) if stays else ()
    if number.is_extension and name in system.numbers:
        rest = tuple(each for each in system.numbers if each != name)
        return replace(system, numbers=rest, extensions=system.extensions + added)
    if not number.is_extension and name in system.extensions:
        rest = tuple(each for each in system.extensions if each != name)
        return replace(system, numbers=system.numbers + added, extensions=rest)
    return system


def drop_announcement(plan: Plan, sid: str) -> Plan:
    """The plan without the announcement.

    Raises AnnouncementNotFound, AnnouncementInMenu and AnnouncementInAction, naming the user.
    """
    find_announcement(plan, sid)
    for use in uses_of(plan, sid):
        kind = AnnouncementInMenu if use.how in {"announcement", "ringback"} else None
        raise (kind or AnnouncementInAction)(f"{use.words} plays it; choose another there first")
    return replace(plan, announcements=_without(plan.announcements, sid))


def drop_menu(plan: Plan, sid: str) -> Plan:
    """The plan without the menu. Raises MenuNotFound, MenuScheduled and MenuLeadsHere.

    What a menu itself plays is no reason to keep it, unlike in the API (509): in a draft nothing
    is lost by it.
    """
    system, _ = find_menu(plan, sid)
    for use in uses_of(plan, sid):
        if use.how in {"week", "dates"}:
            raise MenuScheduled(f"{use.words} needs it; give those hours another menu first")
        raise MenuLeadsHere(f"{use.words} leads to it; choose another menu there first")
    return put_system(plan, replace(system, menus=_without(system.menus, sid)))


def drop_system(plan: Plan, sid: str) -> Plan:
    """The plan without the system, its menus and its schedules; numbers then lead nowhere.

    Raises SystemNotFound.
    """
    find_system(plan, sid)
    return replace(plan, systems=_without(plan.systems, sid))


def uses_of(plan: Plan, sid: str) -> list[Use]:
    """What needs the announcement or menu with this sid, in the plan's order.

    A menu that leads to itself does not keep itself alive.
    """
    return [use for system in plan.systems for use in _uses_in(system, sid)]


def _uses_in(system: SystemPlan, sid: str) -> Iterator[Use]:
    named = f'System "{system.name}"'
    if system.apology == sid:
        yield Use("system", system.sid, f"{named}, apology", "apology")
    for attribute, words in SYSTEM_ACTIONS:
        if _leads(getattr(system, attribute), sid):
            yield Use("system", system.sid, f"{named}, {words}", "action")
    for menu in system.menus:
        yield from _uses_in_menu(menu, sid)
    if any(entry.menu == sid for entry in system.week):
        yield Use("schedule", system.sid, f"{named}, its week", "week")
    if any(span.menu == sid for span in system.dates):
        yield Use("schedule", system.sid, f"{named}, its special days", "dates")


def _uses_in_menu(menu: MenuPlan, sid: str) -> Iterator[Use]:
    if menu.sid == sid:
        return
    named = f'Menu "{menu.name}"'
    if menu.announcement == sid:
        yield Use("menu", menu.sid, named, "announcement")
    if menu.ringback_tone == sid:
        yield Use("menu", menu.sid, f"{named}, while it rings,", "ringback")
    for key, action in menu.keys:
        if _leads(action, sid):
            yield Use("menu", menu.sid, f"{named}, key {key}", "action")
    if _leads(menu.timeout_action, sid):
        yield Use("menu", menu.sid, f"{named}, action after silence", "action")


def _leads(action: Action | None, sid: str) -> bool:
    return action is not None and action.data == sid


def fingerprint(part: object) -> str:
    """What a form remembers of a part as it was shown: other parts and times give others.

    A system's covers its own fields only; its menus, week and special days have their own.
    """
    if isinstance(part, SystemPlan):
        part = own_fields(part)
    return hashlib.sha256(repr(part).encode()).hexdigest()[:16]


def own_fields(system: SystemPlan) -> SystemPlan:
    """The system without menus, week and special days."""
    return replace(system, menus=(), week=(), dates=())


def _sid(part: AnnouncementPlan | SystemPlan | MenuPlan) -> str:
    return part.sid


def _put(parts: tuple[Part, ...], part: Part, key: Callable[[Part], str]) -> tuple[Part, ...]:
    wanted = key(part)
    if any(key(each) == wanted for each in parts):
        return tuple(part if key(each) == wanted else each for each in parts)
    return parts + (part,)  # noqa: RUF005 the checker loses the type of an unpacked tuple


def _without(parts: tuple[Part, ...], sid: str) -> tuple[Part, ...]:
    return tuple(each for each in parts if getattr(each, "sid", "") != sid)
