"""The two forms of a schedule: the week, and the special days. Each is saved by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, cast

from django.http import QueryDict

from deskbell.attendant.errors import ScheduleOverlap
from deskbell.attendant.rules.edits import find_system, fingerprint, put_system
from deskbell.attendant.rules.plans import Plan, SystemPlan
from deskbell.attendant.rules.schedule import DateSpan, WeekSpan, check_dates, check_week
from deskbell.foundation.errors import InvalidInput

from ..forms import PartForm
from .rows import (
    DaysRow,
    HoursRow,
    days_rows,
    hours_rows,
    overlapping,
    read_date,
    read_days,
    say_days_overlap,
    say_hours_overlap,
)
from .rows import read_hours as read_hours_rows


class ScheduleForm(PartForm[SystemPlan]):
    """What both have in common: rows of a table instead of single fields.

    `theirs` is the system as somebody else saved it meanwhile, else None.
    """

    part = ""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        system: SystemPlan,
        today: date,
        locked: bool = False,
    ) -> None:
        self.system = system
        self.today = today
        self.theirs: SystemPlan | None = None
        super().__init__(data, part=system, locked=locked)
        self.sids = [menu.sid for menu in system.menus]

    def shown_of(self, part: SystemPlan) -> dict[str, Any]:
        """Nothing: the rows are the form's own."""
        del part
        return {}

    def show_saved(self, part: SystemPlan) -> None:
        """Keeps what somebody else saved, to be shown beside the rows."""
        self.theirs = part
        self.saved = {self.part: "changed"}
        data = cast(QueryDict, self.data).copy()
        data["seen"] = fingerprint(self.covered(part))
        self.data = data


class WeekForm(ScheduleForm):
    """The week's entries."""

    part = "week"

    def __init__(self, data: QueryDict | None = None, **named: Any) -> None:
        super().__init__(data, **named)
        self.week: list[WeekSpan] = list(self.system.week)
        self.rows: list[HoursRow] = hours_rows(self.week)
        if data is not None:
            self.rows, self.week = read_hours_rows(data, self.sids)

    def covered(self, part: SystemPlan) -> object:
        """The week only: special days are another form's."""
        return part.week

    def clean(self) -> dict[str, Any]:
        """Refuses rows that cannot be read, and entries that overlap."""
        if any(row.error for row in self.rows):
            self.add_error(None, "Some rows are not complete; each says why.")
        else:
            try:
                check_week(self.week)
            except ScheduleOverlap:
                self.rows = say_hours_overlap(self.rows, self.week)
                self.add_error(None, "Some hours have two menus. Change or remove one of each two.")
            except InvalidInput as error:
                self.add_error(None, str(error))
        return self.cleaned_data

    def applied(self, plan: Plan) -> Plan:
        """The plan with this week. Raises PartChanged where it is not what was shown."""
        system = self.unchanged(find_system(plan, self.system.sid))
        return put_system(plan, replace(system, week=tuple(self.week)))

    def add_row(self) -> None:
        """One more row to fill in, after the last."""
        self.rows.append(HoursRow(menu=self.sids[0] if self.sids else ""))

    def drop_row(self, index: int) -> None:
        """Takes a row away; nothing is saved by it."""
        del self.rows[index : index + 1]


class DaysForm(ScheduleForm):
    """The special days, and holidays that are picked from a list."""

    part = "dates"

    def __init__(self, data: QueryDict | None = None, **named: Any) -> None:
        super().__init__(data, **named)
        self.dates: list[DateSpan] = list(self.system.dates)
        self.rows: list[DaysRow] = days_rows(self.dates, self.today)
        if data is not None:
            self.rows, self.dates = read_days(data, self.sids, self.today)

    def covered(self, part: SystemPlan) -> object:
        """The special days only."""
        return part.dates

    def clean(self) -> dict[str, Any]:
        """Refuses rows that cannot be read, and days that overlap."""
        if any(row.error for row in self.rows):
            self.add_error(None, "Some rows are not complete; each says why.")
        else:
            try:
                check_dates(self.dates)
            except ScheduleOverlap:
                self.rows = say_days_overlap(self.rows, self.dates)
                self.add_error(None, "Some days have two menus. Change or remove one of each two.")
            except InvalidInput as error:
                self.add_error(None, str(error))
        return self.cleaned_data

    def applied(self, plan: Plan) -> Plan:
        """The plan with these days. Raises PartChanged where they are not what was shown."""
        system = self.unchanged(find_system(plan, self.system.sid))
        return put_system(plan, replace(system, dates=tuple(self.dates)))

    def add_row(self) -> None:
        """One more row to fill in, after the last."""
        today = self.today.isoformat()
        self.rows.append(DaysRow(today, today, self.sids[0] if self.sids else ""))

    def drop_row(self, index: int) -> None:
        """Takes a row away; nothing is saved by it."""
        del self.rows[index : index + 1]

    def pick_holidays(self) -> int:
        """Adds a row for each holiday that is ticked and not covered yet; says how many."""
        data = cast(QueryDict, self.data)
        menu = data.get("holiday_menu", "")
        picked = [found for each in data.getlist("holiday") if (found := read_date(each))]
        added = [day for day in sorted(set(picked)) if not overlapping(self.rows, day, day)]
        self.rows += [DaysRow(day.isoformat(), day.isoformat(), menu) for day in added]
        self.dates += [DateSpan(menu, day, day) for day in added]
        self.rows.sort(key=lambda row: row.start)
        return len(added)
