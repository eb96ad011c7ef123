"""Storms: after so many messages to one method in ten minutes, more come together.

What is held back waits in a room, one for each method and slot of two minutes. When it leaves, the
deliveries that still wait there get a bundle of their own, whose id is the idempotency key of every
try; so nothing that came too late can pass for what was sent. Emergencies are never held back.
Source: design, on call, "Escalation" (limits).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection

from deskbell.contacts.models import DeliveryMethod

from .links import acknowledge_url
from .models import UNFINISHED, Delivery
from .parcels import RELATED, parcel_of
from .rules import STORM_SPAN, room
from .transport import Brief, Parcel
from .wording import forwarded, one_line

_LONGEST_BRIEF = 500


def hold_back(made: Sequence[Delivery], methods: Sequence[DeliveryMethod], at: datetime) -> None:
    """Gives each fresh delivery whose method has had its messages a room and a time to leave.

    Emergencies count, and are never held back; nor is what a receptionist calls about, who sees
    all of it at once. One query. Two messages that are taken at the same
    instant may both go as the last one that does not wait.
    """
    left = _left([each.pk for each in methods if each.limit > 0], at)
    for delivery in made:
        if delivery.method_id not in left:
            continue
        left[delivery.method_id] -= 1
        goes_alone = delivery.message.is_emergency or delivery.by_receptionist
        if left[delivery.method_id] < 0 and not goes_alone:
            delivery.bundle, delivery.next_try_at = room(delivery.method_id, at)


_LEFT = """
SELECT method.id, method."limit" - (
    SELECT count(*) FROM (
        SELECT 1 FROM delivery_delivery AS made
        WHERE made.method_id = method.id AND made.created_at > %s
        LIMIT method."limit"
    ) AS lately
)
FROM contacts_deliverymethod AS method WHERE method.id = ANY(%s)
"""


def _left(method_ids: Sequence[int], at: datetime) -> dict[int, int]:
    """How many messages more each of the methods may have now."""
    if not method_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [at - STORM_SPAN, list(method_ids)])
        return dict(cursor.fetchall())


def lock(bundle: uuid.UUID) -> None:
    """Waits until nobody else has the bundle in hand, and keeps it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [bundle.int >> 65])


def members(bundle: uuid.UUID) -> list[Delivery]:
    """What of a bundle is not finished, locked, with `RELATED`, oldest first.

    What somebody else has locked is passed over: with `lock` held, that is only what is being
    stopped. Needs a transaction.
    """
    found = Delivery.objects.select_for_update(of=("self",), skip_locked=True)
    unfinished = found.filter(bundle=bundle, state__in=UNFINISHED)
    return list(unfinished.select_related(*RELATED).order_by("created_at", "id"))


def set_out(waited: Sequence[Delivery]) -> None:
    """Turns those that waited in a room into a bundle of their own; one alone is none.

    All go to where the newest goes: the method may have changed its address meanwhile.
    """
    fresh = uuid.uuid4() if len(waited) > 1 else None
    for delivery in waited:
        delivery.bundle, delivery.next_try_at = fresh, None
        delivery.address = waited[-1].address


def parcel_of_all(found: Sequence[Delivery], *, sent_at: datetime) -> Parcel:
    """One parcel for all of them: the newest whole, the others in brief, each message once, and
    once more for whatever else was said with it."""
    newest = found[-1]
    parcel = parcel_of(newest, sent_at=sent_at)
    if newest.bundle is None:
        return parcel
    others = {
        (each.message_id, each.words): each
        for each in found
        if each.message_id != newest.message_id or each.words not in {"", newest.words}
    }
    return replace(
        parcel,
        idempotency_key=str(newest.bundle),
        bundled=tuple(_brief(each) for each in others.values()),
    )


def _brief(delivery: Delivery) -> Brief:
    message = delivery.message
    return Brief(
        message_id=message.pk,
        taken_at=message.created_at,
        caller_name=f"{message.first_name} {message.last_name}".strip(),
        caller_number=message.phone or message.caller_id,
        content=one_line(_content(delivery), _LONGEST_BRIEF),
        is_emergency=message.is_emergency,
        acknowledge_url=acknowledge_url(delivery),
        code=delivery.code,
    )


def _content(delivery: Delivery) -> str:
    """What a message says, after what somebody said who forwarded it."""
    content = delivery.message.content
    if not delivery.is_forward:
        return content
    return f"[{forwarded(delivery.forwarded_by, delivery.words)}] {content}"
