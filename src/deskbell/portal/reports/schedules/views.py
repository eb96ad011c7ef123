"""The Export Scheduler: the list, a new schedule, one of them, and what can be done with it.

Source: seed 000, "Reports" (Export Scheduler). Whoever may have a kind of export sees and changes
all schedules of that kind in the account.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deskbell import audit
from deskbell.foundation.clock import now
from deskbell.reports import actions, queries
from deskbell.reports.models import Kind, ScheduledExport
from deskbell.reports.rules.kinds import RIGHTS, kinds_for

from ...asking import act, ask
from ...attendant.frame import Question, data_of, is_post
from ...oncall.frame import save
from ...pages import page
from ...rights import check
from ...tenancy import PortalRequest, held_rights
from .forms import ScheduleForm, shown_of
from .shown import shown

FOLDER = "portal/reports/schedules"


@require_safe
@page
def schedules(request: PortalRequest) -> HttpResponse:
    """The account's schedules of the kinds that the person may have."""
    lines = shown(queries.schedules(kinds_for(held_rights(request))))
    return render(request, f"{FOLDER}/list.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def new_schedule(request: PortalRequest) -> HttpResponse:
    """Makes a schedule; `of` in the address says what it is of."""
    kinds = kinds_for(held_rights(request))
    kind = request.GET.get("of", "")
    kind = kind if kind in RIGHTS else kinds[0]
    _check(request, kind)
    form = ScheduleForm(kind, request.account, data_of(request), person=request.user.email)

    def add() -> None:
        planned = form.planned(kind)
        actions.add_schedule(account=request.account, planned=planned, by=request.user, at=now())

    if _is_saved(request, form, add):
        return redirect("reports:schedules")
    context = {"kinds": [Kind(each) for each in kinds], "kind": Kind(kind)}
    return _form(request, form, context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def schedule(request: PortalRequest, schedule_id: int) -> HttpResponse:
    """Shows and changes a schedule."""
    found = _one(request, schedule_id)
    form = ScheduleForm(found.kind, request.account, data_of(request), part=shown_of(found))

    def change() -> None:
        form.unchanged(shown_of(queries.one_schedule(schedule_id)))
        planned = form.planned(found.kind)
        actions.edit_schedule(schedule=found, planned=planned, by=request.user, at=now())

    if _is_saved(request, form, change):
        return redirect("reports:schedules")
    return _form(request, form, {"schedule": found, "kind": Kind(found.kind)})


@require_POST
@page
def pause_schedule(request: PortalRequest, schedule_id: int) -> HttpResponse:
    """Makes a schedule run no more until it is resumed."""
    found = _one(request, schedule_id)
    return _act(request, found, actions.pause_schedule, "It is paused.")


@require_POST
@page
def resume_schedule(request: PortalRequest, schedule_id: int) -> HttpResponse:
    """Has a schedule run again, from its next time on."""
    found = _one(request, schedule_id)
    resume = partial(actions.resume_schedule, by=request.user, at=now())
    return _act(request, found, resume, "It runs again.")


@require_POST
@page
def run_schedule(request: PortalRequest, schedule_id: int) -> HttpResponse:
    """Makes and mails it at once."""
    found = _one(request, schedule_id)
    run = partial(actions.run_schedule, at=now())
    return _act(request, found, run, "It is being made, and mailed as soon as it is.")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def delete_schedule(request: PortalRequest, schedule_id: int) -> HttpResponse:
    """Asks before a schedule is deleted."""
    found = _one(request, schedule_id)
    if is_post(request):
        remove = partial(actions.remove_schedule, at=now())
        return _act(request, found, remove, "The scheduled export is deleted.")
    question = Question(
        title="Delete this scheduled export?",
        words=f"{found.name} is made and mailed no more. Files that it made stay in the list of"
        " exports.",
        verb="Delete",
        action=reverse("reports:delete_schedule", args=[found.pk]),
        back=reverse("reports:schedules"),
    )
    return ask(request, question, alone=f"{FOLDER}/dialog_page.html")


def _one(request: PortalRequest, schedule_id: int) -> ScheduledExport:
    found = queries.one_schedule(schedule_id)
    _check(request, found.kind)
    return found


def _check(request: PortalRequest, kind: str) -> None:
    if right := RIGHTS[kind]:
        check(request, right)


def _is_saved(request: PortalRequest, form: ScheduleForm, change: Callable[[], object]) -> bool:
    if not (is_post(request) and form.is_valid() and save(form, change)):
        return False
    notices.success(request, "The scheduled export is saved.")
    return True


def _act(
    request: PortalRequest, found: ScheduledExport, change: Callable[..., object], done: str
) -> HttpResponse:
    if act(request, lambda: change(schedule=found), done=done):
        audit.note(request, subject=found.name)
    return redirect("reports:schedules")


def _form(
    request: PortalRequest, form: ScheduleForm, context: Mapping[str, object]
) -> HttpResponse:
    whole = {
        **context,
        "form": form,
        "filters": [form[name] for name in form.filters],
        "back": reverse("reports:schedules"),
        "may_edit": True,
    }
    return render(request, f"{FOLDER}/form.html", whole, status=form.http_status)
