"""Panels beside the calendar, which are pages of their own without a script, and what follows them.

A form in a panel answers with what changed on the page behind it; without a script the browser is
sent back there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages as notices
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from ...pages import is_partial
from ...tenancy import PortalRequest
from ..frame import SheetForm, may_edit, render_page
from .asked import Asked
from .page import live_context, shown_to

PARTS = "portal/oncall/calendar"
_EDITS = 0x6F6E63  # "onc"


def one_at_a_time(account_id: int) -> None:
    """Lets the account's calendars be changed by one page at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_EDITS, account_id])


def render_panel(request: PortalRequest, name: str, context: Mapping[str, Any]) -> HttpResponse:
    """A panel beside the calendar, or a page of its own; a `form` in it decides the status."""
    asked = shown_to(request)
    whole = {"asked": asked, "panel": f"{PARTS}/{name}.html", **context}
    if not is_partial(request):
        return render_page(request, f"{PARTS}/panel_page.html", whole)
    form = context.get("form")
    status = form.http_status if isinstance(form, SheetForm) else 200
    whole["may_edit"] = may_edit(request)
    return render(request, f"{PARTS}/{name}.html", whole, status=status)


def done(
    request: PortalRequest,
    words: str,
    *,
    asked: Asked | None = None,
    undo: Mapping[str, str] | None = None,
) -> HttpResponse:
    """What a person sees after a change: the calendar with it, and `words` that say so.

    `undo` are the fields of a form that takes it back; `action` is its address.
    """
    asked = asked or shown_to(request)
    notices.success(request, words)
    if not is_partial(request):
        return redirect(f"{reverse('oncall')}{asked.url}".rstrip("?"))
    context = {**live_context(request, asked), "undo": undo}
    response = render(request, f"{PARTS}/changed.html", context)
    response.headers["HX-Trigger"] = "oncall:changed"
    return response
