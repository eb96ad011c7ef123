"""What the operator's pages of the desk share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render

from ... import asking
from ...attendant.forms import PartForm
from ...attendant.frame import Question
from ...context import menu_at
from ...tenancy import PortalRequest

FOLDER: Final = "portal/desk/settings"


def show(request: PortalRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A page below the desk's tabs; a `form` in the context decides the status."""
    form = context.get("form")
    status = form.http_status if isinstance(form, PartForm) else 200
    whole = {"tabs": tabs(request), "may_edit": True, **context}
    return render(request, f"{FOLDER}/{template}.html", whole, status=status)


def tabs(request: PortalRequest) -> object:
    """The desk's pages that the person may open."""
    here = next((entry for entry in menu_at(request) if entry.is_here), None)
    return here.inside if here else ()


def ask(request: PortalRequest, question: Question) -> HttpResponse:
    """Asks before something is done: a dialog, or without a script a page of its own."""
    return asking.ask(request, question, alone=f"{FOLDER}/dialog_page.html", tabs=tabs(request))
