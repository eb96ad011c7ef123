"""What was published: the list, one publication with its differences, and rolling back to it."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from deskbell.attendant.actions import drafts
from deskbell.attendant.models import Publication
from deskbell.attendant.queries import publications
from deskbell.attendant.rules.differences import differences
from deskbell.attendant.rules.plan_json import from_json
from deskbell.attendant.rules.plans import Plan
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, InvalidInput, NotAllowed, NotFound

from ...acting import doer_of
from ...templatetags.portal import in_zone
from ...tenancy import PortalRequest
from ..frame import (
    Item,
    Question,
    ask,
    attendant_page,
    is_post,
    may_edit_extensions,
    planned_of,
    render_page,
)
from ..listing import Asked, Column, as_csv, in_order, listed
from .words import difference_words, told

MOST_LISTED = 12
COLUMNS: list[Column[Publication]] = [
    Column(
        "number",
        "Publication",
        lambda row: str(row.number),
        order=lambda row: row.number,
        first="desc",
    ),
    Column("at", "When", lambda row: in_zone(row.at), order=lambda row: row.at, first="desc"),
    Column("by", "Who", lambda row: row.by),
    Column("through", "Through", lambda row: row.through),
    Column("note", "Note", lambda row: row.note),
]


@require_GET
@attendant_page
def history(request: PortalRequest) -> HttpResponse:
    """Every publication, the newest first."""
    rows = list(publications(request.account.pk))
    asked = Asked.read(request.GET)
    if request.GET.get("format") == "csv":
        return as_csv(in_order(rows, COLUMNS, asked), COLUMNS, "history")
    newest = max((row.number for row in rows), default=0)
    context = {"list": listed(rows, COLUMNS, asked), "newest": newest}
    return render_page(request, "portal/attendant/history/history.html", context)


def _find(request: PortalRequest, number: int) -> Publication:
    found = publications(request.account.pk).filter(number=number).first()
    if found is None:
        raise NotFound(f"There is no publication {number}")
    return found


@require_GET
@attendant_page
def publication(request: PortalRequest, number: int) -> HttpResponse:
    """One publication: what it changed, or how what callers meet now differs from it."""
    found = _find(request, number)
    plan, live = from_json(found.plan), planned_of(request).live
    with_now = request.GET.get("with") == "now"
    before = publications(request.account.pk).filter(number__lt=number).order_by("number").last()
    start = from_json(before.plan) if before else Plan()
    context = {
        "publication": found,
        "before": before,
        "with_now": with_now,
        "is_live": not differences(plan, live),
        "differences": told(plan, live) if with_now else told(start, plan),
    }
    return render_page(request, "portal/attendant/history/publication.html", context)


@require_http_methods(["GET", "POST"])
@attendant_page
def roll_back(request: PortalRequest, number: int) -> HttpResponse:
    """Asks what rolling back changes, then brings a publication back as the newest one."""
    found = _find(request, number)
    if is_post(request):
        return _roll_back(request, found)
    planned = planned_of(request)
    lines = [difference_words(each) for each in differences(planned.live, from_json(found.plan))]
    rest = len(lines) - MOST_LISTED
    shown = lines[:MOST_LISTED] + ([f"and {rest} more"] if rest > 0 else [])
    return ask(
        request,
        Question(
            title=f"Roll back to publication {number}?",
            words="Callers meet at once what it held, as a new publication:",
            items=[Item(each) for each in shown],
            refusal="" if lines else "Callers meet exactly this now; there is nothing to change.",
            verb="Roll back",
            action=reverse("attendant:roll_back", args=[number]),
            back=reverse("attendant:publication", args=[number]),
        ),
    )


def _roll_back(request: PortalRequest, found: Publication) -> HttpResponse:
    try:
        made = drafts.roll_back(
            account=request.account,
            publication=found,
            at=now(),
            by=doer_of(request).email,
            extensions_allowed=may_edit_extensions(request),
        )
    except (InvalidInput, NotFound, NotAllowed, Conflict) as error:
        notices.error(request, f"Nothing was changed. {error}")
        return redirect("attendant:publication", found.number)
    notices.success(
        request,
        f"Callers meet what publication {found.number} held, now as publication {made.number}.",
    )
    return redirect("attendant:history")
