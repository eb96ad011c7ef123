"""What the operator's pages of the desk share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import render

from deskbell.foundation.errors import Conflict, InvalidInput, NotFound

from ...attendant.forms import PartForm
from ...attendant.frame import Question
from ...context import menu_at
from ...pages import is_partial
from ...tenancy import PortalRequest

FOLDER: Final = "portal/desk/settings"


def show(request: PortalRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A page below the desk's tabs; a `form` in the context decides the status."""
    form = context.get("form")
    status = form.http_status if isinstance(form, PartForm) else 200
    whole = {"tabs": tabs(request), "may_edit": True, **context}
    return render(request, f"{FOLDER}/{template}.html", whole, status=status)


def ask(request: PortalRequest, question: Question) -> HttpResponse:
    """Asks before something is destroyed: a dialog, or without a script a page of its own."""
    base = "portal/attendant/dialog" if is_partial(request) else f"{FOLDER}/dialog_page"
    context = {"question": question, "dialog_base": f"{base}.html", "tabs": tabs(request)}
    return render(request, "portal/attendant/ask.html", context)


def act(request: PortalRequest, change: Callable[[], object], *, done: str) -> bool:
    """Does what has no form; a notice says `done`, or what is wrong. Gives whether it is done."""
    try:
        change()
    except (InvalidInput, Conflict, NotFound) as error:
        notices.error(request, str(error))
        return False
    notices.success(request, done)
    return True


def tabs(request: PortalRequest) -> object:
    """The desk's pages that the person may open."""
    here = next((entry for entry in menu_at(request) if entry.is_here), None)
    return here.inside if here else ()
