"""The one door for what people answer to a delivery: by keys, texts, links and webhooks.

How an answer is read is its transport's; what it does is done here, in the account's scope, and
told in words for the person. Source: design, on call, "Escalation".
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from deskbell.foundation.clock import now
from deskbell.messages import actions as messages
from deskbell.messages.errors import AlreadyAcknowledged
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import system_scope

from .hooks import PassedOn, passed_on
from .links import MAX_AGE
from .models import Delivery
from .transport import Meaning, Reply

NOT_UNDERSTOOD = "That was not understood."
GONE_ON = "It has gone on to the next level already."
NOT_ON_CALL = "It was forwarded to you; only whoever is on call can pass it on."
NOBODY_FOLLOWS = "Nobody comes after you: the message stays where it is."


def answer(
    *, delivery: Delivery, reply: Reply, at: datetime, through: str, address: str = ""
) -> str:
    """Does what a reply to a delivery means, and says in words what happened.

    ACKNOWLEDGE acknowledges the message in the name of `reply.by`, else of the contact; NEXT_LEVEL
    passes it on to the next level. Any other meaning changes nothing. `through` says where it came
    from (call, sms, email, webhook …), `address` is the number or IP address it came from. The
    words suit to be spoken, sent back or shown.
    """
    by = reply.by or delivery.contact_name
    if reply.meaning == Meaning.ACKNOWLEDGE:
        return _acknowledge(delivery, by, at, through, address)
    if reply.meaning == Meaning.NEXT_LEVEL:
        return _pass_on(delivery, by, at, through, address)
    return NOT_UNDERSTOOD


def acknowledge_bundle(
    *, delivery: Delivery, by: str, at: datetime, through: str, address: str = ""
) -> int:
    """Acknowledges every message that came together with a delivery and still waits, its own too.

    Gives how many it acknowledged. As `answer` otherwise.
    """
    found = open_in_bundle(delivery)
    for each in found:
        _acknowledge(each, by, at, through, address)
    return len(found)


def open_in_bundle(delivery: Delivery) -> list[Delivery]:
    """The deliveries that went in one parcel with this one, its own too, of messages that nobody
    has acknowledged, one for each message, oldest first; none where it went alone.

    One query at most.
    """
    if delivery.bundle is None or not delivery.tries:
        return []
    found = Delivery.objects.select_related("message").filter(bundle=delivery.bundle)
    waiting = found.exclude(message__status=MessageStatus.ACKNOWLEDGED).order_by("id")
    return list({each.message_id: each for each in waiting}.values())


def told_in_bundle(delivery: Delivery) -> list[Delivery]:
    """As `open_in_bundle`, with those too that were forwarded though somebody has them already."""
    if delivery.bundle is None or not delivery.tries:
        return []
    found = Delivery.objects.select_related("message").filter(bundle=delivery.bundle)
    waiting = [each for each in found.order_by("id") if not each.is_over_for(each.message)]
    return list({each.message_id: each for each in waiting}.values())


def open_deliveries(*, address: str, sender: str, at: datetime | None = None) -> list[Delivery]:
    """What a text from `address` to our number `sender` may be an answer to, newest first.

    One delivery, the newest, for each message that was sent there in the last 30 days before `at`
    (now) and that nobody has acknowledged; with message, account and method. Works across accounts.
    """
    with system_scope("a reply names no account"):
        found = (
            Delivery.objects.select_related("message__account", "method")
            .filter(address=address, sender=sender, created_at__gt=(at or now()) - MAX_AGE)
            .exclude(code="")
            .exclude(message__status=MessageStatus.ACKNOWLEDGED)
            .order_by("-id")
        )
        newest: dict[int, Delivery] = {}
        for delivery in found:
            newest.setdefault(delivery.message_id, delivery)
    return list(newest.values())


def _acknowledge(delivery: Delivery, by: str, at: datetime, through: str, address: str) -> str:
    try:
        messages.acknowledge(
            message=delivery.message, by=by, at=at, through=through, address=address
        )
    except AlreadyAcknowledged as first:
        return _taken(first.by, by)
    return "Thank you. You take care of it, and nobody else is called."


def _pass_on(delivery: Delivery, by: str, at: datetime, through: str, address: str) -> str:
    with transaction.atomic():
        message = Message.objects.select_for_update(no_key=True).get(pk=delivery.message_id)
        if message.status == MessageStatus.ACKNOWLEDGED:
            return _taken(message.acknowledged_by, by)
        if delivery.is_forward:
            return NOT_ON_CALL
        if delivery.level_id is not None and message.escalation_level_id != delivery.level_id:
            return GONE_ON
        event = PassedOn(
            account_id=delivery.account_id,
            message_id=delivery.message_id,
            delivery_id=delivery.pk,
            by=by,
            through=through,
            address=address,
            at=at,
        )
        passed_on.fire(event)
    return " ".join(event.words) or NOBODY_FOLLOWS


def _taken(first: str, by: str) -> str:
    return "You have it already." if first == by else f"{first} has it already."
