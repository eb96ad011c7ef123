"""Storms: after so many messages to one method in ten minutes, more come together.

What is held back waits in a room, one for each method and slot of two minutes. When it leaves, the
deliveries that still wait there get a bundle of their own, whose id is the idempotency key of every
try; so nothing that came too late can pass for what was sent. Emergencies are never held back.
Source: design, on call, "Escalation" (limits).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef

from deskbell.contacts.models import DeliveryMethod

from .links import acknowledge_url
from .models import UNFINISHED, Delivery
from .parcels import RELATED, parcel_of
from .rules import STORM_SPAN, room
from .transport import Brief, Parcel
from .wording import one_line

_LONGEST_BRIEF = 500


def hold_back(made: Sequence[Delivery], methods: Sequence[DeliveryMethod], at: datetime) -> None:
    """Gives each fresh delivery whose method has had its messages a room and a time to leave.

    One query for each limit that the methods have. Two messages at the same instant may both go
    as the last one that does not wait.
    """
    full = _full(methods, at)
    for delivery in made:
        if delivery.method_id in full:
            delivery.bundle, delivery.next_try_at = room(delivery.method_id, at)


def _full(methods: Sequence[DeliveryMethod], at: datetime) -> set[int]:
    """The ids of the methods that have had as many messages lately as they may."""
    by_limit: dict[int, list[int]] = defaultdict(list)
    for method in methods:
        if method.limit > 0:
            by_limit[method.limit].append(method.pk)
    full: set[int] = set()
    for limit, ids in by_limit.items():
        lately = Delivery.objects.filter(
            method=OuterRef("pk"), created_at__gt=at - STORM_SPAN
        ).order_by("-created_at")
        has_had = Exists(lately[limit - 1 : limit])
        found = DeliveryMethod.objects.filter(has_had, pk__in=ids)
        full.update(found.values_list("pk", flat=True))
    return full


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
    """One parcel for all of them: the newest whole, the others in brief, each message once."""
    newest = found[-1]
    parcel = parcel_of(newest, sent_at=sent_at)
    if newest.bundle is None:
        return parcel
    others = {each.message_id: each for each in found if each.message_id != newest.message_id}
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
        content=one_line(message.content, _LONGEST_BRIEF),
        is_emergency=message.is_emergency,
        acknowledge_url=acknowledge_url(delivery),
        code=delivery.code,
    )
