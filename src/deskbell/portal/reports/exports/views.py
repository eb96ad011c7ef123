"""Exports: the list, a new one, its progress, and its file.

Source: seed 000, "Reports" (Export Messages). Whoever has the right of an export's kind sees those
of the whole account; it is asked for again whenever a file is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages as notices
from django.http import FileResponse, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deskbell import audit
from deskbell.foundation.clock import now
from deskbell.foundation.environment import environment
from deskbell.reports import actions, queries
from deskbell.reports.errors import NoFileYet
from deskbell.reports.formats import MEDIA_TYPES
from deskbell.reports.models import Export, Kind
from deskbell.reports.rules.kinds import RIGHTS, kinds_for

from ...asking import act, ask
from ...attendant.frame import Question, data_of, is_post
from ...lists import count, listing, query_of
from ...oncall.frame import save
from ...pages import is_partial, page
from ...rights import check
from ...tenancy import PortalRequest, held_rights
from .forms import ExportForm
from .shown import Shown, shown, tag_of

FOLDER = "portal/reports/exports"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of the list, from 1."""

    page: int = 1

    @property
    def query(self) -> str:
        """The query string for the same page."""
        return query_of(self, Asked())


@require_safe
@page
def exports(request: PortalRequest) -> HttpResponseBase:
    """The account's exports of the kinds that the person may have, or the part that changes."""
    kinds = kinds_for(held_rights(request))
    found = listing(queries.exports(kinds), Asked(count(request.GET, "page")), shown)
    context = {
        "list": found,
        "is_live": any(each.is_under_way for each in found.rows),
        "days": environment().export_days,
    }
    return _live(request, "list", found.rows, context)


@require_safe
@page
def export(request: PortalRequest, export_id: int) -> HttpResponseBase:
    """One export, or the part of its page that changes."""
    line = Shown(_one(request, export_id))
    return _live(request, "export", [line], {"line": line})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def new_export(request: PortalRequest) -> HttpResponse:
    """Asks for an export; the address may fill the form in, `of` says what it is of."""
    kinds = kinds_for(held_rights(request))
    kind = request.GET.get("of", "")
    kind = kind if kind in RIGHTS else kinds[0]
    if right := RIGHTS[kind]:
        check(request, right)
    given = {name: value[:800] for name, value in request.GET.items() if "\0" not in value}
    form = ExportForm(kind, request.account, data_of(request), initial=given)
    if is_post(request) and form.is_valid() and save(form, lambda: _ask(request, kind, form)):
        notices.success(request, "The export is under way.")
        return redirect("reports:exports")
    context = {
        "form": form,
        "filters": [form[name] for name in form.filters],
        "kind": Kind(kind),
        "kinds": [Kind(each) for each in kinds],
        "back": reverse("reports:exports"),
        "may_edit": True,
    }
    status = form.http_status if is_post(request) else 200
    return render(request, f"{FOLDER}/new.html", context, status=status)


def _ask(request: PortalRequest, kind: str, form: ExportForm) -> Export:
    return actions.ask_export(
        account=request.account,
        kind=kind,
        format=form.cleaned_data["format"],
        asked=form.asked,
        words=form.words,
        by=request.user,
        at=now(),
    )


@require_safe
@page
def export_file(request: PortalRequest, export_id: int) -> HttpResponseBase:
    """The file of an export."""
    found = _one(request, export_id)
    try:
        file = queries.opened(found)
    except NoFileYet as error:
        notices.error(request, str(error))
        audit.note(request, nothing=True)
        return redirect("reports:export", found.pk)
    audit.note(request, subject=found.name)
    ending = found.name.rpartition(".")[2]
    return FileResponse(
        file, as_attachment=True, filename=found.name, content_type=MEDIA_TYPES[ending]
    )


@require_POST
@page
def cancel_export(request: PortalRequest, export_id: int) -> HttpResponse:
    """Stops an export that is under way."""
    found = _one(request, export_id)
    act(
        request,
        lambda: actions.cancel_export(export=found, at=now()),
        done="The export is canceled.",
    )
    return redirect("reports:exports")


@require_http_methods(["GET", "HEAD", "POST"])
@page
def remove_export(request: PortalRequest, export_id: int) -> HttpResponse:
    """Asks before an export and its file are removed."""
    found = _one(request, export_id)
    if is_post(request):
        act(
            request,
            lambda: actions.remove_export(export=found, at=now()),
            done="The export is removed.",
        )
        return redirect("reports:exports")
    question = Question(
        title="Remove this export?",
        words=f"{found} leaves the list and its file is deleted, for everybody in the account.",
        verb="Remove",
        action=reverse("reports:remove_export", args=[found.pk]),
        back=reverse("reports:exports"),
    )
    return ask(request, question, alone=f"{FOLDER}/dialog_page.html")


def _one(request: PortalRequest, export_id: int) -> Export:
    found = queries.one_export(export_id)
    if right := RIGHTS[found.kind]:
        check(request, right)
    return found


def _live(
    request: PortalRequest, name: str, lines: Any, context: Mapping[str, Any]
) -> HttpResponseBase:
    """A page, or for a script its part that changes; 304 where nothing did."""
    if not is_partial(request):
        return render(request, f"{FOLDER}/{name}.html", context)
    tag = tag_of(lines)
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, f"{FOLDER}/{name}_live.html", {**context, "tag": tag})
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
