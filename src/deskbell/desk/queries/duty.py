"""Who is on duty."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from deskbell.accounts.models import Staff, UserStatus

from ..models import Receptionist, Standing

FLOOR: Final = 0  # whose version the floor has: no account's


def serving() -> QuerySet[Receptionist]:
    """Receptionists who can be rung at all: people of the operator's, with a telephone."""
    found = Receptionist.objects.filter(user__status=UserStatus.ACTIVE)
    return found.exclude(user__staff=Staff.NONE).exclude(phone="")


def on_duty(skill_id: int | None = None, *, needs_number: bool = False) -> QuerySet[Receptionist]:
    """Those who take calls now or after the one they have, of a skill; who reach a telephone number
    where only such can be rung."""
    found = serving().exclude(standing=Standing.AWAY).exclude(leaves_after=True)
    if skill_id is not None:
        found = found.filter(skills=skill_id)
    return found.filter(phone__startswith="+") if needs_number else found
