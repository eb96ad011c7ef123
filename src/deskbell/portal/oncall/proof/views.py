"""The proof of a message: a page, and the same as a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deskbell.delivery import queries
from deskbell.delivery.models import DeliveryState
from deskbell.foundation.clock import now
from deskbell.paper import pdf

from ...acting import done_by
from ...messages.proof import DELIVERY_TONES
from ...pages import page
from ...tenancy import PortalRequest
from .sheet import sheet_of, told

PAPER: Final = Path(__file__).with_name("proof.typ")


@require_GET
@page
def proof(request: PortalRequest, message_id: int) -> HttpResponse:
    """Every attempt of a message, and how it ended."""
    sheet = sheet_of(queries.proof(message_id), request.account)
    lines = [
        (each, DELIVERY_TONES.get(DeliveryState(each.state_name), "secondary"))
        for each in sheet.deliveries
    ]
    return render(request, "portal/oncall/proof/proof.html", {"sheet": sheet, "lines": lines})


@require_GET
@page
def proof_pdf(request: PortalRequest, message_id: int) -> HttpResponse:
    """The same on paper; says when it was made and by whom."""
    account = request.account
    sheet = sheet_of(queries.proof(message_id), account)
    made = f"Made {told(now(), ZoneInfo(account.time_zone))} by {done_by(request)}"
    content = pdf(PAPER, sheet.as_data(country=account.country, made=made))
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="proof-{message_id}.pdf"'
    return response
