"""Which menu of a system answers when. Source: seed 002, "Schedule"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ..errors import MenuNotFound
from ..models import DateRange, Menu, System, WeeklyEntry
from ..rules import DateSpan, WeekSpan, check_dates, check_week
from .changed import system_changed
from .held import hold_system


def set_weekly_schedule(*, system: System, entries: Sequence[WeekSpan], at: datetime) -> None:
    """Replaces the system's week; `entries` name menus by their sids. The special days stay.

    Raises ScheduleOverlap, InvalidInput for days that are none, MenuNotFound for a menu that is
    not this system's; then the old week stays.
    """
    check_week(entries)
    with transaction.atomic():
        hold_system(system)
        menus = _menus(system, {entry.menu for entry in entries})
        WeeklyEntry.objects.filter(system=system).delete()
        WeeklyEntry.objects.bulk_create(
            WeeklyEntry(
                account_id=system.account_id,
                system=system,
                menu_id=menus[entry.menu],
                day=entry.day,
                start=entry.start,
                end=entry.end,
            )
            for entry in entries
        )
        system_changed(system, at=at)


def set_date_ranges(*, system: System, ranges: Sequence[DateSpan], at: datetime) -> None:
    """Replaces the system's special days; `ranges` name menus by their sids. The week stays.

    Raises ScheduleOverlap, InvalidInput for a range that ends before it starts, MenuNotFound for a
    menu that is not this system's; then the old special days stay.
    """
    check_dates(ranges)
    with transaction.atomic():
        hold_system(system)
        menus = _menus(system, {span.menu for span in ranges})
        DateRange.objects.filter(system=system).delete()
        DateRange.objects.bulk_create(
            DateRange(
                account_id=system.account_id,
                system=system,
                menu_id=menus[span.menu],
                start=span.start,
                end=span.end,
            )
            for span in ranges
        )
        system_changed(system, at=at)


def _menus(system: System, sids: set[str]) -> dict[str, int]:
    found = dict(Menu.objects.filter(system=system, sid__in=sids).values_list("sid", "pk"))
    for sid in sids - set(found):
        raise MenuNotFound(f"There is no menu {sid} in this system", sid=sid)
    return found
