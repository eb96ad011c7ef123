"""The pages of announcements: the list, one to edit, a new one, deleting one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from deskbell.attendant.actions import keep_audio
from deskbell.attendant.models import announcement_sid
from deskbell.attendant.rules.edits import (
    drop_announcement,
    find_announcement,
    put_announcement,
    uses_of,
)
from deskbell.attendant.rules.plans import AnnouncementPlan, Plan
from deskbell.foundation.errors import InvalidInput

from ...pages import is_partial
from ...tenancy import PortalRequest
from ..frame import (
    Item,
    Question,
    act,
    ask,
    attendant_page,
    findings_of,
    is_post,
    may_edit,
    only_editors,
    planned_of,
    render_page,
    save,
)
from ..listing import Asked, as_csv, in_order, listed
from ..taking_out import consequence, without_uses
from ..uses import url_of, words_of
from .forms import AnnouncementForm
from .lines import COLUMNS, FILTERS, SHOWS, lines_of
from .sounds import Heard, seconds_of, sounds_of, token_for
from .uploads import MOST_BYTES, read_upload

FOLDER = "portal/attendant/announcements"


@require_GET
@attendant_page
def announcements(request: PortalRequest) -> HttpResponseBase:
    """Every announcement; only the list's part for htmx, a file with `format=csv`."""
    asked = Asked.read(request.GET)
    lines = lines_of(planned_of(request), findings_of(request))
    shown = [line for line in lines if asked.show not in SHOWS or SHOWS[asked.show](line)]
    if request.GET.get("format") == "csv":
        return as_csv(in_order(shown, COLUMNS, asked), COLUMNS, "announcements")
    context = {
        "list": listed(shown, COLUMNS, asked),
        "is_empty": not lines,
        "is_passing": any(line.status.is_passing for line in lines),
        "filters": [(asked.showing(name), label) for name, label in FILTERS.items()],
    }
    if is_partial(request):
        return render(request, f"{FOLDER}/list.html", context)
    return render_page(request, f"{FOLDER}/announcements.html", context)


@require_http_methods(["GET", "POST"])
@attendant_page
def new(request: PortalRequest) -> HttpResponseBase:
    """An announcement to be made."""
    only_editors(request)
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@attendant_page
def announcement(request: PortalRequest, sid: str) -> HttpResponseBase:
    """One announcement, to look at and to edit."""
    return _edit(request, find_announcement(planned_of(request).plan, sid))


def _edit(request: PortalRequest, part: AnnouncementPlan | None) -> HttpResponseBase:
    data, upload_fault = _posted(request)
    plan = planned_of(request).plan
    form = AnnouncementForm(
        data,
        account_id=request.account.pk,
        languages={each.language for each in plan.announcements if each.type == "say"},
        part=part,
        locked=not may_edit(request),
    )
    if upload_fault:
        form.add_error("kept", upload_fault)
    if is_post(request) and form.is_valid():
        sid = part.sid if part else announcement_sid()

        def change(plan: Plan) -> Plan:
            there = form.unchanged(find_announcement(plan, sid)) if part else None
            return put_announcement(plan, form.made(sid, there))

        if save(request, form, change):
            return redirect("attendant:announcements")
    context = _context(request, form, part)
    return render_page(request, f"{FOLDER}/announcement.html", context)


def _posted(request: PortalRequest) -> tuple[QueryDict | None, str]:
    """The posted fields; a file that came with them is kept, and named by the field `kept`."""
    if not is_post(request):
        return None, ""
    data = request.POST.copy()
    if not request.FILES.get("file"):
        return data, ""
    try:
        prompt = keep_audio(read_upload(request))
    except InvalidInput as error:
        return data, str(error)
    data["kept"] = token_for(request.account.pk, prompt.sha256)
    return data, ""


def _context(
    request: PortalRequest, form: AnnouncementForm, part: AnnouncementPlan | None
) -> dict[str, Any]:
    uses = uses_of(planned_of(request).plan, part.sid) if part else []
    return {
        "form": form,
        "part": part,
        "findings": findings_of(request) if part else [],
        "uses": [Item(words_of(use), url_of(use)) for use in uses],
        "spoken": sounds_of([part]).get(part.sid) if part and part.type == "say" else None,
        "uploaded": _uploaded(form),
        "most_bytes": MOST_BYTES,
        "back": reverse("attendant:announcements"),
        "delete": reverse("attendant:delete_announcement", args=[part.sid]) if part else "",
    }


def _uploaded(form: AnnouncementForm) -> Heard | None:
    seconds = seconds_of([form.audio]).get(form.audio) if form.audio else None
    return Heard(form.audio, seconds, form["kept"].value() or "") if seconds is not None else None


@require_http_methods(["GET", "POST"])
@attendant_page
def delete(request: PortalRequest, sid: str) -> HttpResponseBase:
    """Asks before an announcement is deleted, saying what else loses it; then deletes it."""
    planned = planned_of(request)
    shown = find_announcement(planned.plan, sid)
    if is_post(request):

        def change(plan: Plan) -> Plan:
            return drop_announcement(without_uses(plan, sid), sid)

        act(request, change, done=f"“{shown.name}” is deleted from the draft.")
        return redirect("attendant:announcements")
    uses = uses_of(planned.plan, sid)
    words = (
        "It is taken out of everything that plays it:"
        if uses
        else "Nothing plays it, so callers will not miss it."
    )
    question = Question(
        title=f"Delete “{shown.name}”?",
        words=words,
        verb="Delete and take it out" if uses else "Delete",
        action=reverse("attendant:delete_announcement", args=[sid]),
        back=reverse("attendant:announcement", args=[sid]),
        items=[Item(consequence(use), url_of(use)) for use in uses],
    )
    return ask(request, question)
