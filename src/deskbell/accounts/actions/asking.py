"""People who are not registered ask for access; the operator decides.

Nothing is told about whether an address is known here: who asks gets the same answer.
Source: seed 000, "User Sign In" ("Not yet registered? Click here to request access").
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from deskbell.foundation.errors import Conflict, InvalidInput
from deskbell.foundation.text import checked_text

from ..errors import TooOften
from ..hooks import RequestEvent, access_asked
from ..models import AccessRequest, Invitation, User
from .people import MAX_NAME, checked_email
from .tokens import network_of

DAY: Final = timedelta(days=1)
MOST_FROM_ADDRESS: Final = 5
MOST_OPEN: Final = 500
MAX_COMPANY: Final = 200
MAX_PHONE: Final = 32
MAX_WORDS: Final = 2000
DECIDED_ARE_KEPT: Final = timedelta(days=90)
TOO_MANY: Final = (
    "Too many requests came from your network today. Try again tomorrow, or ask the"
    " administrator of your account to invite you."
)
FULL: Final = (
    "Too many requests are waiting for an answer. Try again tomorrow, or ask the administrator of"
    " your account to invite you."
)


def ask_for_access(
    *,
    name: str,
    email: str,
    company: str,
    phone: str,
    words: str,
    address: str,
    at: datetime,
) -> AccessRequest | None:
    """Keeps a request, and has the operators told (`hooks.access_asked`).

    `address` is the IP address it comes from. Gives None where the email address has asked already
    and has no answer yet. Raises InvalidInput, and TooOften for the sixth of a day from a network,
    or while five hundred wait.
    """
    asked = AccessRequest(
        name=checked_text(name.strip(), field="name", most=MAX_NAME, needed=True),
        email=checked_email(email.strip()),
        company=checked_text(company.strip(), field="company", most=MAX_COMPANY),
        phone=checked_text(phone.strip(), field="phone", most=MAX_PHONE),
        words=checked_text(words.strip(), field="words", most=MAX_WORDS),
        address=network_of(address),
        created_at=at,
    )
    _check_room(asked.address, at)
    if AccessRequest.objects.filter(email=asked.email, decided_at=None).exists():
        return None
    with transaction.atomic():
        asked.save()
        access_asked.fire(RequestEvent(asked.pk, at))
    return asked


def _check_room(address: str, at: datetime) -> None:
    lately = AccessRequest.objects.filter(address=address, created_at__gt=at - DAY)
    times = list(lately.order_by("-created_at").values_list("created_at", flat=True)[:100])
    if len(times) >= MOST_FROM_ADDRESS:
        left = (times[MOST_FROM_ADDRESS - 1] + DAY - at).total_seconds()
        raise TooOften(TOO_MANY, seconds=max(1, int(left)))
    if AccessRequest.objects.filter(decided_at=None).count() >= MOST_OPEN:
        raise TooOften(FULL, seconds=int(DAY.total_seconds()))


def decline_access(*, request: AccessRequest, by: User, at: datetime) -> AccessRequest:
    """Decides that a request gets no invitation. Raises Conflict where it was decided before."""
    return _decided(request, by, at, None)


def grant_access(
    *, request: AccessRequest, invitation: Invitation, by: User, at: datetime
) -> AccessRequest:
    """Decides that a request gets an invitation, which was made for it.

    Raises Conflict where it was decided before, and InvalidInput for another person's invitation.
    """
    if invitation.email != request.email:
        raise InvalidInput("The invitation is for another address than the request")
    return _decided(request, by, at, invitation)


def _decided(
    request: AccessRequest, by: User, at: datetime, invitation: Invitation | None
) -> AccessRequest:
    with transaction.atomic():
        found = AccessRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        if found.decided_at is not None:
            raise Conflict(f"{found.decided_by} has decided about this request already")
        found.decided_at, found.decided_by, found.invitation = at, by.email, invitation
        found.save(update_fields=["decided_at", "decided_by", "invitation"])
    return found


def forget_requests(*, at: datetime) -> None:
    """Removes requests that were decided more than ninety days ago."""
    AccessRequest.objects.filter(decided_at__lte=at - DECIDED_ARE_KEPT).delete()
