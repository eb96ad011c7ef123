"""Ending what is paid by itself."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deskbell import audit
from deskbell.billing import actions
from deskbell.billing.models import Method
from deskbell.billing.queries.payments import automatic_payment
from deskbell.foundation.clock import now

from ...acting import doer_of
from ...asking import act
from ...attendant.frame import Question, is_post
from ...tenancy import PortalRequest
from ..frame import ask, billing_page
from .shown import means_of


@require_http_methods(["GET", "HEAD", "POST"])
@billing_page
def end(request: PortalRequest) -> HttpResponse:
    """Asks before the automatic payment is ended."""
    found = automatic_payment(request.account)
    if found is None:
        return redirect("billing")
    means = means_of(Method.ACH, found.brand, found.last4)
    if is_post(request):
        words = f"Ended by {doer_of(request).email}."
        audit.note(request, subject=means)
        act(
            request,
            lambda: actions.end_automatic(automatic=found, at=now(), words=words),
            done="Nothing is paid by itself from now on.",
        )
        return redirect("billing")
    question = Question(
        title="End the automatic payment?",
        words=f"Statements are not paid from {means} any more. What is under way goes on.",
        verb="End it",
        action=reverse("billing:end_automatic"),
        back=reverse("billing"),
    )
    return ask(request, question)
