"""Numbers that go from one account to another."""

from __future__ import annotations

from copy import copy
from datetime import datetime

from django.db import transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import account_scope

from ..locks import lock_account
from ..models import Account, PhoneNumber
from .numbers import add_number, remove_number


def move_number(*, number: PhoneNumber, to: Account, at: datetime, by: str = "") -> PhoneNumber:
    """Takes a number from its account and gives it to another, in one step: the new row.

    It leads nowhere in the new account, and has no company information of its own; what it was an
    extension by goes with it. Calls and messages that came by it stay where they are. Needs a
    system scope. Raises InvalidInput for its own account, ExtensionTaken where the new account has
    such an extension number, NumberNotFound for a number that is gone meanwhile.
    """
    if to.pk == number.account_id:
        raise InvalidInput(f"It is a number of {to.name} already", field="account")
    with transaction.atomic():
        for account_id in sorted((number.account_id, to.pk)):
            lock_account(account_id)
        with account_scope(number.account_id):
            # Django empties the row that it deletes, also where all of this is undone below.
            remove_number(number=copy(number), at=at)
        with account_scope(to.pk):
            return add_number(
                account=to,
                number=number.number,
                is_extension=number.is_extension,
                extension=number.extension,
                spoken_name=number.extension_spoken_name,
                at=at,
                by=by,
            )
