"""Calls that a receptionist makes, for an account and showing one of its numbers."""

from __future__ import annotations

from typing import Final

from django.contrib import messages as notices
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from deskbell.accounts.models import PhoneNumber
from deskbell.desk.actions.dialling import call_out as place_call
from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import account_scope

from ..lists import written
from ..oncall.frame import read_id
from ..pages import is_partial
from .frame import DeskRequest, desk_page
from .hands import REFUSALS, sentence
from .regions import after_action

MOST_NUMBERS: Final = 500
PICK_UP: Final = "Your telephone rings: pick it up, then the call goes out."


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def call_out(request: DeskRequest) -> HttpResponseBase:
    """The dialog, and what it sends: whom to call, for which number of which account."""
    if request.method != "POST":
        return _dialog(request)
    chosen = read_id(request.POST.get("from")) or 0
    number = PhoneNumber.objects.filter(pk=chosen, is_extension=False).first()
    try:
        if number is None:
            raise InvalidInput("Choose for whom you call.", field="from")
        with account_scope(number.account_id):
            place_call(
                receptionist=request.receptionist,
                account_id=number.account_id,
                number=number,
                to=written(request.POST, "to", 64),
                at=now(),
            )
    except REFUSALS as error:
        return _dialog(request, sentence(str(error)))
    notices.success(request, PICK_UP)
    return after_action(request)


def _dialog(request: DeskRequest, fault: str = "") -> HttpResponse:
    found = PhoneNumber.objects.filter(is_extension=False).select_related("account")
    base = "dialog" if is_partial(request) else "dialog_page"
    context = {
        "numbers": found.order_by("account__name", "number", "id")[:MOST_NUMBERS],
        "chosen": read_id(request.POST.get("from")),
        "to": written(request.POST, "to", 64),
        "fault": fault,
        "dialog_base": f"portal/desk/{base}.html",
    }
    status = 422 if fault else 200
    return render(request, "portal/desk/call_out.html", context, status=status)
