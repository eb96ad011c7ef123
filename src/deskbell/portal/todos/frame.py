"""What the pages of To Dos share: how they are shown, and how something is done.

Every member of the account may do all of it, as with messages, and so may staff.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import render

from deskbell.foundation.errors import Conflict, InvalidInput

from ..attendant.forms import PartForm
from ..attendant.frame import Question
from ..pages import is_partial
from ..tenancy import PortalRequest

FOLDER = "portal/todos"


def show(request: PortalRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A page of To Dos; a `form` in the context decides the status."""
    form = context.get("form")
    status = form.http_status if isinstance(form, PartForm) else 200
    whole = {"may_edit": True, **context}
    return render(request, f"{FOLDER}/{template}.html", whole, status=status)


def ask(request: PortalRequest, question: Question) -> HttpResponse:
    """Asks before something is done: a dialog for a script, a page of its own without one."""
    base = "portal/attendant/dialog" if is_partial(request) else f"{FOLDER}/dialog_page"
    context = {"question": question, "dialog_base": f"{base}.html"}
    return render(request, "portal/attendant/ask.html", context)


def act(request: PortalRequest, change: Callable[[], object], *, done: str) -> None:
    """Does what has no form; a notice says `done`, or what is wrong."""
    try:
        change()
    except (InvalidInput, Conflict) as error:
        notices.error(request, str(error))
    else:
        notices.success(request, done)
