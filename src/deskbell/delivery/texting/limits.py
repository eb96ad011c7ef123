"""How often a text is answered: an answer costs money, and who asks may be a machine, or forged.

Two machines that answer each other would never end; and texts that claim to come from dear numbers
would have us pay for each answer. What a text does is done whether it is answered or not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from deskbell.accounts.models import PhoneNumber
from deskbell.delivery.models import Delivery, HeardText
from deskbell.lines.queries import may_call

SPAN: Final = timedelta(hours=1)
MOST_TO_KNOWN: Final = 30
MOST_TO_STRANGER: Final = 3
MOST_TO_STRANGERS: Final = 100
_KNOWN_FOR: Final = timedelta(days=1)


def may_answer(*, ours: str, theirs: str, at: datetime) -> bool:
    """Whether a text between two numbers (E.164) may be answered at an instant.

    Within an hour 30 to a phone that we texted within the last day; 3 to any other that the account
    may reach, and 100 to all of these together; none to a number of ours. Needs a system scope.
    """
    answered = HeardText.objects.filter(ours=ours, heard_at__gt=at - SPAN).exclude(answer="")
    to_them = answered.filter(theirs=theirs).count()
    if Delivery.objects.filter(
        address=theirs, sender=ours, created_at__gt=at - _KNOWN_FOR
    ).exists():
        return to_them < MOST_TO_KNOWN
    if to_them >= MOST_TO_STRANGER or answered.count() >= MOST_TO_STRANGERS:
        return False
    return _is_reachable(ours, theirs)


def _is_reachable(ours: str, theirs: str) -> bool:
    if PhoneNumber.objects.filter(e164=theirs).exists():
        return False
    number = PhoneNumber.objects.select_related("account").filter(e164=ours).first()
    return number is None or may_call(number.account, theirs)
