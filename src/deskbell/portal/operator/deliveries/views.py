"""The list of what failed, and sending some of it again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Final

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from deskbell import audit
from deskbell.delivery import actions
from deskbell.delivery.models import Delivery
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, NotFound
from deskbell.platform.tenancy import account_scope

from ...attendant.listing import PER_PAGE, Asked
from ...oncall.frame import read_id
from ...tenancy import PortalRequest
from ..frame import operator_page, show
from ..listing import context_of, wants_csv
from .rows import TABLE, filters, rows_for

_SHOWN_REASONS: Final = 3


@require_safe
@operator_page
def deliveries(request: PortalRequest) -> HttpResponse:
    """What failed, of all accounts, or all of it as a table."""
    asked = Asked.read(request.GET)
    rows = rows_for(asked, now())
    if wants_csv(request):
        return TABLE.csv(rows, asked, "failed-deliveries")
    context = context_of(TABLE.page(rows, asked), rows)
    return show(request, "deliveries/deliveries", {**context, "filters": filters(asked)})


@require_POST
@operator_page
def send_again(request: PortalRequest) -> HttpResponse:
    """Sends the chosen ones again, each in its own account's scope; says what was not sent, why."""
    ids = (read_id(text) for text in request.POST.getlist("delivery")[:PER_PAGE])
    chosen = {each for each in ids if each is not None}
    asked = Asked.read(request.POST)
    back = f"{reverse('operator:deliveries')}{asked.query}"
    if not chosen:
        notices.warning(request, "Choose what to send again.")
        return redirect(back)
    at = now()
    found = Delivery.objects.filter(pk__in=chosen).select_related("account", "message")
    refused: Counter[str] = Counter()
    sent: list[int] = []
    for delivery in found.order_by("pk"):
        words = _again(delivery, str(request.user), at)
        if words:
            refused[words] += 1
        else:
            sent.append(delivery.message_id)
    _tell(request, sent, refused)
    return redirect(back)


def _again(delivery: Delivery, by: str, at: datetime) -> str:
    """Sends one again; why not, in words, or empty."""
    try:
        with account_scope(delivery.account_id):
            actions.send_again(delivery=delivery, by=by, at=at)
    except (Conflict, NotFound) as error:
        return str(error).rstrip(".")
    return ""


def _tell(request: PortalRequest, sent: list[int], refused: Counter[str]) -> None:
    if sent:
        notices.success(request, f"{_counted(len(sent))} on the way again.")
    for words, count in refused.most_common(_SHOWN_REASONS):
        notices.warning(request, f"{_counted(count)} not sent: {words}.")
    numbers = ", ".join(str(each) for each in dict.fromkeys(sent))
    audit.note(request, subject=f"message {numbers}"[:200] if sent else "", nothing=not sent)


def _counted(count: int) -> str:
    return "1 delivery is" if count == 1 else f"{count} deliveries are"
