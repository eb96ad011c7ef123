"""Who sees which picture."""

from __future__ import annotations

from django.db.models import Q

from deskbell.foundation.errors import NotFound
from deskbell.platform.tenancy import system_scope

from ..models import PhoneNumber, Picture, User
from .people import accounts_of


def picture_for(user: User, sha256: str) -> Picture:
    """A picture that a person may see: their own, that of somebody with whom they share an account,
    a logo of an account that they may enter; for staff any.

    The same picture may be many people's; one of them is enough. Raises NotFound.
    """
    found = Picture.objects.filter(sha256=sha256).first()
    if found is None or not (user.is_staff_member or _is_seen(found, user)):
        raise NotFound("There is no such picture")
    return found


def _is_seen(picture: Picture, user: User) -> bool:
    accounts = accounts_of(user).order_by()
    people = User.objects.filter(picture=picture)
    if people.filter(Q(pk=user.pk) | Q(memberships__account__in=accounts)).exists():
        return True
    if accounts.filter(logo=picture).exists():
        return True
    with system_scope("a number of any of the person's accounts may show the logo"):
        return PhoneNumber.objects.filter(logo=picture, account__in=accounts).exists()
