"""The person's own page about their second factor: what they have, and what they can do."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deskbell.foundation.clock import now

from ..asking import act, ask
from ..attendant.frame import Item, Question, is_post
from ..tenancy import PortalRequest
from . import actions, passkeys
from .fresh import fresh, is_fresh, own_page
from .shown import show
from .standing import factors_of
from .trusting import forget_here

ALONE: Final = "portal/mfa/dialog_page.html"
FORGOTTEN: Final = "Every trusted device asks for a code at the next sign-in."
DISABLED: Final = "Multi-factor authentication is disabled."


@require_safe
@own_page
def overview(request: PortalRequest) -> HttpResponse:
    """What the person has, with a way to add, remove and renew it."""
    context = {
        "factors": factors_of(request.user),
        "asks_at_once": is_fresh(request),
        "needed": actions.needed_by(request.user),
        "days": settings.MFA_TRUST_COOKIE_AGE // 86400,
        "passkeys_possible": passkeys.are_possible(),
        "public_url": settings.ENVIRONMENT.public_url,
    }
    return show(request, "overview", context, alone=False)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
@fresh
def disable(request: PortalRequest) -> HttpResponse:
    """Asks before every second factor is removed."""
    if is_post(request):
        act(request, lambda: actions.disable(user=request.user, at=now()), done=DISABLED)
        return redirect("mfa_index")
    found = factors_of(request.user)
    items = [Item("The authenticator app is disconnected")] if found.app else []
    items += [Item(f"The passkey {each.name} no longer signs you in") for each in found.passkeys]
    question = Question(
        title="Disable MFA?",
        words="From then on your password alone signs you in, or whoever knows it.",
        items=[*items, Item("The recovery codes and trusted devices are forgotten")],
        verb="Disable MFA",
        action=reverse("mfa_disable"),
        back=reverse("mfa_index"),
        refusal=actions.needed_by(request.user),
    )
    return ask(request, question, alone=ALONE)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def forget(request: PortalRequest) -> HttpResponse:
    """Asks before every trusted device is forgotten."""
    if is_post(request):
        actions.forget_devices(user=request.user)
        notices.success(request, FORGOTTEN)
        return forget_here(redirect("mfa_index"))
    question = Question(
        title="Forget all trusted devices?",
        words="Each of them, this one as well, asks for a code when you sign in the next time.",
        verb="Forget them",
        action=reverse("mfa_forget_devices"),
        back=reverse("mfa_index"),
    )
    return ask(request, question, alone=ALONE)
