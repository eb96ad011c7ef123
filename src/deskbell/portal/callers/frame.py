"""What the pages of blocked callers share: who may change them, and how they are shown.

Everybody in the account may look; blocking needs the Account Management access, because a refused
caller reaches nobody.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from deskbell.accounts.rules import Right
from deskbell.foundation.errors import NotAllowed

from ..attendant.forms import PartForm
from ..pages import View, page
from ..tenancy import PortalRequest, held_rights

P = ParamSpec("P")
FOLDER: Final = "portal/callers"
READ_ONLY: Final = "Blocking callers needs the Account Management access of this account."


def may_edit(request: PortalRequest) -> bool:
    """Whether the person may block and unblock callers."""
    return Right.ACCOUNT_MANAGEMENT in held_rights(request)


def editing_page(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> View[P]:
    """A page for those who may block callers; others are told what it needs, with 403."""

    @functools.wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        if not may_edit(request):
            raise NotAllowed(READ_ONLY)
        return view(request, *args, **named)

    return page(cast(Callable[Concatenate[PortalRequest, P], HttpResponseBase], guarded))


def show(request: PortalRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A page of blocked callers; a `form` in the context decides the status."""
    form = context.get("form")
    status = form.http_status if isinstance(form, PartForm) else 200
    whole = {"may_edit": may_edit(request), "read_only": READ_ONLY, **context}
    return render(request, f"{FOLDER}/{template}.html", whole, status=status)
