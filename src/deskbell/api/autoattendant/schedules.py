"""Schedules: which menu of a system answers when. Source: seed 002, "Schedule"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Annotated, Any, Final, Literal

from django.http import HttpResponse
from ninja import Field, Query, Router
from pydantic import BeforeValidator, ConfigDict, WithJsonSchema

from deskbell.attendant import actions
from deskbell.attendant.errors import SystemNotFound
from deskbell.attendant.models import DateRange, System, WeeklyEntry
from deskbell.attendant.rules import DateSpan, WeekSpan
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput

from .answers import BODY, answer_of, declared, shown
from .auth import ANY_ROLE, CallerRequest
from .codes import Missing
from .fields import FIRST_YEAR, LAST_YEAR, Asked, Body, NeededSid, Shown, Sid, Whole

router = Router(tags=["Schedules"])
Kind = Literal["WEEKLY", "DATE_RANGE"]
MOST_ITEMS: Final = 1000
_TIME: Final = re.compile(r"(\d\d):(\d\d)(?::00)?", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _time(value: Any) -> time:
    """A time of day; 24:00 is midnight at the end of a day, which is kept as 00:00."""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError("takes a time as 08:30")
    hours, minutes = int(found[1]), int(found[2])
    if (hours, minutes) == (24, 0):
        return time(0)
    if hours > 23 or minutes > 59:
        raise ValueError("takes a time between 00:00 and 24:00")
    return time(hours, minutes)


def _start(value: Any) -> time:
    if isinstance(value, str) and value.startswith("24"):
        raise ValueError("takes a time between 00:00 and 23:59")
    return _time(value)


def _date(value: Any) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("takes a date as 2020-01-22")
    found = date.fromisoformat(value)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"takes a year between {FIRST_YEAR} and {LAST_YEAR}")
    return found


_AS_TIME = WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d$"})
_AS_DATE = WithJsonSchema({"type": "string", "format": "date"})
Start = Annotated[time, BeforeValidator(_start), _AS_TIME]
End = Annotated[time, BeforeValidator(_time), _AS_TIME]
Day = Annotated[date, BeforeValidator(_date), _AS_DATE]


class EntryGiven(Body):
    """A menu's hours on one day of the week."""

    day: Whole = Field(ge=1, le=7, description="1 Monday to 7 Sunday.")
    start_time: Start = Field(description="As 08:30; from then on.")
    end_time: End = Field(
        description="As 17:00, up to 24:00; until before then. Before startTime: on the next day."
    )


class ItemGiven(Body):
    """When one menu answers: entries of a week, or special days."""

    menu_sid: NeededSid
    schedule_type: Kind | None = Field(None, description="As around it.")
    entries: list[EntryGiven] = Field([], max_length=MOST_ITEMS, description="For WEEKLY.")
    start_date: Day | None = Field(None, description="For DATE_RANGE, as 2020-01-22.")
    end_date: Day | None = Field(None, description="For DATE_RANGE; the last day.")


class NewSchedule(Body):
    """A system's week, or all of its special days."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "autoAttendantSid": "AAa95f0d7ea0ce4863b2935523074bf466",
                "scheduleType": "WEEKLY",
                "schedule": [
                    {
                        "menuSid": "MN8922ed9aba854ce3afe17b0f1725e2b5",
                        "scheduleType": "WEEKLY",
                        "entries": [{"day": 1, "startTime": "08:00", "endTime": "17:00"}],
                    }
                ],
            }
        }
    )

    auto_attendant_sid: NeededSid
    schedule_type: Kind
    schedule: list[ItemGiven] = Field(max_length=MOST_ITEMS)
    enterprise_sid: Sid | None = Field(None, description="The system's own enterprise.")


class EntryShown(Shown):
    """A menu's hours on one day of the week, in the system's time zone."""

    day: int = Field(description="1 Monday to 7 Sunday.")
    start_time: str
    end_time: str = Field(description="24:00 is the end of the day.")


class ItemShown(Shown):
    """When one menu answers."""

    menu_sid: str
    schedule_type: Kind
    entries: list[EntryShown]
    start_date: str | None = Field(default=None, description="Of special days.")
    end_date: str | None = Field(default=None, description="Of special days.")


class ScheduleRecord(Shown):
    """A system's schedule."""

    auto_attendant_sid: str
    schedule_type: Kind | None = Field(default=None, description="Where one type was sent.")
    schedule: list[ItemShown]


class ScheduleFilters(Asked):
    """Whose schedule."""

    auto_attendant_sid: Sid | None = Field(None, description="The system's sid; needed.")
    auto_attendand_sid: Sid | None = Field(None, description="Another name of autoAttendantSid.")


@router.post(
    "/schedule",
    auth=ANY_ROLE,
    summary="Create a schedule",
    **declared(answer_of(ScheduleRecord), *BODY, 467, 490, 502, 511),
)
def create_schedule(request: CallerRequest, body: NewSchedule) -> HttpResponse:
    """Replaces a system's week, or its special days; the other of the two stays.

    Special days win over the week. Entries of one type must not overlap.
    """
    return _replaced(request, body)


@router.put(
    "/schedule",
    auth=ANY_ROLE,
    summary="Update a schedule",
    **declared(answer_of(ScheduleRecord), *BODY, 467, 490, 502, 511),
)
def change_schedule(request: CallerRequest, body: NewSchedule) -> HttpResponse:
    """The same as creating one."""
    return _replaced(request, body)


@router.get(
    "/schedule/search",
    auth=ANY_ROLE,
    summary="Get a system's schedule",
    **declared(answer_of(ScheduleRecord), 400, 453, 454, 490),
)
def get_schedule(request: CallerRequest, filters: Query[ScheduleFilters]) -> HttpResponse:
    """The week and the special days of a system."""
    sid = filters.auto_attendant_sid or filters.auto_attendand_sid
    if not sid:
        raise Missing("autoAttendantSid says whose schedule", field="autoAttendantSid")
    with request.auth.opened(System, sid, SystemNotFound) as system:
        items = [*_week(system), *_dates(system)]
        return shown(ScheduleRecord(auto_attendant_sid=system.sid, schedule=items))


def _replaced(request: CallerRequest, body: NewSchedule) -> HttpResponse:
    with request.auth.opened(
        System, body.auto_attendant_sid, SystemNotFound, enterprise=body.enterprise_sid
    ) as system:
        for item in body.schedule:
            _check(item, body.schedule_type)
        if body.schedule_type == "WEEKLY":
            actions.set_weekly_schedule(
                system=system, entries=_week_spans(body.schedule), at=clock.now()
            )
            items = _week(system)
        else:
            actions.set_date_ranges(
                system=system, ranges=_date_spans(body.schedule), at=clock.now()
            )
            items = _dates(system)
        return shown(
            ScheduleRecord(
                auto_attendant_sid=system.sid, schedule_type=body.schedule_type, schedule=items
            )
        )


def _check(item: ItemGiven, kind: Kind) -> None:
    """Raises InvalidInput or Missing where an item is not of the schedule's kind."""
    if item.schedule_type not in {None, kind}:
        raise InvalidInput(f"scheduleType takes {kind} here, as around it", field="scheduleType")
    if kind == "WEEKLY":
        if item.start_date or item.end_date:
            raise InvalidInput("startDate and endDate are for DATE_RANGE", field="startDate")
        return
    if item.entries:
        raise InvalidInput("entries are for WEEKLY", field="entries")
    for name, value in (("startDate", item.start_date), ("endDate", item.end_date)):
        if value is None:
            raise Missing(f"DATE_RANGE needs {name}", field=name)


def _week_spans(items: Sequence[ItemGiven]) -> list[WeekSpan]:
    return [
        WeekSpan(item.menu_sid, entry.day, entry.start_time, entry.end_time)
        for item in items
        for entry in item.entries
    ]


def _date_spans(items: Sequence[ItemGiven]) -> list[DateSpan]:
    return [
        DateSpan(item.menu_sid, item.start_date, item.end_date)
        for item in items
        if item.start_date and item.end_date
    ]


def _week(system: System) -> list[ItemShown]:
    """The week, each menu once, in the order in which it was sent."""
    found: dict[str, ItemShown] = {}
    rows = WeeklyEntry.objects.filter(system=system).select_related("menu").order_by("pk")
    for row in rows:
        sid = row.menu.sid
        item = found.setdefault(sid, ItemShown(menu_sid=sid, schedule_type="WEEKLY", entries=[]))
        end = "24:00" if row.end == time(0) else f"{row.end:%H:%M}"
        item.entries.append(EntryShown(day=row.day, start_time=f"{row.start:%H:%M}", end_time=end))
    return list(found.values())


def _dates(system: System) -> list[ItemShown]:
    rows = DateRange.objects.filter(system=system).select_related("menu").order_by("pk")
    return [
        ItemShown(
            menu_sid=row.menu.sid,
            schedule_type="DATE_RANGE",
            entries=[],
            start_date=row.start.isoformat(),
            end_date=row.end.isoformat(),
        )
        for row in rows
    ]
