"""What the pages of billing share: who may see them, and what stands around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Concatenate, Final, ParamSpec

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from deskbell.accounts.rules import Right
from deskbell.foundation.billing import Billing
from deskbell.foundation.environment import environment

from .. import asking
from ..attendant.forms import PartForm
from ..attendant.frame import Question
from ..context import menu_at
from ..pages import View
from ..rights import page_with
from ..tenancy import PortalRequest

P = ParamSpec("P")
FOLDER: Final = "portal/billing"
OWN_FIELDS: Final = f"{FOLDER}/own_fields"


def billing_page(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> View[P]:
    """A page for those who manage the account."""
    return page_with(Right.ACCOUNT_MANAGEMENT)(view)


def settings() -> Billing:
    """Who bills, as the operator's settings say."""
    return environment().billing


def show(request: PortalRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A page below billing's tabs, which extends `portal/billing/base.html`.

    `template` is its path below `portal/billing/`, without `.html`; a `form` in the context
    decides the status.
    """
    form = context.get("form")
    status = form.http_status if isinstance(form, PartForm) else 200
    billing = settings()
    whole = {
        "tabs": tabs(request),
        "billing": billing,
        "is_sandbox": billing.payments == "sandbox",
        **context,
    }
    return render(request, f"{FOLDER}/{template}.html", whole, status=status)


def ask(request: PortalRequest, question: Question) -> HttpResponse:
    """Asks before something is done: a dialog, or without a script a page of its own."""
    return asking.ask(request, question, alone=f"{FOLDER}/dialog_page.html", tabs=tabs(request))


def tabs(request: PortalRequest) -> object:
    """The pages of billing."""
    here = next((entry for entry in menu_at(request) if entry.is_here), None)
    return here.inside if here else ()
