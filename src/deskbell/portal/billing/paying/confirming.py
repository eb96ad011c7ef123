"""Confirm Payment Info: what is about to be paid, and the click that pays it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deskbell import audit
from deskbell.billing import actions
from deskbell.billing.actions import Agreed
from deskbell.billing.models import Payment, PaymentState
from deskbell.billing.providers import Browser, Outcome, ProviderTrouble
from deskbell.billing.providers.chosen import provider as chosen
from deskbell.billing.queries.payments import payment_of_click
from deskbell.billing.rules import money
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, InvalidInput
from deskbell.platform.addresses import address_of

from ...acting import doer_of
from ...attendant.frame import is_post
from ...tenancy import PortalRequest
from ..frame import billing_page, show
from . import drafts
from .drafts import Draft
from .shown import means_of
from .words import EDITION


@require_http_methods(["GET", "HEAD", "POST"])
@billing_page
def confirm(request: PortalRequest) -> HttpResponse:
    """Shows what is to be paid; a click pays it once, and a second one shows the same payment."""
    if is_post(request):
        first = payment_of_click(request.POST.get("once", "")[:64].replace("\0", ""))
        if first is not None:
            return redirect("billing:receipt", first.reference)
    try:
        draft = drafts.draft_of(request, now())
        if is_post(request):
            return _pay(request, draft)
    except (Conflict, ProviderTrouble) as error:
        notices.error(request, str(error))
        audit.note(request, nothing=True)
        return redirect("billing")
    means = draft.means
    context = {
        "draft": draft,
        "amount": money(draft.cents),
        "fee": money(draft.fee_cents),
        "total": money(draft.total_cents),
        "means": means_of(means.method, means.brand, means.last4),
    }
    return show(request, "paying/confirm", context)


def _pay(request: PortalRequest, draft: Draft) -> HttpResponse:
    if request.POST.get("once") != draft.once:
        raise Conflict(drafts.BEGIN_AGAIN)
    provider = chosen()
    if provider is None:
        raise Conflict("Payments here are off; nothing was taken.")
    at, by = now(), doer_of(request)
    agreed = _agreed(request, at)
    payment, is_new = actions.start_payment(
        account=request.account,
        means=draft.means,
        provider=provider.name,
        cents=draft.cents,
        once=draft.once,
        agreed=agreed,
        by=by,
        at=at,
    )
    if is_new:
        _carry_out(request, payment, draft, agreed)
        audit.note(request, subject=money(payment.total_cents))
    else:
        audit.note(request, nothing=True)
    drafts.forget(request)
    return redirect("billing:receipt", payment.reference)


def _carry_out(request: PortalRequest, payment: Payment, draft: Draft, agreed: Agreed) -> None:
    """Signs up first where that was asked: the provider has to know before it takes the first."""
    try:
        if draft.automatic:
            actions.begin_automatic(
                account=request.account,
                means=draft.means,
                provider=payment.provider,
                agreed=agreed,
                by=doer_of(request),
                at=now(),
                first=payment,
            )
        actions.carry_out(payment, at=now())
    except (ProviderTrouble, InvalidInput) as trouble:
        outcome = Outcome(PaymentState.FAILED, words=f"{trouble} Nothing was taken.")
        actions.settle(payment, outcome, now())


def _agreed(request: PortalRequest, at: datetime) -> Agreed:
    agent = request.headers.get("User-Agent", "")
    browser = Browser(address_of(request) or None, agent, at)
    return Agreed(EDITION, browser, receipt_to=request.user.email)
