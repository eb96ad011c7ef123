"""Recovery codes: shown once, when they are made."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deskbell.foundation.clock import now

from ..asking import act, ask
from ..attendant.frame import Item, Question, is_post
from ..tenancy import PortalRequest
from . import actions
from .arriving import GOING_ON
from .fresh import fresh, own_page
from .overview import ALONE
from .shown import show
from .standing import factors_of


@require_safe
@own_page
@fresh
def codes(request: PortalRequest) -> HttpResponse:
    """The recovery codes, once; later only how many are left."""
    shown = actions.show_codes_once(user=request.user, at=now())
    grouped = [f"{each[:4]} {each[4:]}" for each in shown]
    text = "\n".join(
        [f"Recovery codes of {request.user.email} for Deskbell", "Each works once.", "", *grouped]
    )
    context = {
        "codes": grouped,
        "file": f"data:text/plain;charset=utf-8,{quote(text)}",
        "left": factors_of(request.user).codes_left,
        "going_on": request.session.pop(GOING_ON, "") or reverse("mfa_index"),
    }
    return show(request, "codes", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
@fresh
def renew(request: PortalRequest) -> HttpResponse:
    """Asks before the recovery codes are made anew."""
    if is_post(request):
        user = request.user
        if act(request, lambda: actions.renew_codes(user=user, at=now()), done="Keep them safe."):
            return redirect("mfa_view_recovery_codes")
        return redirect("mfa_index")
    left = factors_of(request.user).codes_left
    question = Question(
        title="Make new recovery codes?",
        words="You are shown ten new ones, this once.",
        items=[Item(f"The {left} old ones that are left no longer work")] if left else (),
        verb="Make new ones",
        action=reverse("mfa_generate_recovery_codes"),
        back=reverse("mfa_index"),
        is_danger=False,
    )
    return ask(request, question, alone=ALONE)
