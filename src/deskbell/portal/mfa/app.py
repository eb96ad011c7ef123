"""Connecting an authenticator app: a picture to scan, or a key to type, and a code back."""

from __future__ import annotations

import base64
import secrets
from typing import Final

from allauth.mfa.adapter import get_adapter
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from deskbell.audit import note
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict

from ..asking import act, ask
from ..attendant.frame import Item, Question, data_of, is_post
from ..tenancy import PortalRequest
from . import actions
from .arriving import arrived
from .errors import WrongCode
from .forms import CodeForm
from .fresh import fresh, own_page
from .overview import ALONE
from .shown import show
from .standing import factors_of

KEY: Final = "mfa_app"
KEPT_SECONDS: Final = 30 * 60
CONNECTED: Final = "Your authenticator app is connected. From now on it is asked when you sign in."


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
@fresh
def connect(request: PortalRequest) -> HttpResponse:
    """Shows the key, and connects the app that gives the right code for it."""
    if factors_of(request.user).app is not None:
        note(request, nothing=True)
        notices.info(request, "Your authenticator app is connected.")
        return redirect("mfa_index")
    secret, form = _secret(request), CodeForm(data_of(request))
    if is_post(request) and form.is_valid():
        try:
            made = actions.enable_app(
                user=request.user, secret=secret, code=form.cleaned_data["code"], at=now()
            )
        except WrongCode as error:
            form.add_error("code", str(error))
        except Conflict as error:
            notices.error(request, str(error))
            return redirect("mfa_index")
        else:
            del request.session[KEY]
            return arrived(request, made, CONNECTED)
    return show(request, "app", {"form": form, **_pictured(request, secret)})


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
@fresh
def disconnect(request: PortalRequest) -> HttpResponse:
    """Asks before the app is removed."""
    if is_post(request):
        act(
            request,
            lambda: actions.remove_app(user=request.user, at=now()),
            done="The authenticator app is removed.",
        )
        return redirect("mfa_index")
    found = factors_of(request.user)
    is_last = not found.passkeys
    left = "Without another factor, your password alone signs you in"
    question = Question(
        title="Remove the authenticator app?",
        words="Its codes no longer count. Delete the entry in the app as well.",
        items=[Item(left), Item("The recovery codes are deleted")] if is_last else (),
        verb="Remove",
        action=reverse("mfa_deactivate_totp"),
        back=reverse("mfa_index"),
        refusal=actions.needed_by(request.user) if is_last else "",
    )
    return ask(request, question, alone=ALONE)


def _secret(request: PortalRequest) -> str:
    """A new key (base32 of 20 bytes), the same in every tab for half an hour. Writes the session.

    Source: RFC 4226, section 4, R6 (160 bits).
    """
    kept, at = request.session.get(KEY), now().timestamp()
    if kept is None or not 0 <= at - kept["at"] < KEPT_SECONDS:
        made = base64.b32encode(secrets.token_bytes(20)).decode()
        kept = {"secret": made, "at": at, "user": request.user.pk}
        request.session[KEY] = kept
    return str(kept["secret"])


def _pictured(request: PortalRequest, secret: str) -> dict[str, str]:
    adapter = get_adapter()
    url = adapter.build_totp_url(request.user, secret)
    picture = base64.b64encode(adapter.build_totp_svg(url).encode()).decode()
    groups = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return {"url": url, "picture": f"data:image/svg+xml;base64,{picture}", "key": groups}
