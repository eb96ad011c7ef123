"""Who wants no texts from which number of ours: STOP and START.

It holds for the pair of numbers, as carriers keep it. Source: CTIA Messaging Principles, 5.1.3;
https://help.twilio.com/articles/223134027
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from deskbell.accounts.models import PhoneNumber
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.models import OptOut

KIND = "sms"


def stop(*, ours: str, theirs: str, at: datetime) -> bool:
    """They want no more texts from this number; whether that is new."""
    return OptOut.objects.get_or_create(sender=ours, address=theirs, defaults={"stopped_at": at})[1]


def start(*, ours: str, theirs: str) -> bool:
    """They want texts again; whether they had stopped them."""
    return bool(OptOut.objects.filter(sender=ours, address=theirs).delete()[0])


def wants_none(*, ours: str, theirs: str) -> bool:
    """Whether they answered STOP to this number."""
    return OptOut.objects.filter(sender=ours, address=theirs).exists()


def stopped_pairs(theirs: Collection[str]) -> Collection[tuple[str, str]]:
    """Of some numbers (E.164) those that answered STOP, each after the account's number that they
    answered; two queries. Needs the account's scope."""
    return set(
        OptOut.objects.filter(sender__in=_ours(), address__in=theirs).values_list(
            "sender", "address"
        )
    )


def is_stopped(method: DeliveryMethod) -> bool:
    """Whether somebody answered STOP there to any number of the method's account."""
    return bool(stopped_among([method]))


def stopped_among(methods: Iterable[DeliveryMethod]) -> Collection[int]:
    """Of an account's methods the ids of those that get no texts; two queries at most.

    Needs the account's scope.
    """
    texted = {each.pk: each.address for each in methods if each.kind == KIND}
    if not texted:
        return frozenset()
    stopped = {address for _, address in stopped_pairs(set(texted.values()))}
    return frozenset(pk for pk, address in texted.items() if address in stopped)


def _ours() -> list[str]:
    return list(PhoneNumber.objects.exclude(e164="").values_list("e164", flat=True))
