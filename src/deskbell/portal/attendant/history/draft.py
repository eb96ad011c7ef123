"""The draft: what it changes, publishing it, and throwing it away."""

from __future__ import annotations

from django.contrib import messages as notices
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from deskbell.attendant.actions import drafts
from deskbell.attendant.errors import DraftChanged
from deskbell.attendant.models import Publication
from deskbell.attendant.rules.differences import differences
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, InvalidInput, NotAllowed, NotFound

from ...acting import doer_of
from ...tenancy import PortalRequest
from ..frame import (
    Item,
    Question,
    ask,
    attendant_page,
    findings_of,
    is_post,
    may_edit_extensions,
    planned_of,
    render_dialog,
    render_page,
)
from .words import difference_words, told

MAX_NOTE = 500
MOST_LISTED = 12


@require_GET
@attendant_page
def changes(request: PortalRequest) -> HttpResponse:
    """What callers will meet differently once the draft is published."""
    planned = planned_of(request)
    context = {
        "differences": told(planned.live, planned.plan),
        "clashes": planned.conflicts,
    }
    return render_page(request, "portal/attendant/history/changes.html", context)


@require_http_methods(["GET", "POST"])
@attendant_page
def publish(request: PortalRequest) -> HttpResponse:
    """Asks for a note, then publishes; says which parts somebody else changed meanwhile."""
    planned = planned_of(request)
    found = differences(planned.live, planned.plan)
    if is_post(request):
        return _publish(request)
    if planned.draft is None:
        notices.info(request, "There is no draft to publish.")
        return redirect("attendant:history")
    context = {
        "differences": found,
        "worst": [each for each in findings_of(request) if each.severity == "error"][:3],
    }
    return render_dialog(request, "portal/attendant/history/publish.html", context)


def _publish(request: PortalRequest) -> HttpResponse:
    note = request.POST.get("note", "").replace("\0", "")[:MAX_NOTE].strip()
    try:
        with transaction.atomic():
            made = _published(request, note)
    except DraftChanged:
        return _clash(request, note)
    except (InvalidInput, NotFound, NotAllowed, Conflict) as error:
        notices.error(request, f"Nothing was published. {error}")
        return redirect("attendant:changes")
    notices.success(request, f"Publication {made.number} is what callers meet from now on.")
    return redirect("attendant:history")


def _published(request: PortalRequest, note: str) -> Publication:
    """Publishes; where both sides changed the same part, `prefer` said which one to keep."""
    at, by = now(), doer_of(request).email
    for side in ("mine", "theirs"):
        if request.POST.get("prefer") == side:
            drafts.settle_draft(account=request.account, keep=side, at=at, by=by)
    return drafts.publish(
        account=request.account,
        at=at,
        by=by,
        note=note,
        extensions_allowed=may_edit_extensions(request),
    )


def _clash(request: PortalRequest, note: str) -> HttpResponse:
    planned = planned_of(request)
    context = {
        "differences": told(planned.live, planned.plan),
        "clashes": planned.conflicts,
        "note": note,
    }
    return render_page(request, "portal/attendant/history/changes.html", context, status=409)


@require_http_methods(["GET", "POST"])
@attendant_page
def discard(request: PortalRequest) -> HttpResponse:
    """Asks what goes with the draft, then throws it away."""
    planned = planned_of(request)
    if is_post(request):
        drafts.discard_draft(account=request.account, at=now())
        notices.success(request, "The draft is gone. What callers meet did not change.")
        return redirect("attendant")
    found = [difference_words(each) for each in differences(planned.live, planned.plan)]
    rest = len(found) - MOST_LISTED
    lines = found[:MOST_LISTED] + ([f"and {rest} more"] if rest > 0 else [])
    return ask(
        request,
        Question(
            title="Discard the draft?",
            words="These changes are lost, everybody's. Callers go on meeting what they meet now."
            if found
            else "It changes nothing, so nothing is lost.",
            items=[Item(each) for each in lines],
            verb="Discard the draft",
            action=reverse("attendant:discard"),
            back=reverse("attendant:changes"),
        ),
    )
