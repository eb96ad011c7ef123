"""What stays of deliveries when their messages' time is over: the bare facts, and no content.

Source: design, portal API, "Messages".
"""

from __future__ import annotations

from deskbell.messages.hooks import Leaving

from .models import BareProof, Delivery

_KEPT = ("level_name", "attempt", "kind", "state", "tries", "created_at", "finished_at")


def keep_bare_proof(event: Leaving) -> None:
    """Copies when, by which method and with what result into rows of their own; the deliveries go
    with their messages."""
    found = Delivery.objects.filter(message_id__in=event.message_ids).order_by("id")
    BareProof.objects.bulk_create(
        BareProof(account_id=event.account_id, **facts)
        for facts in found.values("message_id", *_KEPT)
    )
