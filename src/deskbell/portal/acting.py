"""An operator works as a client's person, to see what that person sees and to help.

The session stays the operator's and notes for whom it acts; each request then runs as the person.
What only somebody's own hands may do, such as changing a password, is refused meanwhile.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from deskbell.accounts.models import Staff, User
from deskbell.audit import actions
from deskbell.audit.rules import Door
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, NotAllowed
from deskbell.platform.addresses import address_of

from .pages import View, is_partial
from .tenancy import SESSION_KEY as ACCOUNT_KEY
from .tenancy import PortalRequest

P = ParamSpec("P")
KEY: Final = "acting"
LONGEST: Final = timedelta(hours=1)
MOST_OF_A_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the session keeps: the person's id, since and until when (epoch seconds), why, and the
    account in which the operator worked before, 0 for none."""

    person: int
    since: float
    until: float
    reason: str
    account_before: int


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts as whom, until when, and why; `request.acting`, for the banner."""

    operator: User
    person: User
    until: datetime
    reason: str


class ActingMiddleware:
    """Sets `request.user` to the person, and `request.impersonator` and `request.acting`.

    Outside acting both are None. Where acting ends by itself, the request does nothing but say so:
    what was asked was meant for another person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Costs a look at the session, and one statement while somebody acts."""
        request.impersonator = None  # type: ignore[attr-defined]
        request.acting = None  # type: ignore[attr-defined]
        kept = _kept(request)
        if kept is None:
            return self.get_response(request)
        operator = request.user
        person = User.objects.filter(pk=kept.person).first()
        why = _why_over(operator, person, kept, now())
        if why or not isinstance(operator, User) or person is None:
            return self._ended(request, kept, person, why)
        until = datetime.fromtimestamp(kept.until, UTC)
        request.acting = Acting(operator, person, until, kept.reason)  # type: ignore[attr-defined]
        request.impersonator = operator  # type: ignore[attr-defined]
        request.user = person
        return self.get_response(request)

    def _ended(
        self, request: HttpRequest, kept: _Kept, person: User | None, why: str
    ) -> HttpResponseBase:
        _log_end(request, request.user, person, why)
        _forget(request, kept)
        if not request.user.is_authenticated:
            return self.get_response(request)
        notices.warning(request, f"You no longer act as {person or 'this person'}: {why}.")
        return _to_start(request)


def _why_over(operator: Any, person: User | None, kept: _Kept, at: datetime) -> str:
    """Why acting is over, in words; empty where it goes on."""
    if not isinstance(operator, User) or operator.staff != Staff.OPERATOR:
        return "you are no operator any more"
    if person is None or not person.is_active:
        return "they cannot sign in any more"
    if person.is_staff_member:
        return "they are staff now"
    return "an hour is over" if at.timestamp() >= kept.until else ""


def end_by_itself(request: HttpRequest, why: str) -> None:
    """Ends acting though nobody pressed Stop, and writes down why."""
    operator, person = acting_operator(request), request.user
    if operator is not None and isinstance(person, User):
        _log_end(request, operator, person, why)
    stop(request)


def _log_end(request: HttpRequest, operator: Any, person: User | None, why: str) -> None:
    actions.write(
        door=Door.PORTAL,
        act="acting_ended",
        words=f"Acting as somebody ended: {why}",
        at=now(),
        account_id=request.session.get(ACCOUNT_KEY),
        who=person,
        on_behalf=operator.email if isinstance(operator, User) else "",
        subject=person.email if person else "",
        address=address_of(request),
    )


def _to_start(request: HttpRequest) -> HttpResponse:
    address = reverse("dashboard")
    if not is_partial(request):
        return redirect(address)
    response = HttpResponse(status=403)
    response.headers["HX-Redirect"] = address
    return response


def begin(request: HttpRequest, *, person: User, reason: str, at: datetime) -> None:
    """The session's operator acts as `person` from the next request on, for an hour at most.

    Writes the session alone: the person's last login, notices and sessions stay as they are. Raises
    NotAllowed for anybody but an operator, and Conflict for whom nobody may act as.
    """
    operator = request.user
    if not isinstance(operator, User) or operator.staff != Staff.OPERATOR or _is_acting(request):
        raise NotAllowed("Only an operator can act as somebody, as one person at a time.")
    refusal = why_not(person)
    if refusal:
        raise Conflict(refusal)
    before = request.session.get(ACCOUNT_KEY) or 0
    until = (at + LONGEST).timestamp()
    request.session[KEY] = asdict(_Kept(person.pk, at.timestamp(), until, reason, before))


def stop(request: HttpRequest) -> None:
    """Ends acting; the next request is the operator's own, in the account they had before."""
    kept = _kept(request)
    if kept is not None:
        _forget(request, kept)


def why_not(person: User) -> str:
    """Why nobody may act as a person, in words; empty where an operator may."""
    if person.is_staff_member:
        return f"{person} is staff; an operator acts as people of accounts alone."
    if not person.is_active:
        return f"{person} cannot sign in, so nobody can act as them. Reactivate them first."
    return ""


def acting_operator(request: HttpRequest) -> User | None:
    """The operator who acts as `request.user`; None where people work as themselves."""
    found: User | None = getattr(request, "impersonator", None)
    return found


def doer_of(request: PortalRequest) -> User:
    """Whose hands do it: the operator's while they act as somebody, else the person's own."""
    return acting_operator(request) or request.user


def done_by(request: HttpRequest) -> str:
    """Who does it, as activities, proofs and rows tell: `olivia for alice` while acting."""
    operator = acting_operator(request)
    return f"{operator} for {request.user}"[:MOST_OF_A_NAME] if operator else str(request.user)


def own_hands(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> View[P]:
    """A view that answers 403, in words, while somebody acts as another.

    For passwords, addresses, second factors, sessions, tokens, invitations and roles.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        if acting_operator(request) is not None:
            return render(request, "portal/own_hands.html", status=403)
        return view(request, *args, **named)

    guarded.own_hands = True  # type: ignore[attr-defined]  # a contract test reads it
    return cast(View[P], guarded)


def _is_acting(request: HttpRequest) -> bool:
    return _kept(request) is not None


def _kept(request: HttpRequest) -> _Kept | None:
    found = request.session.get(KEY)
    return _Kept(**found) if found else None


def _forget(request: HttpRequest, kept: _Kept) -> None:
    del request.session[KEY]
    request.session.pop(ACCOUNT_KEY, None)
    if kept.account_before:
        request.session[ACCOUNT_KEY] = kept.account_before
