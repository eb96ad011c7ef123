"""What the pages of My Accounts share: tabs, who may change what, and questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render

from deskbell.accounts.rules import Right

from ..asking import ask as ask_alone
from ..attendant.forms import PartForm
from ..attendant.frame import Item, Question, data_of, is_post
from ..context import menu_at
from ..oncall.frame import SheetForm, save
from ..rights import has, words_of
from ..tenancy import PortalRequest

__all__ = ["Item", "Question", "SheetForm", "ask", "data_of", "is_post", "save", "show"]
FOLDER: Final = "portal/accounts"


def show(
    request: PortalRequest, template: str, context: Mapping[str, Any], *, status: int = 0
) -> HttpResponse:
    """A page of My Accounts; a `form` in the context decides the status."""
    form = context.get("form")
    decided = form.http_status if isinstance(form, PartForm) else 200
    whole = {**_shared(request), **context}
    return render(request, f"{FOLDER}/{template}.html", whole, status=status or decided)


def ask(request: PortalRequest, question: Question) -> HttpResponse:
    """Asks before something is done; the answer is a POST to `question.action`."""
    return ask_alone(request, question, alone=f"{FOLDER}/dialog_page.html", **_shared(request))


def _shared(request: PortalRequest) -> dict[str, Any]:
    here = next((entry for entry in menu_at(request) if entry.is_here), None)
    return {
        "tabs": here.inside if here else (),
        "may_edit": has(request, Right.ACCOUNT_MANAGEMENT),
        "read_only": words_of(Right.ACCOUNT_MANAGEMENT),
    }
