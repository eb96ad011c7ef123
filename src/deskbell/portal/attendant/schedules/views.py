"""Schedules: which systems there are, and one system's week and special days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from deskbell.attendant.rules import menu_at
from deskbell.attendant.rules.edits import find_system
from deskbell.attendant.rules.plans import SystemPlan
from deskbell.attendant.rules.schedule import WeekSpan
from deskbell.foundation.clock import now

from ...tenancy import PortalRequest
from ..flow.colours import colours_of
from ..flow.parts import days_in_words
from ..flow.words import WEEKDAYS, hours_of
from ..frame import attendant_page, is_post, may_edit, planned_of, render_page, save
from .forms import DaysForm, ScheduleForm, WeekForm
from .holidays import countries, holidays_from, parts_of
from .rows import DaysRow, HoursRow, overlapping
from .week_picture import Brush, week_svg
from .year_picture import month_svgs

DAYS = [(str(number), name) for number, name in enumerate(WEEKDAYS, start=1)]


@dataclass(frozen=True, slots=True)
class Line:
    """A system in the list: who answers now and its week as a picture."""

    system: SystemPlan
    answers: Brush | None
    picture: str
    days_to_come: int


@require_GET
@attendant_page
def schedules(request: PortalRequest) -> HttpResponse:
    """Every system's week at a glance; one system's own page where there is only one."""
    systems = planned_of(request).plan.systems
    if len(systems) == 1:
        return redirect("attendant:schedule", systems[0].sid)
    lines = [_line(system) for system in systems]
    return render_page(request, "portal/attendant/schedules/schedules.html", {"lines": lines})


def _line(system: SystemPlan) -> Line:
    brushes = brushes_of(system)
    zone = system.time_zone or "UTC"
    sid = menu_at(week=system.week, dates=system.dates, time_zone=zone, at=now())
    today = local_now(system).date()
    coming = sum(span.end >= today for span in system.dates)
    return Line(system, brushes.get(sid or ""), week_svg(system.week, brushes), coming)


@require_http_methods(["GET", "HEAD", "POST"])
@attendant_page
def schedule(request: PortalRequest, sid: str) -> HttpResponse:
    """One system's week and special days. Each saves into the draft by itself."""
    system = find_system(planned_of(request).plan, sid)
    named: dict[str, Any] = {
        "system": system,
        "today": local_now(system).date(),
        "locked": not may_edit(request),
    }
    if not is_post(request):
        return _page(request, WeekForm(**named), DaysForm(**named))
    if request.POST.get("part") == WeekForm.part:
        week = WeekForm(request.POST, **named)
        return _done(request, week) or _page(request, week, DaysForm(**named), week)
    days = DaysForm(request.POST, **named)
    return _done(request, days) or _page(request, WeekForm(**named), days, days)


def _done(request: PortalRequest, form: WeekForm | DaysForm) -> HttpResponse | None:
    """Where the person goes after saving; None while there is something left to do in the form."""
    if _only_rows(request, form):
        form.errors.clear()
        return None
    if not form.is_valid() or not save(request, form, form.applied):
        return None
    what = "The week is" if isinstance(form, WeekForm) else "The special days are"
    notices.success(request, f"{what} saved in the draft.")
    place = "" if isinstance(form, WeekForm) else "#special-days"
    return redirect(reverse("attendant:schedule", args=[form.system.sid]) + place)


def _only_rows(request: PortalRequest, form: WeekForm | DaysForm) -> bool:
    """Whether a button was pressed that changes the rows and saves nothing."""
    if "add" in request.POST:
        form.add_row()
    elif (index := request.POST.get("drop", "")).isdecimal():
        form.drop_row(int(index))
    elif "pick" in request.POST and isinstance(form, DaysForm):
        count = form.pick_holidays()
        words = "1 holiday is added" if count == 1 else f"{count} holidays are added"
        notices.info(request, f"{words} below; save to keep {'it' if count == 1 else 'them'}.")
    elif "show_holidays" not in request.POST:
        return False
    return True


def _page(
    request: PortalRequest,
    week: WeekForm,
    days: DaysForm,
    sent: ScheduleForm | None = None,
) -> HttpResponse:
    system = week.system
    brushes = brushes_of(system)
    local = local_now(system)
    context = {
        "system": system,
        "systems": planned_of(request).plan.systems,
        "local": local,
        "brushes": list(brushes.values()),
        "brush_now": next((sid for sid, each in brushes.items() if each.hours), ""),
        "holiday_menu": request.POST.get("holiday_menu") or _menu_of_holidays(system),
        "days_of_week": DAYS,
        "week_form": week,
        "days_form": days,
        "week_picture": week_svg(week.week, brushes, local),
        "blank_hours": HoursRow(),
        "blank_days": DaysRow(),
        "form": sent,
        "their_week": _their_week(week.theirs) if week.theirs else (),
        "their_days": [days_in_words(each) for each in days.theirs.dates] if days.theirs else (),
        "is_week_sent": sent is week,
        **_year(request, days, brushes, local.date()),
        **_holidays(request, days, local.date()),
    }
    return render_page(request, "portal/attendant/schedules/schedule.html", context)


def _menu_of_holidays(system: SystemPlan) -> str:
    """The sid of the menu that answers on the last special day, else for most of the week."""
    if system.dates:
        return max(system.dates, key=lambda span: span.start).menu
    spent: Counter[str] = Counter()
    for span in system.week:
        first, after = span.seconds
        spent[span.menu] += after - first
    return spent.most_common(1)[0][0] if spent else ""


def _their_week(system: SystemPlan) -> list[tuple[Brush, list[str]]]:
    brushes = brushes_of(system)
    return [
        (brush, hours_of(span for span in system.week if span.menu == sid))
        for sid, brush in brushes.items()
    ]


def _year(
    request: PortalRequest, days: DaysForm, brushes: dict[str, Brush], today: date
) -> dict[str, Any]:
    asked = request.POST.get("year") or request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= 2100 else today.year
    return {
        "year": year,
        "year_before": year - 1,
        "year_after": year + 1,
        "months": month_svgs(year, days.dates, brushes, today),
    }


def _holidays(request: PortalRequest, days: DaysForm, today: date) -> dict[str, Any]:
    sent = request.POST if is_post(request) else request.GET
    country = sent.get("country", "") or request.account.country
    part = sent.get("subdivision", "")
    parts = parts_of(country)
    part = part if part in dict(parts) else ""
    found = [
        (each, overlapping(days.rows, each.day, each.day))
        for each in holidays_from(today, country, part)
    ]
    return {
        "countries": countries(),
        "country": country,
        "subdivisions": parts,
        "subdivision": part,
        "holidays": found,
    }


def brushes_of(system: SystemPlan) -> dict[str, Brush]:
    """The system's menus as they are painted, by sid, each with its hours a week."""
    colours = colours_of(system.menus)
    return {
        menu.sid: Brush(menu.sid, menu.name, colours[menu.sid], _hours(menu.sid, system.week))
        for menu in system.menus
    }


def _hours(sid: str, week: tuple[WeekSpan, ...]) -> str:
    spans = [span.seconds for span in week if span.menu == sid]
    hours = sum(end - start for start, end in spans) / 3600
    return f"{hours:g} h" if spans else ""


def local_now(system: SystemPlan) -> datetime:
    """Now, by the system's clock."""
    return now().astimezone(ZoneInfo(system.time_zone or "UTC"))
