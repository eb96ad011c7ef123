"""Codes that name a delivery in a reply that says nothing else of it, as a text.

Two digits, and more only where a hundred are open at one address. One code is open once for an
account and address; the deliveries of one message there share theirs, so that an old text still
means what it said.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from django.db import connection

from deskbell.messages.models import MessageStatus

from .models import Delivery
from .registry import transports

_FIRST: Final = 10
_LAST: Final = 10**6
_PICK = random.SystemRandom()


def give(claimed: Sequence[Delivery]) -> None:
    """Gives each that needs a code one of its own, in the transaction that claims them.

    They all go to one address. Nothing happens where their transport has no codes.
    """
    lacking = [each for each in claimed if not each.code and _has_codes(each.kind)]
    if not lacking:
        return
    first = lacking[0]
    with connection.cursor() as cursor:  # of two that pick at once, one sees the other's
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"codes {first.account_id} {first.address}"],
        )
    taken = _open_codes(first)
    for delivery in lacking:
        taken.setdefault(delivery.message_id, _free(set(taken.values())))
        delivery.code = taken[delivery.message_id]
    Delivery.objects.bulk_update(lacking, ["code"])


def _has_codes(kind: str) -> bool:
    transport = transports().get(kind)
    return transport is not None and transport.has_codes


def _open_codes(delivery: Delivery) -> dict[int, str]:
    """The codes at an address of messages that nobody has acknowledged, by message."""
    found = Delivery.objects.filter(
        account_id=delivery.account_id, address=delivery.address, kind=delivery.kind
    ).exclude(code="")
    unacknowledged = found.exclude(message__status=MessageStatus.ACKNOWLEDGED)
    return dict(unacknowledged.order_by("id").values_list("message_id", "code"))


def _free(taken: set[str]) -> str:
    """A code that is not taken, of as few digits as there is room for."""
    below = 100
    while below < _LAST:
        room = [code for code in map(str, range(below // 10, below)) if code not in taken]
        if len(room) > below // 20:
            return _PICK.choice(room)
        below *= 10
    return str(_PICK.randrange(_FIRST, _LAST))
