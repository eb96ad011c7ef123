"""The page that asks people for their password, or for a second factor, before they go on."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.base.internal.flows import post_authentication
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from deskbell.foundation.clock import now

from ..attendant.frame import data_of, is_post
from ..tenancy import PortalRequest
from . import passkeys
from .checking import check_code
from .errors import TooManyGuesses, WrongCode, WrongPasskey
from .forms import CodeForm, PasswordForm
from .fresh import is_fresh, own_page, way_back
from .shown import show
from .standing import factors_of

WRONG: Final = "This is not your password. Type the one you sign in with."


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def confirm(request: PortalRequest) -> HttpResponse:
    """Asks for the password; who has none is asked for a second factor, or to sign in again."""
    user = request.user
    back = way_back(request, reverse("mfa_index"))
    if not user.has_usable_password():
        return _without_password(request, back)
    form = PasswordForm(data_of(request))
    if is_post(request) and "credential" in request.POST:
        if _by_passkey(request, form):
            return redirect(back)
    elif is_post(request) and form.is_valid() and _is_password(request, form):
        reauthenticate_by_password(request)
        return redirect(back)
    context = {"form": form, "factors": factors_of(user), "back": back, **_possible()}
    return show(request, "confirm", context)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def confirm_factor(request: PortalRequest) -> HttpResponse:
    """Asks for a second factor: a code or a passkey. Who has none is led to set one up."""
    user, form = request.user, CodeForm(data_of(request))
    factors = factors_of(user)
    if not factors.is_on:
        return redirect("mfa_index")
    back = way_back(request, reverse("mfa_index"))
    if is_post(request):
        found = _proved(request, form)
        if found is not None:
            post_authentication(request, found, reauthenticated=True)
            return redirect(back)
    context = {"form": form, "factors": factors, "back": back, **_possible()}
    return show(request, "confirm_factor", context)


@require_POST
@own_page
def confirm_options(request: PortalRequest) -> JsonResponse:
    """What the browser is asked for one of the person's passkeys, as JSON."""
    return JsonResponse(passkeys.to_use(request.user))


def _without_password(request: PortalRequest, back: str) -> HttpResponse:
    if is_fresh(request):
        return redirect(back)
    if factors_of(request.user).is_on:
        return confirm_factor(request)  # type: ignore[return-value]
    providers = SocialAccount.objects.filter(user_id=request.user.pk).values_list(
        "provider", flat=True
    )
    return show(request, "confirm_elsewhere", {"back": back, "has_provider": bool(providers)})


def _is_password(request: PortalRequest, form: PasswordForm) -> bool:
    """Counts a wrong one as a sign-in does, and says so beside the field."""
    password = form.cleaned_data["password"]
    try:
        found = get_adapter(request).authenticate(
            request, email=request.user.email, password=password
        )
    except ValidationError as error:
        form.add_error("password", error)
        return False
    if found is None or found.pk != request.user.pk:
        form.add_error("password", WRONG)
        return False
    return True


def _by_passkey(request: PortalRequest, form: PasswordForm) -> bool:
    try:
        found = passkeys.used(request.POST["credential"], user=request.user)
    except WrongPasskey as error:
        form.fields["password"].required = False
        form.add_error(None, str(error))
        return False
    post_authentication(request, found, reauthenticated=True)
    return True


def _proved(request: PortalRequest, form: CodeForm) -> Any:
    """The factor that what was posted proves, else None with the form saying why not."""
    try:
        if "credential" in request.POST:
            form.fields["code"].required = False
            return passkeys.used(request.POST["credential"], user=request.user)
        if form.is_valid():
            return check_code(user=request.user, code=form.cleaned_data["code"], at=now())
    except (WrongCode, TooManyGuesses) as error:
        form.add_error("code", str(error))
    except WrongPasskey as error:
        form.add_error(None, str(error))
    return None


def _possible() -> dict[str, bool]:
    return {"passkeys_possible": passkeys.are_possible()}
