"""What pages share that change something without a form: they ask first, do it, and say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import render

from deskbell.foundation.errors import Conflict, InvalidInput, NotFound

from .attendant.frame import Question
from .pages import is_partial
from .tenancy import PortalRequest


def ask(request: PortalRequest, question: Question, *, alone: str, **context: Any) -> HttpResponse:
    """Asks before something is done; the answer is a POST to `question.action`.

    A dialog over the page for a script; without one a page of its own, whose template is `alone`.
    """
    base = "portal/attendant/dialog.html" if is_partial(request) else alone
    whole = {"question": question, "dialog_base": base, **context}
    return render(request, "portal/attendant/ask.html", whole)


def act(request: PortalRequest, change: Callable[[], object], *, done: str) -> bool:
    """Does what has no form; a notice says `done`, or what is wrong. Gives whether it is done."""
    try:
        change()
    except (InvalidInput, NotFound, Conflict) as error:
        notices.error(request, str(error))
        return False
    notices.success(request, done)
    return True
