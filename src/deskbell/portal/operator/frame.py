"""What the operator's pages share: they see every account, and nobody else sees them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from deskbell.accounts.models import Staff
from deskbell.foundation.errors import NotAllowed
from deskbell.platform.tenancy import system_scope

from .. import asking
from ..attendant.forms import PartForm
from ..attendant.frame import Question
from ..context import menu_at
from ..pages import View, page
from ..tenancy import PortalRequest

P = ParamSpec("P")
FOLDER: Final = "portal/operator"
OPERATORS_ONLY: Final = "This page is for operators."
_REASON: Final = "the operator serves every account"


def operator_page(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> View[P]:
    """A page for operators alone, others get 403; runs in a system scope.

    There may be no account yet: `request.account` is None then.
    """

    @functools.wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        if request.user.staff != Staff.OPERATOR:
            raise NotAllowed(OPERATORS_ONLY)
        with system_scope(_REASON):
            return view(request, *args, **named)

    guarded.needs_no_account = True  # type: ignore[attr-defined]  # `page` reads it
    return page(cast(Callable[Concatenate[PortalRequest, P], HttpResponseBase], guarded))


def show(
    request: PortalRequest, template: str, context: Mapping[str, Any], *, status: int = 0
) -> HttpResponse:
    """A page below the operator's tabs, which extends `portal/operator/base.html`.

    `template` is its path below `portal/operator/`, without `.html`; a `form` in the context
    decides the status.
    """
    form = context.get("form")
    decided = form.http_status if isinstance(form, PartForm) else 200
    whole = {"tabs": tabs(request), "may_edit": True, **context}
    return render(request, f"{FOLDER}/{template}.html", whole, status=status or decided)


def ask(request: PortalRequest, question: Question) -> HttpResponse:
    """Asks before something is done: a dialog, or without a script a page of its own."""
    return asking.ask(request, question, alone=f"{FOLDER}/dialog_page.html", tabs=tabs(request))


def tabs(request: PortalRequest) -> object:
    """The operator's pages."""
    here = next((entry for entry in menu_at(request) if entry.is_here), None)
    return here.inside if here else ()
