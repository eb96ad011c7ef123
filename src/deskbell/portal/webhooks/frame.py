"""What the pages of webhooks share: who may change them, and how they are shown.

Everybody in the account may look; changing needs the Account Management access, because whoever
gets what happens gets the messages themselves. Nobody sees a secret after it was made.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from deskbell.accounts.rules import Right
from deskbell.foundation.errors import NotAllowed

from .. import asking
from ..attendant.forms import PartForm
from ..attendant.frame import Question
from ..pages import View, page
from ..tenancy import PortalRequest, held_rights

P = ParamSpec("P")
FOLDER: Final = "portal/webhooks"
READ_ONLY: Final = "Changing webhooks needs the Account Management access of this account."


def may_edit(request: PortalRequest) -> bool:
    """Whether the person may make and change webhooks."""
    return Right.ACCOUNT_MANAGEMENT in held_rights(request)


def editing_page(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> View[P]:
    """A page for those who may change webhooks; others are told what it needs, with 403."""

    @functools.wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        if not may_edit(request):
            raise NotAllowed(READ_ONLY)
        return view(request, *args, **named)

    return page(cast(Callable[Concatenate[PortalRequest, P], HttpResponseBase], guarded))


def show(request: PortalRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A page of webhooks; a `form` in the context decides the status."""
    form = context.get("form")
    status = form.http_status if isinstance(form, PartForm) else 200
    whole = {"may_edit": may_edit(request), "read_only": READ_ONLY, **context}
    return render(request, f"{FOLDER}/{template}.html", whole, status=status)


def ask(request: PortalRequest, question: Question) -> HttpResponse:
    """Asks before something is done: a dialog, or without a script a page of its own."""
    return asking.ask(request, question, alone=f"{FOLDER}/dialog_page.html")
