"""Changes of events without their form: dragging, deleting, cloning.

Each asks first how far it reaches, where the event comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.contrib import messages as notices
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, InvalidInput
from deskbell.oncall import actions, queries
from deskbell.oncall.models import Event
from deskbell.oncall.rules import in_words

from ...pages import is_partial
from ...tenancy import PortalRequest
from ..frame import is_post, oncall_page, only_editors, render_dialog
from .asked import read_day
from .entries import Entry
from .event_form import instance_of, level_of, scopes_of
from .event_views import current, day_of, event_with_methods, levels_of
from .page import live_context, shown_to
from .panels import PARTS, done

STALE = (
    "Somebody else changed this event meanwhile, so nothing is moved. The calendar shows how it is"
    " now; move it again if it still should be."
)


class Stale(Conflict):
    """The event is not any more where it was when it was dragged."""


@require_POST
@oncall_page
def move(request: PortalRequest, event_id: int) -> HttpResponse:
    """Puts an instance elsewhere after a drag; one that comes back asks first how far that goes.

    `day` is the instance, `was_starts` and `was_ends` where it was drawn.
    """
    shown = event_with_methods(event_id)
    day = read_day(request.POST.get("day", ""))
    scope = request.POST.get("scope", "")
    if shown.frequency == "once":
        scope = actions.Scope.THIS if shown.part_of_id else actions.Scope.ALL
    elif scope not in set(actions.Scope):
        return _ask_scope(request, shown, day)
    try:
        starts, ends = _moment(request, "starts"), _moment(request, "ends")
        was = _moment(request, "was_starts"), _moment(request, "was_ends")
        moved = _move(event_id, actions.Scope(scope), day, (starts, ends), was)
    except (InvalidInput, Conflict) as error:
        return _refused(request, str(error))
    words = f"Moved to {Entry('shift', '', 0, '', '', starts, ends).when}."
    undo = _undo(moved, scope, (starts, ends), was) if scope != actions.Scope.FOLLOWING else None
    if scope == actions.Scope.THIS and not shown.part_of_id:
        undo = None
    return done(request, words, undo=undo)


def _move(
    event_id: int,
    scope: actions.Scope,
    day: date | None,
    to: tuple[datetime, datetime],
    was: tuple[datetime, datetime],
) -> Event:
    with transaction.atomic():
        there = current(event_id)
        shown = (there.original if there.part_of_id else day) if there.frequency != "once" else None
        if instance_of(there, shown) != was:
            raise Stale(STALE)
        day = there.original if there.part_of_id else day
        return actions.move_event(
            event=there, scope=scope, day=day, starts=to[0], ends=to[1], at=now()
        )


def _undo(
    moved: Event, scope: str, to: tuple[datetime, datetime], was: tuple[datetime, datetime]
) -> Mapping[str, str]:
    """The form that moves it back to where it was."""
    names = ("starts", "ends", "was_starts", "was_ends")
    times = (f"{each:%Y-%m-%dT%H:%M}" for each in (*was, *to))
    return {
        "action": reverse("oncall:move", args=[moved.pk]),
        "scope": scope,
        "day": to[0].date().isoformat(),
        **dict(zip(names, times, strict=True)),
    }


def _moment(request: PortalRequest, name: str) -> datetime:
    text = request.POST.get(name, "")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{name} is a time as 2026-11-22T17:30, not {text!r}") from None
    return found.replace(tzinfo=None, second=0, microsecond=0)


def _ask_scope(request: PortalRequest, shown: Event, day: date | None) -> HttpResponse:
    try:
        starts, ends = _moment(request, "starts"), _moment(request, "ends")
    except InvalidInput as error:
        return _refused(request, str(error))
    context = {
        "event": shown,
        "names": names_of(shown),
        "when": Entry("shift", "", 0, "", "", starts, ends).when,
        "rule_words": in_words(queries.shift_of(shown)),
        "scopes": scopes_of(shown, day),
        "hidden": {
            name: request.POST.get(name, "")
            for name in ("day", "starts", "ends", "was_starts", "was_ends")
        },
        "asked": shown_to(request),
    }
    return render_dialog(request, f"{PARTS}/move.html", context)


def _refused(request: PortalRequest, words: str) -> HttpResponse:
    """The calendar as it is, with what is wrong."""
    asked = shown_to(request)
    notices.error(request, words)
    if not is_partial(request):
        return redirect(f"{reverse('oncall')}{asked.url}".rstrip("?"))
    return render(request, f"{PARTS}/changed.html", live_context(request, asked))


@require_http_methods(["GET", "HEAD", "POST"])
@oncall_page
def delete(request: PortalRequest, event_id: int) -> HttpResponse:
    """Deletes an instance, it and those that follow, or all; says before what is lost."""
    only_editors(request)
    shown = event_with_methods(event_id)
    day = day_of(request, shown)
    scopes = scopes_of(shown, day)
    scope = request.POST.get("scope") or (scopes[0][0] if scopes else "")
    if is_post(request):
        reach = actions.Scope.THIS if shown.part_of_id else actions.Scope.ALL
        reach = actions.Scope(scope) if scope in dict(scopes) else reach
        with transaction.atomic():
            actions.delete_event(event=current(event_id), scope=reach, day=day, at=now())
        words = "The instance is" if reach is actions.Scope.THIS else "The event is"
        return done(request, f"{words} deleted.")
    starts, ends = instance_of(shown, day)
    context = {
        "event": shown,
        "names": names_of(shown),
        "when": Entry("shift", "", 0, "", "", starts, ends).when,
        "rule_words": in_words(queries.shift_of(shown)) if scopes else "",
        "scopes": scopes,
        "changed_count": shown.changed.count() if scopes else 0,
        "asked": shown_to(request),
    }
    return render_dialog(request, f"{PARTS}/delete.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@oncall_page
def clone(request: PortalRequest, event_id: int) -> HttpResponse:
    """Puts the same event on another level, or on its own once more."""
    only_editors(request)
    shown = event_with_methods(event_id)
    day = day_of(request, shown)
    context = {
        "event": shown,
        "names": names_of(shown),
        "rule_words": in_words(queries.shift_of(shown)) if shown.frequency != "once" else "",
        "day_words": scopes_of(shown, day)[0][1] if shown.frequency != "once" else "",
        "levels": levels_of(request),
        "asked": shown_to(request),
        "error": "",
    }
    if is_post(request):
        chosen = request.POST.get("level", "")
        only = day if request.POST.get("only") and shown.frequency != "once" else None
        try:
            onto = level_of(chosen if chosen.isdecimal() else "0")
            actions.clone_event(event=shown, level=onto, at=now(), day=only)
        except InvalidInput as error:
            context["error"] = str(error)
            return render_dialog(request, f"{PARTS}/clone.html", context, status=422)
        return done(
            request,
            f"The event is on {onto.name} too.",
            asked=shown_to(request).of_level(onto.pk),
        )
    return render_dialog(request, f"{PARTS}/clone.html", context)


def names_of(shown: Event) -> str:
    """Who is on call by an event."""
    return ", ".join(dict.fromkeys(each.contact.name for each in shown.methods.all())) or "Nobody"
