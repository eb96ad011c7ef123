"""Pay Your Bill: what is due, and the form to pay it."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from deskbell.billing.providers import ProviderTrouble
from deskbell.billing.providers.chosen import provider as chosen
from deskbell.billing.queries.balances import balance
from deskbell.billing.queries.payments import automatic_payment, under_way
from deskbell.billing.rules import money
from deskbell.foundation.clock import now

from ...attendant.frame import data_of, is_post
from ...security import allow_sources
from ...tenancy import PortalRequest
from ..frame import OWN_FIELDS, billing_page, show
from . import drafts
from .forms import PayForm
from .shown import row_of


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@billing_page
def pay(request: PortalRequest) -> HttpResponse:
    """What is due, the form, and what pays by itself; a form that is right goes on to be
    confirmed."""
    provider = chosen()
    owed = balance(request.account)
    context = _about(request, owed)
    if provider is None:
        return show(request, "paying/pay", context)
    form = PayForm(
        data_of(request), provider=provider, due_cents=max(0, owed), today=localtime(now()).date()
    )
    if is_post(request) and _is_right(form) and form.means is not None:
        drafts.keep(
            request,
            form.means,
            cents=form.cleaned_data["cents"],
            automatic=form.cleaned_data["automatic"],
            once=secrets.token_urlsafe(24),
            at=now(),
        )
        return redirect("billing:confirm")
    context["form"] = form
    own = provider.own_fields
    if own is None:
        return show(request, "paying/pay", context)
    context |= {"own": own, "own_fields": f"{OWN_FIELDS}/{provider.name}.html"}
    response = show(request, "paying/pay", context)
    allow_sources(response, own.sources)
    return response


def _is_right(form: PayForm) -> bool:
    try:
        return form.is_valid()
    except ProviderTrouble as trouble:
        form.add_error(None, f"{trouble} Nothing was taken; try again in a minute.")
        return False


def _about(request: PortalRequest, owed: int) -> dict[str, Any]:
    return {
        "due": money(max(0, owed)),
        "credit": money(-owed) if owed < 0 else "",
        "automatic": automatic_payment(request.account),
        "open": [row_of(each) for each in under_way().order_by("-created_at")[:5]],
    }
