"""What the pages of To Dos share: how they are shown, and how something is done.

Everybody in the account looks; what changes them needs `Right.TO_DOS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from deskbell.accounts.rules import Right

from .. import asking
from ..attendant.forms import PartForm
from ..attendant.frame import Question
from ..rights import has
from ..tenancy import PortalRequest

FOLDER = "portal/todos"


def show(request: PortalRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A page of To Dos; a `form` in the context decides the status."""
    form = context.get("form")
    status = form.http_status if isinstance(form, PartForm) else 200
    whole = {"may_edit": has(request, Right.TO_DOS), **context}
    return render(request, f"{FOLDER}/{template}.html", whole, status=status)


def ask(request: PortalRequest, question: Question) -> HttpResponse:
    """Asks before something is done: a dialog, or without a script a page of its own."""
    return asking.ask(request, question, alone=f"{FOLDER}/dialog_page.html")
