"""Panels of events: making and changing them, and what a rule means while one types.

Source: seed 000, "Add New Events", "Edit Existing Events", "Schedule Recurring Events".
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.oncall import actions, queries
from deskbell.oncall.models import Event, OncallDefaults
from deskbell.oncall.rules import dates, in_words, instance_on

from ...tenancy import PortalRequest
from ..frame import data_of, is_post, may_edit, oncall_page, only_editors, save
from .asked import read_day
from .entries import Entry, end_of, long_date, short_date
from .event_form import EventForm, apply, instance_of, people, scopes_of, shown_of
from .page import today_of, zone_of
from .panels import done, one_at_a_time, render_panel
from .rule_fields import RuleFields, shift_from, span_shown

NEXT = 5
_HOUR = timedelta(hours=1)


def levels_of(request: PortalRequest) -> Any:
    """The account's levels in their order."""
    return list(queries.levels().filter(account_id=request.account.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@oncall_page
def new_event(request: PortalRequest) -> HttpResponse:
    """A new event: `on` is its level, `starts` and `ends` the times that it is offered."""
    only_editors(request)
    levels = levels_of(request)
    if not levels:
        raise NotFound("An event needs an escalation level; add one first")
    form = EventForm(data_of(request), levels=levels, people=people())
    form.initial = _offered(request, str(levels[0].pk))

    def add() -> None:
        actions.add_event(at=now(), **form.values())

    if is_post(request) and form.is_valid() and save(form, add):
        return done(request, "The event is on the calendar.")
    return render_panel(request, "event", _panel(request, form) | {"is_new": True})


def _offered(request: PortalRequest, first_level: str) -> dict[str, Any]:
    """What a new event starts with: times dragged on the calendar, else the account's defaults."""
    day = read_day(request.GET.get("starts", "")) or today_of(request)
    defaults = OncallDefaults.objects.filter(account_id=request.account.pk).first()
    starts = _read_moment(request.GET.get("starts", ""))
    ends = _read_moment(request.GET.get("ends", ""))
    if starts is not None and (ends is None or ends <= starts):
        ends = starts + _HOUR
    if starts is None or ends is None:
        starts = datetime.combine(day, defaults.start) if defaults else datetime.combine(day, _MIN)
        ends = datetime.combine(day, defaults.end if defaults else _END)
    if ends <= starts:
        ends += timedelta(days=1)
    return {
        **span_shown(starts, ends),
        "level": request.GET.get("on", first_level),
        "frequency": "once",
        "interval": 1,
        "weekdays": [str(starts.isoweekday() % 7)],
        "monthly_by": "days",
        "month_days": [str(starts.day)],
        "ending": "never",
        "methods": request.GET.getlist("method"),
    }


_MIN = datetime.min.time()
_END = _MIN.replace(hour=23, minute=59)


def _read_moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None
    is_good = found is not None and found.tzinfo is None and read_day(found.date().isoformat())
    return found if is_good else None


@require_http_methods(["GET", "HEAD", "POST"])
@oncall_page
def event(request: PortalRequest, event_id: int) -> HttpResponse:
    """An event's instance on the day in the address: to look at, and to change."""
    shown = event_with_methods(event_id)
    day = day_of(request, shown)
    form = EventForm(
        data_of(request),
        levels=levels_of(request),
        people=people(),
        scopes=scopes_of(shown, day),
        part=shown_of(shown, day),
        locked=not may_edit(request),
    )
    form.fields["scope"].initial = actions.Scope.THIS.value
    if is_post(request) and form.is_valid() and save(form, lambda: _edit(form, event_id, day)):
        return done(request, "The event is changed.")
    context = _panel(request, form) | _about(shown, day)
    return render_panel(request, "event", context)


def _edit(form: EventForm, event_id: int, day: date | None) -> None:
    """Changes the event where it still is what the form showed. Raises PartChanged."""
    with transaction.atomic():
        there = current(event_id)
        form.unchanged(shown_of(there, day))
        apply(form, there, day, now())


def current(event_id: int) -> Event:
    """The event as it is now, in a transaction in which no other page changes the account's
    calendars: what was shown can be compared with it. Raises NotFound.
    """
    found = Event.objects.filter(pk=event_id).first()
    if found is None:
        raise NotFound("This event is not there any more; somebody else deleted it")
    one_at_a_time(found.account_id)
    found.refresh_from_db()
    return found


def event_with_methods(event_id: int) -> Event:
    """One event of the account with its level. Raises NotFound."""
    found = Event.objects.select_related("level", "part_of").prefetch_related("methods__contact")
    shown = found.filter(pk=event_id).first()
    if shown is None:
        raise NotFound("There is no such event; somebody may have deleted it")
    return shown


def day_of(request: PortalRequest, shown: Event) -> date | None:
    """The start day of the instance that is meant: the one in the address, else the next to come.

    None for an event that happens once and is no part of a series.
    """
    if shown.part_of_id:
        return shown.original
    if shown.frequency == "once":
        return None
    shift = queries.shift_of(shown)
    day = read_day(request.GET.get("day", ""))
    if day is not None and instance_on(shift, day):
        return day
    first = next(dates(shift, today_of(request), date.max), None)
    return first or next(dates(shift, date.min, date.max), None)


def _about(shown: Event, day: date | None) -> dict[str, Any]:
    """What the panel says of an event that is there."""
    starts = instance_of(shown, day)[0].date()
    names = dict.fromkeys(method.contact.name for method in shown.methods.all())
    return {
        "event": shown,
        "day": day,
        "day_words": long_date(starts),
        "names": ", ".join(names) or "Nobody",
        "rule_words": in_words(queries.shift_of(shown)) if shown.frequency != "once" else "",
        "changed_count": 0 if shown.frequency == "once" else shown.changed.count(),
        "skipped_count": len(shown.skipped),
    }


def _panel(request: PortalRequest, form: EventForm) -> dict[str, Any]:
    values = {name: form[name].value() for name in form.fields}
    preview = _preview(form.cleaned_data) if form.is_bound and hasattr(form, "cleaned_data") else {}
    if not form.is_bound:
        preview = _preview(values)
    return {
        "form": form,
        "zone": zone_of(request).key,
        "ticked": {
            name: _ticked(form, name) for name in ("weekdays", "month_days", "nth_weekdays")
        },
        **preview,
    }


def _ticked(form: EventForm, name: str) -> set[str]:
    return {str(each) for each in form[name].value() or ()}


@require_POST
@oncall_page
def preview(request: PortalRequest) -> HttpResponse:
    """What a rule means while it is typed: words, and the next days. Saves nothing."""
    form = RuleFields(request.POST)
    form.is_valid()
    context = _preview(form.cleaned_data)
    return render(request, "portal/oncall/calendar/preview.html", context)


def _preview(values: Any) -> dict[str, Any]:
    try:
        shift = shift_from(values)
    except InvalidInput as error:
        return {"preview_words": "", "preview_error": str(error), "preview_dates": []}
    first = Entry("shift", "", 0, "", "", shift.starts, shift.ends)
    coming = []
    for day in dates(shift, shift.starts.date(), date.max):
        coming.append(f"{short_date(day)}, {day.year}")
        if len(coming) == NEXT:
            break
    words = "" if shift.frequency == "once" else in_words(shift)
    return {
        "preview_words": words,
        "preview_when": first.when if not words else first.hours,
        "preview_length": end_of(shift.ends) - shift.starts,
        "preview_dates": coming if words else [],
        "preview_error": "",
    }
