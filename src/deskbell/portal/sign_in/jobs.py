"""What signing in has the worker do: mails, and clearing up."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from deskbell.accounts.actions import forget_old_devices, forget_requests, forget_tries
from deskbell.accounts.models import Staff, User, UserStatus
from deskbell.accounts.queries import accounts_of, open_requests
from deskbell.foundation.clock import now
from deskbell.platform.jobs import job

from ..mails import address_of, send

MOST_NAMED = 10


def _in_words(local: datetime) -> str:
    return f"{local:%A, %B} {local.day}, {local:%Y}, " + f"{local:%I:%M %p}".lstrip("0")


@job("portal.send_reset_link")
def send_reset_link(user_id: int) -> None:
    """Emails a person the link to choose a new password.

    The link is made here, so that no queue ever holds it.
    """
    user = User.objects.filter(pk=user_id, status=UserStatus.ACTIVE).first()
    if user is None:
        return
    key = default_token_generator.make_token(user)
    url = address_of("account_reset_password_from_key", user_pk_to_url_str(user), key)
    send(
        user.email,
        "A new password for Deskbell",
        "portal/sign_in/email/reset.txt",
        user=user,
        url=url,
    )


@job("portal.send_new_device")
def send_new_device(user_id: int, at: str, address: str, device: str) -> None:
    """Emails a person that they, or somebody else, signed in with a device not seen before."""
    user = User.objects.filter(pk=user_id, status=UserStatus.ACTIVE).first()
    if user is None:
        return
    account = accounts_of(user).first() if not user.is_staff_member else None
    zone = user.time_zone or (account.time_zone if account else "UTC")
    send(
        user.email,
        "A new device signed in to Deskbell",
        "portal/sign_in/email/new_device.txt",
        user=user,
        when=_in_words(datetime.fromisoformat(at).astimezone(ZoneInfo(zone))),
        zone=zone,
        address=address,
        device=device,
        sessions_url=address_of("sessions"),
        password_url=address_of("account_reset_password"),
    )


@job("portal.send_access_requests")
def send_access_requests() -> None:
    """Emails all operators who asks for access and has no answer yet."""
    waiting = open_requests()
    how_many = waiting.count()
    if not how_many:
        return
    operators = User.objects.filter(staff=Staff.OPERATOR, status=UserStatus.ACTIVE)
    word = "request" if how_many == 1 else "requests"
    for user in operators.order_by("pk"):  # one mail for each: nobody reads the others' addresses
        send(
            user.email,
            f"{how_many} {word} for access to Deskbell",
            "portal/sign_in/email/access_requests.txt",
            user=user,
            requests=waiting.order_by("-created_at", "-pk")[:MOST_NAMED],
            how_many=how_many,
            url=address_of("operator:requests"),
        )


def forget() -> None:
    """Removes what nobody needs any more: sessions that are over, old counts, devices, requests."""
    at = now()
    still = Session.objects.filter(expire_date__gt=at).values("session_key")
    UserSession.objects.exclude(session_key__in=still).delete()
    forget_tries(at=at)
    forget_old_devices(at=at)
    forget_requests(at=at)
