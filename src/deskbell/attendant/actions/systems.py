"""Systems, their numbers and their schedules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction

from deskbell.accounts.actions import check_time_zone
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.oncall.models import EscalationLevel

from ..errors import MenuNotFound, NumberInUse
from ..models import (
    Announcement,
    DateRange,
    Menu,
    System,
    SystemNumber,
    SystemStatus,
    WeeklyEntry,
)
from ..rules import DateSpan, WeekSpan, check_dates, check_week
from .changed import system_changed
from .targets import (
    MAX_OCCURANCE,
    MAX_TIMEOUT_SECONDS,
    check_action,
    check_announcement,
    check_number,
)


class SystemFields(TypedDict, total=False):
    """What can be set on a system; actions as `{"actionType": …, "actionData": …}`."""

    name: str
    description: str
    status: str
    time_zone: str
    timeout_seconds: int | None
    timeout_max_occurance: int | None
    timeout_action: dict[str, Any]
    invalid_input_max_occurance: int | None
    invalid_input_action: dict[str, Any]
    invalid_extension_max_occurance: int | None
    invalid_extension_action: dict[str, Any]
    apology: Announcement | None
    voicemail_level: EscalationLevel | None


def add_system(
    *, account: Account, at: datetime, by: str = "", **fields: Unpack[SystemFields]
) -> System:
    """A new system of an account, without numbers, menus or schedules.

    Raises InvalidInput for a value that cannot be, AnnouncementNotFound, MenuNotFound.
    """
    system = System(account=account, created_by=by, created_at=at, updated_at=at)
    _set(system, fields)
    if not system.name.strip():
        raise InvalidInput("A system needs a name", field="name")
    system.save()
    return system


def edit_system(*, system: System, at: datetime, **fields: Unpack[SystemFields]) -> System:
    """Changes the given fields and leaves the others. Raises as `add_system` does."""
    with transaction.atomic():
        _set(system, fields)
        system.save()
        system_changed(system, at=at)
    return system


def _set(system: System, fields: SystemFields) -> None:
    if fields.get("time_zone"):
        check_time_zone(fields["time_zone"])
    if fields.get("status", SystemStatus.ACTIVE) not in SystemStatus.values:
        raise InvalidInput(
            f"status takes ACTIVE or SUSPENDED; not {fields['status']!r}", field="status"
        )
    check_announcement(fields.get("apology"), system.account_id)
    level = fields.get("voicemail_level")
    if level is not None and level.account_id != system.account_id:
        raise NotFound("There is no such escalation level in this account")
    for name, value in fields.items():
        if name.endswith("_max_occurance"):
            check_number(fields.get(name), name, MAX_OCCURANCE)  # type: ignore[arg-type] # an int
        elif name.endswith("_action"):
            check_action(value, name, system)
        setattr(system, name, value)
    check_number(fields.get("timeout_seconds"), "timeout_seconds", MAX_TIMEOUT_SECONDS)


def assign_number(*, system: System, phone_number: PhoneNumber, at: datetime) -> None:
    """Has the number lead to the system; doing it again changes nothing.

    Raises NotFound for another account's number, NumberInUse where it leads to another system
    (an extension may be in several).
    """
    if phone_number.account_id != system.account_id:
        raise NotFound(f"There is no number {phone_number.number} in this account")
    if SystemNumber.objects.filter(system=system, phone_number=phone_number).exists():
        return
    row = SystemNumber(
        account_id=system.account_id,
        system=system,
        phone_number=phone_number,
        is_extension=phone_number.is_extension,
    )
    try:
        with transaction.atomic():
            row.save()
            system_changed(system, at=at)
    except IntegrityError as error:
        raise NumberInUse(f"{phone_number.number} already leads to another system") from error


def set_weekly_schedule(*, system: System, entries: Sequence[WeekSpan], at: datetime) -> None:
    """Replaces the system's week; `entries` name menus by their sids.

    Raises InvalidInput for entries that overlap or days that are none, MenuNotFound.
    """
    check_week(entries)
    menus = _menus(system, {entry.menu for entry in entries})
    with transaction.atomic():
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
    """Replaces the system's special days; `ranges` name menus by their sids.

    Raises InvalidInput for ranges that overlap or end before they start, MenuNotFound.
    """
    check_dates(ranges)
    menus = _menus(system, {span.menu for span in ranges})
    with transaction.atomic():
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
        raise MenuNotFound(f"There is no menu {sid} in this system")
    return found
