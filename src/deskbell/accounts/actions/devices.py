"""Devices that people have signed in with. A cookie of theirs says which one it is.

Being known opens nothing: such a device has tries of its own while others are locked out, and a
sign-in with it is not told as one with a new device.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from ..models import KnownDevice, User
from ..rules import DEVICES_LAST
from ..tokens import hash_of, new_token

MOST_DEVICES: Final = 20
_LONGEST_TOKEN: Final = 100


def remember_device(*, user: User, token: str, at: datetime) -> tuple[str, bool]:
    """The person signed in with the device that brought `token` ("" where it brought none).

    Gives the token that it keeps from now on, and whether it was unknown. Twenty devices of a
    person are known; the one that was longest away is forgotten for another.
    """
    kept = token if 0 < len(token) <= _LONGEST_TOKEN else new_token()
    with transaction.atomic():
        found, made = KnownDevice.objects.get_or_create(
            user=user, token_hash=hash_of(kept), defaults={"first_at": at, "last_at": at}
        )
        was_known = not made and found.last_at > at - DEVICES_LAST
        if was_known:
            KnownDevice.objects.filter(pk=found.pk).update(last_at=at)
            return kept, False
        if not made:
            KnownDevice.objects.filter(pk=found.pk).update(first_at=at, last_at=at)
        theirs = KnownDevice.objects.filter(user=user).order_by("-last_at", "-pk")
        known = list(theirs.values_list("pk", flat=True)[:MOST_DEVICES])
        theirs.exclude(pk__in=known).delete()
    return kept, True


def forget_devices(*, user: User, but: str = "") -> None:
    """Makes all devices of a person strange again, except the one that keeps the token `but`."""
    KnownDevice.objects.filter(user=user).exclude(token_hash=hash_of(but)).delete()


def forget_old_devices(*, at: datetime) -> None:
    """Removes devices that nobody signed in with for 400 days, as long as browsers keep cookies."""
    KnownDevice.objects.filter(last_at__lte=at - DEVICES_LAST).delete()
