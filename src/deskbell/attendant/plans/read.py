"""Reads an account's attendant from the tables as one value."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from deskbell.accounts.models import PhoneNumber
from deskbell.foundation.errors import InvalidInput

from ..models import (
    Announcement,
    AnnouncementType,
    DateRange,
    Menu,
    System,
    SystemNumber,
    WeeklyEntry,
)
from ..rules import DateSpan, WeekSpan, read_action, read_keys
from ..rules.plans import AnnouncementPlan, MenuPlan, NumberPlan, Plan, SystemPlan

Read = TypeVar("Read")
log = logging.getLogger(__name__)

ORDER: Final = ("position", "id")
"""Parts in the order that a plan gave them, then the others as they were made."""


def read(account_id: int) -> Plan:
    """All of the account's attendant as callers meet it; seven queries, however much there is."""
    announcements = list(Announcement.objects.filter(account_id=account_id).order_by(*ORDER))
    systems = list(System.objects.filter(account_id=account_id).order_by(*ORDER))
    menus = _by_system(Menu.objects.filter(account_id=account_id).order_by(*ORDER))
    week = _by_system(WeeklyEntry.objects.filter(account_id=account_id).order_by("id"))
    dates = _by_system(DateRange.objects.filter(account_id=account_id).order_by("id"))
    leading = _by_system(SystemNumber.objects.filter(account_id=account_id).order_by("id"))
    numbers = _numbers(account_id)
    said = {row.pk: row.sid for row in announcements}
    return Plan(
        announcements=tuple(announcement_plan(row) for row in announcements),
        systems=tuple(
            system_plan(
                system,
                said=said,
                menus=menus[system.pk],
                week=week[system.pk],
                dates=dates[system.pk],
                numbers=[numbers[row.phone_number_id] for row in leading[system.pk]],
            )
            for system in systems
        ),
        numbers=tuple(numbers.values()),
    )


def _numbers(account_id: int) -> dict[int, NumberPlan]:
    """Numbers by their keys; as values, because an account can have very many."""
    rows = (
        PhoneNumber.objects.filter(account_id=account_id)
        .order_by("id")
        .values_list("id", "number", "is_extension", "extension", "extension_spoken_name")
    )
    return {row[0]: NumberPlan(*row[1:]) for row in rows}


def _by_system(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.system_id].append(row)
    return found


def announcement_plan(row: Announcement) -> AnnouncementPlan:
    """The announcement as it is written; what a say announcement sounds like follows from it."""
    return AnnouncementPlan(
        sid=row.sid,
        name=row.name,
        description=row.description,
        type=row.type,
        body=row.body,
        language=row.language,
        voice=row.voice,
        audio=(row.prompt_id or "") if row.type == AnnouncementType.PLAY else "",
    )


def number_plan(row: PhoneNumber) -> NumberPlan:
    """The number with what makes it an extension."""
    return NumberPlan(row.number, row.is_extension, row.extension, row.extension_spoken_name)


def system_plan(
    system: System,
    *,
    said: Mapping[int, str],
    menus: Sequence[Menu],
    week: Iterable[WeeklyEntry],
    dates: Iterable[DateRange],
    numbers: Sequence[NumberPlan],
) -> SystemPlan:
    """A system with its menus and schedules; `said` is announcements' sids, `numbers` lead here."""
    sids = {menu.pk: menu.sid for menu in menus}
    return SystemPlan(
        sid=system.sid,
        name=system.name,
        description=system.description,
        status=system.status,
        time_zone=system.time_zone,
        numbers=tuple(each.number for each in numbers if not each.is_extension),
        extensions=tuple(each.number for each in numbers if each.is_extension),
        direct_dialling=system.direct_dialling,
        timeout_seconds=system.timeout_seconds,
        timeout_max_occurance=system.timeout_max_occurance,
        timeout_action=readable(read_action, system.timeout_action, system),
        invalid_input_max_occurance=system.invalid_input_max_occurance,
        invalid_input_action=readable(read_action, system.invalid_input_action, system),
        invalid_extension_max_occurance=system.invalid_extension_max_occurance,
        invalid_extension_action=readable(read_action, system.invalid_extension_action, system),
        no_answer_action=readable(read_action, system.no_answer_action, system),
        apology=said.get(system.apology_id or 0, ""),
        voicemail_level=system.voicemail_level_id or 0,
        menus=tuple(_menu(menu, said) for menu in menus),
        week=tuple(WeekSpan(sids[row.menu_id], row.day, row.start, row.end) for row in week),
        dates=tuple(DateSpan(sids[row.menu_id], row.start, row.end) for row in dates),
    )


def _menu(menu: Menu, said: Mapping[int, str]) -> MenuPlan:
    return MenuPlan(
        sid=menu.sid,
        name=menu.name,
        color_code=menu.color_code,
        announcement=said.get(menu.announcement_id or 0, ""),
        ringback_tone=said.get(menu.ringback_tone_id or 0, ""),
        keys=tuple((readable(read_keys, menu.keys, menu) or {}).items()),
        timeout_seconds=menu.timeout_seconds,
        timeout_max_occurance=menu.timeout_max_occurance,
        timeout_action=readable(read_action, menu.timeout_action, menu),
    )


def readable(read: Callable[[Any], Read], written: Any, row: Menu | System) -> Read | None:
    """What `read` makes of a stored value; a value it refuses must not cost a caller the call."""
    try:
        return read(written)
    except InvalidInput as error:
        log.error("%s has an action that cannot be used: %s", row.sid, error)  # noqa: TRY400 the words say all
        return None
