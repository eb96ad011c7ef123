"""Sends a message to whom a person chooses, outside escalation, or once more where it failed.

Whoever is told so need not be on call, and the message may have been acknowledged long ago: so
nothing of its escalation moves, and an acknowledgement does not stop what was forwarded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import Conflict, InvalidInput, MissingInput, NotFound
from deskbell.messages import actions as messages
from deskbell.messages.models import ActivityKind, Message

from ..models import UNFINISHED, Delivery, DeliveryState
from ..registry import transports
from .making import Order, deliver_many

MOST_METHODS: Final = 20
# Of one account, by people's hands: whoever forwards more costs money and wakes people.
MOST_AN_HOUR: Final = 200
_SPAN: Final = timedelta(hours=1)
LONGEST_WORDS: Final = 1000
_MOST_NAMED: Final = 5
_LONGEST_BY: Final = 180
_CAN_GO_AGAIN: Final = (DeliveryState.FAILED, DeliveryState.UNANSWERED)


def forward(
    *,
    message: Message,
    methods: Sequence[DeliveryMethod],
    by: str,
    at: datetime,
    words: str = "",
) -> list[Delivery]:
    """Sends a message to `methods`, with a few `words` of the person who has it sent.

    Escalation does not move by it, and an acknowledgement, before or after, does not stop it. A
    method's limit and its owner's STOP hold. Where the same is on its way to a method already, as
    after a form was sent twice, it goes there once. Writes the deliveries, their jobs and an
    activity, in one transaction; sends nothing. Raises MissingInput without a method, InvalidInput
    for more than 20 of them or for words that are too long, Conflict where nothing is left to send
    or the account had 200 sent by hand within an hour, NotFound for a message that is gone.
    """
    said = _checked(words)
    wanted = {each.pk for each in methods}
    if not wanted:
        raise MissingInput("Choose at least one way to forward it", field="methods")
    if len(wanted) > MOST_METHODS:
        raise InvalidInput(
            f"A message is forwarded to {MOST_METHODS} ways at once at most, not {len(wanted)}",
            field="methods",
        )
    with transaction.atomic():
        locked = _locked(message)
        going = Delivery.objects.filter(message=locked, state__in=UNFINISHED, words=said)
        under_way = set(going.exclude(forwarded_by="").values_list("method_id", flat=True))
        fresh = _usable(locked, wanted - under_way)
        if not fresh:
            raise Conflict("It is on its way there already")
        _check_cap(locked, len(fresh), at)
        order = Order(
            message=locked,
            methods=fresh,
            level_id=None,
            level_name=f"Forwarded by {by[:_LONGEST_BY]}",
            attempt=0,
            forwarded_by=by[:254],
            words=said,
        )
        made = deliver_many([order], at=at)
        _tell(locked, f"Forwarded by {by} to {_named(made)}", by, at)
    return made


def send_again(*, delivery: Delivery, by: str, at: datetime) -> Delivery:
    """Sends to where one delivery failed, or was not answered, once more: a delivery of its own.

    It goes to what the method's address is now. Escalation does not move by it. Raises Conflict, in
    words, where it would not help: it has not failed, the method was removed, something is on its
    way there, or somebody has acknowledged the message; NotFound where it is gone.
    """
    with transaction.atomic():
        message = _locked(delivery.message)
        old = Delivery.objects.filter(pk=delivery.pk, message=message).first()
        if old is None:
            raise NotFound("No such delivery")
        _check_again(old, message)
        methods = _usable(message, {old.method_id or 0})
        _check_cap(message, 1, at)
        order = Order(
            message=message,
            methods=methods,
            level_id=None,
            level_name=f"Sent again by {by[:_LONGEST_BY]}",
            attempt=0,
            forwarded_by=old.forwarded_by,
            words=old.words,
        )
        [made] = deliver_many([order], at=at)
        _tell(message, f"Sent again by {by} to {_named([made])}", by, at)
    return made


def _check_again(old: Delivery, message: Message) -> None:
    if old.state not in _CAN_GO_AGAIN:
        raise Conflict("Only what failed or was not answered can be sent again")
    if old.is_over_for(message):
        raise Conflict(
            f"{message.acknowledged_by} acknowledged it; forward it instead where people need it"
        )
    if old.method_id is None:
        raise Conflict("This delivery method was removed; forward the message another way")
    later = Delivery.objects.filter(message=message, method=old.method_id, pk__gt=old.pk)
    if later.filter(state__in=(*UNFINISHED, DeliveryState.DELIVERED)).exists():
        raise Conflict("It was sent there again already")


def _check_cap(message: Message, more: int, at: datetime) -> None:
    """Counts what was sent by hand lately, emergencies too, which no method's limit holds back."""
    lately = Delivery.objects.filter(account_id=message.account_id, created_at__gt=at - _SPAN)
    by_hand = lately.filter(level_id=None, attempt=0)
    if by_hand[:MOST_AN_HOUR].count() + more > MOST_AN_HOUR:
        raise Conflict(
            f"Messages were sent {MOST_AN_HOUR} ways by hand within an hour, which is the most;"
            " wait a while"
        )


def _checked(words: str) -> str:
    said = words.replace("\x00", "").strip()
    if len(said) > LONGEST_WORDS:
        raise InvalidInput(
            f"What you say with it has {LONGEST_WORDS} characters at most, not {len(said)}",
            field="words",
        )
    return said


def _locked(message: Message) -> Message:
    found = Message.objects.select_for_update(no_key=True).filter(pk=message.pk).first()
    if found is None:
        raise NotFound("No such message")
    return found


def _usable(message: Message, ids: set[int]) -> list[DeliveryMethod]:
    """The methods, held until the transaction ends. Raises Conflict where one is gone, or another
    account's."""
    rows = DeliveryMethod.objects.select_for_update(no_key=True, of=("self",))
    mine = rows.select_related("contact").filter(pk__in=ids, account_id=message.account_id)
    found = list(mine.order_by("pk"))
    if len(found) < len(ids):
        raise Conflict("One of the ways to deliver was removed meanwhile; choose again")
    return found


def _named(made: Sequence[Delivery]) -> str:
    named = [f"{each.contact_name} ({_way(each.kind)})" for each in made[:_MOST_NAMED]]
    more = len(made) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _way(kind: str) -> str:
    transport = transports().get(kind)
    return transport.label.lower() if transport else kind


def _tell(message: Message, text: str, by: str, at: datetime) -> None:
    messages.add_activity(message=message, kind=ActivityKind.FORWARDED, text=text, at=at, by=by)
