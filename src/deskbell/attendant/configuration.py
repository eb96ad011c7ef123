"""A system as callers meet it: read from the tables once per change, or made of a plan.

Every change that callers can hear gives the system another version, and the version is part of
what the value is remembered by; so nothing is ever thrown away too late.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from uuid import UUID

from deskbell.foundation.numbers import digits_of
from deskbell.oncall.models import EscalationLevel

from .errors import SystemNotFound
from .models import (
    Announcement,
    AnnouncementType,
    DateRange,
    Menu,
    System,
    SystemNumber,
    SystemStatus,
    WeeklyEntry,
)
from .models import Sentence as SentenceRow
from .plans.read import ORDER, number_plan, system_plan
from .rules import (
    DEFAULT_LANGUAGE,
    DEFAULT_VOICE,
    Configuration,
    Emergency,
    Extension,
    Limits,
    MenuRules,
    Sentence,
    Sound,
)
from .rules.actions import Takes
from .rules.edits import SYSTEM_ACTIONS, find_system
from .rules.plans import AnnouncementPlan, MenuPlan, NumberPlan, Plan, SystemPlan


@functools.lru_cache(maxsize=1024)
def configuration(system_id: int, _version: UUID) -> Configuration:
    """The system's configuration; seven queries the first time for a version, none later.

    Needs the scope of the system's account, or a system scope. Raises SystemNotFound for one that
    was deleted meanwhile.
    """
    system = System.objects.filter(pk=system_id).first()
    if system is None:
        raise SystemNotFound("This system was deleted")
    announcements = list(Announcement.objects.filter(account_id=system.account_id))
    said = {row.pk: row.sid for row in announcements}
    menus = list(Menu.objects.filter(system=system).order_by(*ORDER))
    leading = SystemNumber.objects.filter(system=system).select_related("phone_number")
    numbers = [number_plan(row.phone_number) for row in leading.order_by("id")]
    plan = system_plan(
        system,
        said=said,
        menus=menus,
        week=WeeklyEntry.objects.filter(system=system).order_by("id"),
        dates=DateRange.objects.filter(system=system).order_by("id"),
        numbers=numbers,
    )
    return configuration_of(
        plan,
        account_id=system.account_id,
        sounds={row.sid: _sound(row) for row in announcements},
        menu_ids={menu.sid: menu.pk for menu in menus},
        numbers=numbers,
        sentences=sentences(),
        emergency=_emergency(system, said, {menu.pk: menu.sid for menu in menus}),
    )


def configuration_for_plan(account_id: int, plan: Plan, system_sid: str) -> Configuration:
    """What callers would meet by a plan, for what looks ahead; four queries at most.

    A say announcement sounds as it does live where it says the same; else its text is spoken. The
    emergency switch is no part of plans, so this has none. Raises SystemNotFound.
    """
    system = find_system(plan, system_sid)
    live = {
        row.sid: row
        for row in Announcement.objects.filter(account_id=account_id).exclude(prompt=None)
    }
    menus = Menu.objects.filter(account_id=account_id, system__sid=system_sid)
    return configuration_of(
        system,
        account_id=account_id,
        sounds={part.sid: _planned(part, live.get(part.sid)) for part in plan.announcements},
        menu_ids=dict(menus.values_list("sid", "pk")),
        numbers=plan.numbers,
        sentences=sentences(),
        levels=_level_names(account_id, system),
    )


def configuration_of(
    system: SystemPlan,
    *,
    account_id: int,
    sounds: Mapping[str, Sound],
    menu_ids: Mapping[str, int],
    numbers: Sequence[NumberPlan],
    sentences: Mapping[Sentence, Sound],
    emergency: Emergency | None = None,
    levels: Mapping[int, str] | None = None,
) -> Configuration:
    """The configuration of a system of a plan; pure.

    `sounds` are the account's announcements by sid, `menu_ids` the rows of menus that have one,
    `numbers` at least the system's own, `levels` the names of escalation levels, for words.
    """
    return Configuration(
        sid=system.sid,
        account_id=account_id,
        is_active=system.status == SystemStatus.ACTIVE,
        time_zone=system.time_zone or "UTC",
        limits=Limits(
            timeout_seconds=system.timeout_seconds,
            timeout_max=system.timeout_max_occurance,
            timeout_action=system.timeout_action,
            invalid_max=system.invalid_input_max_occurance,
            invalid_action=system.invalid_input_action,
            invalid_extension_max=system.invalid_extension_max_occurance,
            invalid_extension_action=system.invalid_extension_action,
        ),
        apology=sounds.get(system.apology),
        menus={menu.sid: _menu(menu, menu_ids.get(menu.sid, 0), sounds) for menu in system.menus},
        announcements=sounds,
        week=system.week,
        dates=system.dates,
        sentences=sentences,
        extensions=_extensions(system, numbers),
        direct_dialling=system.direct_dialling,
        no_answer_action=system.no_answer_action,
        emergency=emergency,
        levels=levels or {},
    )


def _level_names(account_id: int, system: SystemPlan) -> dict[int, str]:
    """What the account's escalation levels are called, where an action of the system needs one."""
    actions = [getattr(system, name) for name, _ in SYSTEM_ACTIONS]
    for menu in system.menus:
        actions += [menu.timeout_action, *(action for _, action in menu.keys)]
    if not any(action and action.type.takes is Takes.LEVEL for action in actions):
        return {}
    levels = EscalationLevel.objects.filter(account_id=account_id)
    return dict(levels.values_list("pk", "name"))


def _menu(menu: MenuPlan, key: int, sounds: Mapping[str, Sound]) -> MenuRules:
    return MenuRules(
        sid=menu.sid,
        id=key,
        name=menu.name,
        announcement=sounds.get(menu.announcement),
        ringback=sounds.get(menu.ringback_tone),
        keys=dict(menu.keys),
        limits=Limits(
            timeout_seconds=menu.timeout_seconds,
            timeout_max=menu.timeout_max_occurance,
            timeout_action=menu.timeout_action,
        ),
    )


def _extensions(system: SystemPlan, numbers: Sequence[NumberPlan]) -> dict[str, Extension]:
    inside = set(system.extensions)
    return {
        number.extension or digits_of(number.number): Extension(number.number, number.spoken_name)
        for number in numbers
        if number.number in inside
    }


def _emergency(
    system: System, said: Mapping[int, str], menus: Mapping[int, str]
) -> Emergency | None:
    """The emergency that was set; whether it is over is decided when a call comes."""
    menu = menus.get(system.emergency_menu_id or 0, "")
    announcement = said.get(system.emergency_announcement_id or 0, "")
    if system.emergency_until is None or not (menu or announcement):
        return None
    return Emergency(system.emergency_until, menu, announcement)


def _sound(row: Announcement) -> Sound:
    return Sound(
        text=row.body,
        prompt=row.prompt_id or "",
        language=row.language or DEFAULT_LANGUAGE,
        voice=row.voice or DEFAULT_VOICE,
        name=row.name,
    )


def _planned(part: AnnouncementPlan, live: Announcement | None) -> Sound:
    """The sound of an announcement of a plan; `live` is the one callers hear, with its prompt."""
    prompt = part.audio if part.type == AnnouncementType.PLAY else ""
    if live is not None and part.type == live.type == AnnouncementType.SAY:
        said = (part.body, part.language, part.voice)
        is_same = said == (live.body, live.language, live.voice)
        prompt = (live.prompt_id or "") if is_same else ""
    return Sound(
        text=part.body,
        prompt=prompt,
        language=part.language or DEFAULT_LANGUAGE,
        voice=part.voice or DEFAULT_VOICE,
        name=part.name,
    )


def sentences() -> dict[Sentence, Sound]:
    """The attendant's own sentences that have been spoken; one query."""
    rows = SentenceRow.objects.filter(language=DEFAULT_LANGUAGE, voice=DEFAULT_VOICE)
    prompts = dict(rows.values_list("text", "prompt_id"))
    return {
        name: Sound(name.value, prompt=prompts[name.value])
        for name in Sentence
        if name.value in prompts
    }
