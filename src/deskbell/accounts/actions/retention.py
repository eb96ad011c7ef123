"""How long an account's messages and recordings are kept.

Source: seed 000, "API Documentation and Integrations"; design, portal API, "Messages".
"""

from __future__ import annotations

from django.db import transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch

from ..locks import lock_account
from ..models import MOST_MESSAGE_DAYS, MOST_RECORDING_DAYS, Account


def keep_for(*, account: Account, message_days: int, recording_days: int) -> Account:
    """Sets for how many days messages (1 to 180) and recordings (1 to 31) are kept.

    What is older goes the next night, for good. Raises InvalidInput.
    """
    _check("message_days", "Messages", message_days, MOST_MESSAGE_DAYS)
    _check("recording_days", "Recordings", recording_days, MOST_RECORDING_DAYS)
    with transaction.atomic():
        locked = lock_account(account.pk)
        locked.message_days, locked.recording_days = message_days, recording_days
        locked.save(update_fields=["message_days", "recording_days"])
        touch(account.pk)
    return locked


def _check(field: str, what: str, days: int, most: int) -> None:
    if not 1 <= days <= most:
        raise InvalidInput(f"{what} are kept for 1 to {most} days", field=field)
