"""What all accounts paid; one payment with what its provider told; wires and checks, by hand."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deskbell import audit
from deskbell.billing import actions
from deskbell.billing.actions import BY_HAND
from deskbell.billing.models import PaymentState
from deskbell.billing.queries.payments import events_of, one_payment
from deskbell.billing.rules import money
from deskbell.foundation.clock import now
from deskbell.platform.tenancy import account_scope

from ...attendant.frame import data_of, is_post
from ...attendant.listing import Asked
from ...billing.paying.shown import row_of
from ...oncall.frame import save
from ...tenancy import PortalRequest
from ..frame import operator_page, show
from ..listing import context_of, wants_csv
from ..picking import numbered
from .forms import BackForm, RecordForm
from .rows import TABLE, filters, rows_for

ROOM: Final = "operator:payments"


@require_safe
@operator_page
def payments(request: PortalRequest) -> HttpResponse:
    """The payments of all accounts, the newest first."""
    asked = Asked.read(request.GET)
    rows = rows_for(asked)
    if wants_csv(request):
        return TABLE.csv(rows, asked, "payments")
    context = context_of(TABLE.page(rows, asked), rows)
    return show(request, "payments/payments", {**context, "filters": filters(asked)})


@require_safe
@operator_page
def payment(request: PortalRequest, reference: UUID) -> HttpResponse:
    """One payment, with its agreement and what its provider told by itself."""
    found = one_payment(reference)
    context = {
        "row": row_of(found),
        "payment": found,
        "events": events_of(found)[:100],
        "is_by_hand": found.provider == BY_HAND,
        "may_come_back": found.provider == BY_HAND and found.state == PaymentState.SUCCEEDED,
    }
    return show(request, "payments/payment", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def record(request: PortalRequest) -> HttpResponse:
    """Writes a wire or a check down that came."""
    form = RecordForm(data_of(request))
    if is_post(request) and form.is_valid():
        fields = form.fields_of_payment()

        def write() -> None:
            actions.record_payment(**fields, by=request.user, at=now())

        if save(form, write):
            account = fields["account"]
            audit.note(request, subject=money(fields["cents"]), account_id=account.pk)
            notices.success(request, f"{money(fields['cents'])} of {account.name} counts now.")
            return redirect(ROOM)
    context = {"form": form, "picked": numbered(), "back": reverse(ROOM)}
    return show(request, "payments/record", context)


@require_POST
@operator_page
def refresh(request: PortalRequest, reference: UUID) -> HttpResponse:
    """Asks the provider how a payment stands."""
    found = one_payment(reference)
    if found.provider == BY_HAND:
        notices.warning(request, "It was written down by hand: there is nobody to ask.")
        audit.note(request, nothing=True)
    else:
        before = found.state
        with account_scope(found.account_id):
            answer = actions.refresh(found, now())
        audit.note(request, account_id=found.account_id, changes={"State": (before, found.state)})
        if answer is None:
            notices.warning(request, "The provider gave no answer; try again in a minute.")
        else:
            notices.success(request, f"The provider says: {row_of(found).state}.")
    return redirect("operator:payment", reference)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def back(request: PortalRequest, reference: UUID) -> HttpResponse:
    """Takes a wire or a check back that bounced or was a slip."""
    found = one_payment(reference)
    form = BackForm(data_of(request))
    if is_post(request) and form.is_valid():

        def take_back() -> None:
            actions.came_back(payment=found, words=form.cleaned_data["words"], at=now())

        if save(form, take_back):
            audit.note(request, subject=money(found.cents), account_id=found.account_id)
            notices.success(request, f"{money(found.cents)} counts no more.")
            return redirect("operator:payment", reference)
    context = {
        "form": form,
        "row": row_of(found),
        "back": reverse("operator:payment", args=[reference]),
    }
    return show(request, "payments/came_back", context)
