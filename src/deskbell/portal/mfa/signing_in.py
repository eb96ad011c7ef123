"""The second step of a sign-in, and signing in by passkey alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from allauth.account.internal.decorators import login_stage_required
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.stages import AuthenticateStage, TrustStage
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from deskbell.accounts.models import User
from deskbell.foundation.clock import now

from ..attendant.frame import data_of, is_post
from . import passkeys
from .checking import check_code
from .errors import TooManyGuesses, WrongCode, WrongPasskey
from .forms import CodeForm
from .fresh import way_back
from .shown import show
from .standing import factors_of
from .trusting import trust_here

Step = Callable[[HttpRequest], HttpResponse]
TOO_FAST: Final = "Too many passkeys were tried from here. Wait a minute, then try again."


def at_this_stage(view: Step) -> Step:
    """For people whose password was right and who owe a second factor; others go to sign-in."""
    guard = login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
    return guard(view)  # type: ignore[no-any-return]


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@at_this_stage
def code(request: HttpRequest) -> HttpResponse:
    """Asks for a code or a passkey of the person whose password was right, or gives up."""
    stage = request._login_stage  # type: ignore[attr-defined]
    user: User = stage.login.user
    if request.POST.get("cancel"):
        return stage.abort()  # type: ignore[no-any-return]
    form = CodeForm(data_of(request))
    if is_post(request):
        found = _answered(request, form, user)
        if found is not None:
            post_authentication(request, found)
            return _go_on(request, stage, user)
    factors = factors_of(user)
    context = {
        "form": form,
        "factors": factors,
        "days": settings.MFA_TRUST_COOKIE_AGE // 86400,
        "passkeys_possible": passkeys.are_possible(),
    }
    return show(request, "code", context)


def _answered(request: HttpRequest, form: CodeForm, user: User) -> Any:
    """The factor that was proved by what was posted; None where it was not, and the form says why.

    Codes are of apps and recovery codes, credentials of passkeys.
    """
    try:
        if "credential" in request.POST:
            form.fields["code"].required = False
            form.full_clean()
            return passkeys.used(request.POST["credential"], user=user)
        if form.is_valid():
            return check_code(user=user, code=form.cleaned_data["code"], at=now())
    except (WrongCode, TooManyGuesses) as error:
        form.add_error("code", str(error))
    except WrongPasskey as error:
        form.add_error(None, str(error))
    return None


def _go_on(request: HttpRequest, stage: Any, user: User) -> HttpResponse:
    """Finishes the sign-in; the question about trust was answered on our page."""
    stage.controller.set_handled(TrustStage.key)
    response: HttpResponse = stage.exit()
    if request.POST.get("trust"):
        trust_here(request, user, response)
    return response


@require_POST
@at_this_stage
def code_options(request: HttpRequest) -> JsonResponse:
    """What the browser is asked for one of this person's passkeys, as JSON."""
    stage = request._login_stage  # type: ignore[attr-defined]
    return JsonResponse(passkeys.to_use(stage.login.user))


@require_POST
@never_cache
def passkey_options(request: HttpRequest) -> JsonResponse:
    """What the browser is asked for any passkey of ours, as JSON; writes an anonymous session."""
    if _is_too_fast(request, "options"):
        return JsonResponse({"error": TOO_FAST}, status=429)
    return JsonResponse(passkeys.to_use(None))


@require_POST
@never_cache
def passkey(request: HttpRequest) -> HttpResponse:
    """Signs in whoever the passkey belongs to; it is both factors at once."""
    if request.user.is_authenticated:
        return redirect(way_back(request, "/"))
    if _is_too_fast(request, "login"):
        notices.error(request, TOO_FAST)
        return redirect("account_login")
    try:
        found = passkeys.used(request.POST.get("credential", ""), user=None)
    except WrongPasskey as error:
        notices.error(request, str(error))
        return redirect("account_login")
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if request.POST.get("remember") else 0)
    login = Login(user=found.user, redirect_url=way_back(request, "") or None)
    return perform_passwordless_login(request, found, login)  # type: ignore[no-any-return]


def _is_too_fast(request: HttpRequest, what: str) -> bool:
    """Ten a minute for each address is allauth's rule; a house full of people needs more."""
    action = f"passkey_{what}"
    return not ratelimit.consume(
        request, app="allauth.mfa", action=action, config={action: "60/m/ip"}
    )
