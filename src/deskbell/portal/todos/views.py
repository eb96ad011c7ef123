"""The pages of To Dos: the list, one of them with its history, and the form.

Source: seed 000, "To Dos API"; design, look, "Every list".
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskbell.accounts.models import PhoneNumber
from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now
from deskbell.todos import actions, queries
from deskbell.todos.models import DeliveryType, ToDo
from deskbell.todos.rules import in_words

from ..acting import done_by
from ..attendant.frame import data_of, is_post
from ..attendant.listing import as_csv
from ..messages.clamps import Clamped, clamped
from ..oncall.frame import save
from ..pages import page
from ..rights import page_with
from ..tenancy import PortalRequest
from . import schedule_fields
from .asked import KINDS, STATES, Asked, headers
from .forms import ToDoForm, shown
from .frame import show
from .listing import CSV, everything, listing
from .schedule_fields import ScheduleFields, upcoming
from .shown import RunLine, contact_words, kind_words, run_lines, standing

RUNS_SHOWN = 50
MOST_NUMBERS = 500


@require_GET
@page
def to_dos(request: PortalRequest) -> HttpResponse:
    """Every To Do of the account: what goes out next, and what became of the last run."""
    asked = Asked.read(request.GET)
    if request.GET.get("format") == "csv":
        return as_csv(everything(asked), CSV, "to-dos")
    context = _list(asked)
    context["is_empty"] = not (context["list"].total or asked.is_filtered)
    return show(request, "to_dos", context)


@require_GET
@page
def rows(request: PortalRequest) -> HttpResponse:
    """The list alone, as it is searched while somebody types."""
    asked = Asked.read(request.GET)
    response = show(request, "list", _list(asked))
    response.headers["HX-Replace-Url"] = reverse("to_dos") + asked.query
    return response


def _list(asked: Asked) -> dict[str, Any]:
    found = listing(asked)
    return {"list": found, "headers": headers(found.asked), "kinds": KINDS, "states": STATES}


@require_GET
@page
def to_do(request: PortalRequest, to_do_id: int) -> HttpResponse:
    """One To Do: what it says, when it runs, and what became of each run."""
    found = queries.one(to_do_id)
    context = _live(found)
    return show(request, "to_do", context | _page(request, found))


def _page(request: PortalRequest, found: ToDo) -> dict[str, Any]:
    schedule, zone = found.schedule, ZoneInfo(request.account.time_zone)
    runs = (
        []
        if found.is_paused
        else upcoming(schedule.rule, schedule.times, schedule.first_day, zone, now())
    )
    return {
        "upcoming": runs[1:],
        "is_email": found.delivery_type == DeliveryType.EMAIL,
        "says": _folded(found.instructions or found.message_text or ""),
    }


def _folded(text: str) -> Clamped:
    """A text that shows its first lines where it is long; the page carries all of it."""
    return Clamped(text, len(text), is_folded=clamped(text).is_folded)


@require_GET
@page
def live(request: PortalRequest, to_do_id: int) -> HttpResponse:
    """The parts of a To Do's page that change; 304 where nothing did."""
    context = _live(queries.one(to_do_id))
    tag = context["tag"]
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = show(request, "live", context | {"oob": True})
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _live(found: ToDo) -> dict[str, Any]:
    runs = run_lines(list(queries.runs_of(found)[:RUNS_SHOWN]), found.delivery_type)
    state, tone = standing(found)
    return {
        "to_do": found,
        "kind": kind_words(found),
        "contact": contact_words(found),
        "when": in_words(found.schedule.rule, found.schedule.times),
        "state": state,
        "tone": tone,
        "runs": runs,
        "has_more": len(runs) == RUNS_SHOWN,
        "tag": _tag(found, runs),
    }


def _tag(found: ToDo, runs: Sequence[RunLine]) -> str:
    """An ETag that changes with all that the live part shows."""
    schedule = found.schedule
    told = [found.updated_at, found.is_sending, found.is_paused, schedule.next_occurrence]
    told += [(each.run.pk, each.state, each.words) for each in runs]
    return f'"{hashlib.sha256(repr(told).encode()).hexdigest()[:24]}"'


@require_http_methods(["GET", "POST"])
@page_with(Right.TO_DOS)
def new(request: PortalRequest) -> HttpResponse:
    """Makes a To Do."""
    form = ToDoForm(data_of(request), numbers=_numbers())
    if is_post(request) and form.is_valid():
        made: list[ToDo] = []

        def add() -> None:
            made.append(
                actions.add_to_do(
                    account_id=request.account.pk,
                    fields=form.fields_of_it,
                    when=form.when(),
                    at=now(),
                    by=done_by(request),
                )
            )

        if save(form, add):
            return _saved(request, made[0])
    return _form(request, form, {"back": reverse("to_dos"), "verb": "Save"})


@require_http_methods(["GET", "POST"])
@page_with(Right.TO_DOS)
def edit(request: PortalRequest, to_do_id: int) -> HttpResponse:
    """Changes a To Do."""
    found = queries.one(to_do_id)
    form = ToDoForm(data_of(request), numbers=_numbers(), part=shown(found))
    if is_post(request) and form.is_valid():

        def change() -> None:
            form.unchanged(shown(queries.one(to_do_id)))
            actions.edit_to_do(to_do=found, fields=form.fields_of_it, when=form.when(), at=now())

        if save(form, change):
            return _saved(request, queries.one(to_do_id))
    back = reverse("to_dos:to_do", args=[to_do_id])
    return _form(request, form, {"to_do": found, "back": back, "verb": "Save"})


def _saved(request: PortalRequest, saved: ToDo) -> HttpResponse:
    words = in_words(saved.schedule.rule, saved.schedule.times)
    notices.success(request, f"Saved. {words}.")
    return redirect("to_dos:to_do", saved.pk)


def _form(request: PortalRequest, form: ToDoForm, context: dict[str, Any]) -> HttpResponse:
    ticked = {name: set(form[name].value() or ()) for name in ("weekdays", "month_days")}
    return show(request, "form", {"form": form, "ticked": ticked} | context | _meant(request, form))


def _meant(request: PortalRequest, form: ScheduleFields) -> dict[str, Any]:
    zone = ZoneInfo(request.account.time_zone)
    return schedule_fields.preview(form, zone=zone, at=now())


@require_POST
@page_with(Right.TO_DOS)
def preview(request: PortalRequest) -> HttpResponse:
    """What the schedule in the form means: in words, with its next runs."""
    return show(request, "preview", _meant(request, ScheduleFields(request.POST)))


def _numbers() -> list[PhoneNumber]:
    found = PhoneNumber.objects.filter(is_extension=False).order_by("created_at", "pk")
    return list(found[:MOST_NUMBERS])
