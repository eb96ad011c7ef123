"""Leads people who need a second factor to set one up, and nowhere else until it is done.

An account may ask it of everybody who enters it, the deployment of its staff
(`DESKBELL_STAFF_MFA`). It is looked at with every request, so switching it on takes effect at once
for people who are signed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from deskbell.accounts.models import Account, User
from deskbell.foundation.environment import environment

from ..acting import acting_operator, end_by_itself
from ..pages import here, is_partial
from .arriving import GOING_ON
from .fresh import to_confirm
from .standing import has_mfa, passed_second_factor
from .trusting import is_trusted

# Leaving, choosing another account, and ending what is not one's own to do.
OPEN: Final = frozenset(
    {
        "account_login",
        "account_logout",
        "switch_account",
        "choose_account",
        "stop_acting",
        "operator:stop_acting",
        "picture",
    }
)
OURS: Final = "deskbell.portal.mfa."
PAGES: Final = ("deskbell.portal.", "django.contrib.admin")
STAFF: Final = "Staff of this Deskbell need MFA."
TRUSTED: Final = "mfa_trusted"


class RequiredFactorMiddleware:
    """Comes after the account is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Passes on; `process_view` knows which page it is."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: Sequence[Any],  # noqa: ARG002 Django gives it
        named: Mapping[str, Any],  # noqa: ARG002 Django gives it
    ) -> HttpResponseBase | None:
        """Costs nothing where none is needed, and one query where one is and is there.

        Sets `request.mfa_demand`, the words of who needs one, for the pages that set it up.
        """
        person = acting_operator(request) or request.user
        if not isinstance(person, User) or not view.__module__.startswith(PAGES):
            return None
        words = why_needed(person, getattr(request, "account", None))
        if not words:
            return None
        is_set_up, is_open = has_mfa(person), _is_open(request, view)
        if not is_set_up:
            request.mfa_demand = words  # type: ignore[attr-defined]
        if is_open or (is_set_up and _has_passed(request, person)):
            return None
        if acting_operator(request) is not None:
            end_by_itself(request, "MFA is needed")
            notices.warning(request, f"You no longer act as {request.user}: {words}")
            return _led(request, redirect("mfa_index"))
        return _to_prove(request) if is_set_up else _to_set_up(request)


def why_needed(person: User, account: Account | None) -> str:
    """Who needs a second factor of a person in an account, in words; empty where nobody does."""
    if person.is_staff_member and environment().staff_mfa:
        return STAFF
    if account is not None and account.requires_mfa:
        return f"{account.name} needs MFA from everybody who enters it."
    return ""


def _is_open(request: HttpRequest, view: Callable[..., HttpResponseBase]) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name in OPEN or view.__module__.startswith(OURS)


def _has_passed(request: HttpRequest, person: User) -> bool:
    """Whether this session proved a factor, or came from a device that is trusted."""
    if passed_by(request, person) or request.session.get(TRUSTED) == person.pk:
        return True
    if is_trusted(request, person):
        request.session[TRUSTED] = person.pk
        return True
    return False


def passed_by(request: HttpRequest, person: User) -> bool:
    """Whether this person, who may act as another, proved a second factor in this session."""
    acted = request.user
    request.user = person
    try:
        return passed_second_factor(request)
    finally:
        request.user = acted


def _to_set_up(request: HttpRequest) -> HttpResponse:
    if request.method == "GET" and not is_partial(request):
        request.session[GOING_ON] = here(request)
    return _led(request, redirect("mfa_index"))


def _to_prove(request: HttpRequest) -> HttpResponse:
    if request.method == "GET" and not is_partial(request):
        return to_confirm(request, "mfa_reauthenticate")
    return _led(request, redirect(reverse("mfa_reauthenticate")))


def _led(request: HttpRequest, elsewhere: HttpResponse) -> HttpResponse:
    """For a script, which asks for a part of a page, an answer that makes it load another."""
    if not is_partial(request):
        return elsewhere
    response = HttpResponse(status=401)
    response.headers["HX-Redirect"] = elsewhere.headers["Location"]
    return response
