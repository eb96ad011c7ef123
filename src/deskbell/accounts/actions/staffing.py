"""Who serves all accounts: operators and receptionists."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from deskbell.foundation.errors import InvalidInput, NotAllowed

from ..hooks import AccessEvent, access_changed
from ..models import Staff, User
from .staying import check_stays, hold_user, hold_with_accounts

OPERATORS_ONLY = "Only an operator decides who serves all accounts."


def set_staff(*, user: User, staff: str, by: User, at: datetime) -> User:
    """Makes a person an operator, a receptionist, or neither (""); accounts they belong to stay.

    It holds from their next request on, and `access_changed` tells of it. Raises InvalidInput for
    what is none of these, NotAllowed where `by` is no active operator, LastOne for the last active
    operator and an account's last active administrator, UserNotFound, and Conflict where the person
    is given an account meanwhile.
    """
    if staff not in Staff.values:
        taken = ", ".join(each for each in Staff.values if each)
        raise InvalidInput(f"staff takes {taken}, or nothing; not {staff!r}", field="staff")
    with transaction.atomic():
        hold_with_accounts(user, joins_staff=True)
        hold_user(by)
        if by.staff != Staff.OPERATOR or not by.is_active:
            raise NotAllowed(OPERATORS_ONLY)
        if user.staff == staff:
            return user
        check_stays(user)
        user.staff, user.updated_at = Staff(staff), at
        user.save(update_fields=["staff", "updated_at"])
        access_changed.fire(AccessEvent(user.pk, None, "staff", by.email, at))
    return user
