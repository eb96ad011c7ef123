"""Panels of overrides: covering somebody for a while, without touching a calendar's events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound
from deskbell.oncall import actions
from deskbell.oncall.models import Override, OverrideKind

from ...acting import done_by
from ...tenancy import PortalRequest
from ..frame import (
    Question,
    ask,
    data_of,
    is_post,
    may_edit,
    oncall_page,
    only_editors,
    save,
)
from .asked import read_day
from .cover_form import CoverForm, cover_shown
from .drawn import wall
from .entries import Entry
from .event_form import people
from .event_views import levels_of
from .page import shown_to, zone_of
from .panels import done, one_at_a_time, render_panel

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Line:
    """An override in the list, in words."""

    id: int
    who: str
    when: str
    level: str
    by: str
    note: str


@require_GET
@oncall_page
def covers(request: PortalRequest) -> HttpResponse:
    """The overrides that are there now, and those to come."""
    return render_panel(request, "covers", {"lines": coming(), "zone": zone_of(request).key})


def coming() -> list[Line]:
    """Overrides that are not over, the next first; in the account's scope, two queries."""
    found = Override.objects.filter(span__endswith__gt=now()).order_by("span")
    found = found.select_related("level", "contact").prefetch_related("methods__contact")
    return [line_of(each) for each in found[:MOST_LISTED]]


def line_of(override: Override) -> Line:
    """An override in words."""
    starts, ends = (
        each.astimezone(UTC).replace(tzinfo=None) for each in (override.starts, override.ends)
    )
    return Line(
        override.pk,
        who_words(override),
        Entry("override", "", 0, "", "", starts, ends).when,
        override.level.name if override.level else "all levels",
        override.by,
        override.note,
    )


def who_words(override: Override) -> str:
    """Who covers whom: "Bob covers Alice"."""
    inside = ", ".join(dict.fromkeys(each.contact.name for each in override.methods.all()))
    out = override.contact.name if override.contact else "somebody"
    if override.kind == OverrideKind.ADD:
        return f"{inside or 'Nobody'} in addition"
    if override.kind == OverrideKind.REPLACE:
        return f"{inside or 'Nobody'} covers {out}"
    return f"{out} is off call"


@require_http_methods(["GET", "HEAD", "POST"])
@oncall_page
def new_cover(request: PortalRequest) -> HttpResponse:
    """A new override; `on` is the level, `who` the contact that it offers."""
    only_editors(request)
    form = CoverForm(data_of(request), levels=levels_of(request), people=people())
    form.initial = _offered(request)
    if is_post(request) and form.is_valid():

        def add() -> None:
            actions.add_override(
                account_id=request.account.pk, at=now(), by=done_by(request), **form.values()
            )

        if save(form, add):
            return done(request, "The cover is on the calendar.")
    return render_panel(request, "cover", _panel(request, form) | {"lines": coming()})


def _offered(request: PortalRequest) -> dict[str, Any]:
    day = read_day(request.GET.get("starts", ""))
    at = wall(now(), zone_of(request)).replace(minute=0)
    if day is not None:
        at = datetime.combine(day, at.time())
    until = at + timedelta(days=1)
    return {
        "starts_date": at.date(),
        "starts_time": at.time(),
        "ends_date": until.date(),
        "ends_time": until.time(),
        "kind": OverrideKind.REPLACE.value,
        "level": request.GET.get("on", ""),
        "contact": request.GET.get("who", ""),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@oncall_page
def cover(request: PortalRequest, override_id: int) -> HttpResponse:
    """One override: to look at, and to change."""
    shown = _found(override_id)
    form = CoverForm(
        data_of(request),
        levels=levels_of(request),
        people=people(),
        part=cover_shown(shown),
        locked=not may_edit(request),
    )

    def edit() -> None:
        with transaction.atomic():
            one_at_a_time(request.account.pk)
            there = Override.objects.filter(pk=override_id).first()
            if there is None:
                raise NotFound("This cover is not there any more; somebody else removed it")
            form.unchanged(cover_shown(there))
            actions.edit_override(override=there, **form.values())

    if is_post(request) and form.is_valid() and save(form, edit):
        return done(request, "The cover is changed.")
    context = _panel(request, form) | {"override": shown, "line": line_of(shown)}
    return render_panel(request, "cover", context)


def _found(override_id: int) -> Override:
    found = Override.objects.select_related("level", "contact").prefetch_related("methods__contact")
    shown = found.filter(pk=override_id).first()
    if shown is None:
        raise NotFound("There is no such cover; somebody may have removed it")
    return shown


@require_http_methods(["GET", "HEAD", "POST"])
@oncall_page
def remove_cover(request: PortalRequest, override_id: int) -> HttpResponse:
    """Takes an override away, after it was asked about."""
    only_editors(request)
    shown = _found(override_id)
    if is_post(request):
        actions.remove_override(override=shown)
        return done(request, "The cover is removed; the calendar holds as it is.")
    line = line_of(shown)
    question = Question(
        title=f"Remove “{line.who}”?",
        words=f"{line.when}, on {line.level}. Whoever the calendar says is on call then again.",
        verb="Remove cover",
        action=f"{request.path}?{shown_to(request).query}",
        back=f"/oncall/?{shown_to(request).query}",
    )
    return ask(request, question)


def _panel(request: PortalRequest, form: CoverForm) -> dict[str, Any]:
    return {"form": form, "zone": zone_of(request).key}
