"""Which script is read on a number."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import PhoneNumber
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch

from ..models import Script, ScriptOfNumber
from .locked import locked


def use_script(*, number: PhoneNumber, script: Script | None, at: datetime) -> None:  # noqa: ARG001 every action takes it
    """Has receptionists read a script on a number from the next call on, or none (None).

    A script with nothing published can be chosen; until it is, the plain form is shown. Raises
    InvalidInput for another account's script, and NotFound.
    """
    if script is not None and script.account_id != number.account_id:
        raise InvalidInput("There is no such script here", field="script")
    with transaction.atomic():
        if script is None:
            lock_account(number.account_id)
            ScriptOfNumber.objects.filter(number=number).delete()
        else:
            ScriptOfNumber.objects.update_or_create(
                number=number,
                defaults={"script": locked(script), "account_id": number.account_id},
            )
        touch(number.account_id)
