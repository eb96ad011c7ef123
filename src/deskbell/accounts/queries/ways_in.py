"""Who asks for access, who failed to sign in, and what devices are known."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from ..models import AccessRequest, KnownDevice, WrongSignIns
from ..rules import DEVICES_LAST, folded
from ..tokens import hash_of


def open_requests() -> QuerySet[AccessRequest]:
    """Requests for access that nobody has decided about, oldest first."""
    return AccessRequest.objects.filter(decided_at=None).order_by("created_at", "pk")


def wrong_sign_ins(since: datetime) -> QuerySet[WrongSignIns]:
    """Failed sign-ins by address and hour, those with the most first.

    An empty `address` stands for all beyond the twentieth of an hour, an empty `email` as well
    for all beyond the thousandth row.
    """
    return WrongSignIns.objects.filter(last_at__gte=since).order_by("-count", "-last_at", "pk")


def known_device(*, email: str, token: str, at: datetime) -> KnownDevice | None:
    """The device with this token, if whoever signs in with the address is known by it."""
    if not token:
        return None
    found = KnownDevice.objects.filter(token_hash=hash_of(token), last_at__gt=at - DEVICES_LAST)
    of_user = (each for each in found.select_related("user"))
    return next((each for each in of_user if each.user.email == folded(email)), None)
