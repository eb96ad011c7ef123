"""What deliveries tell the rooms above. See ARCHITECTURE.md for who listens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from deskbell.platform.hooks import Hook


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """Something happened to a delivery of a message, made for an attempt of a level."""

    account_id: int
    message_id: int
    delivery_id: int
    level_id: int | None
    attempt: int


@dataclass(frozen=True, slots=True)
class PassedOn:
    """Somebody who got a message wants the next level to have it.

    `by` is who, in words; `through` and `address` are as in `messages.actions.acknowledge`. Whoever
    passes it on appends to `words` what happened, for that person; where nobody does, nothing did.
    """

    account_id: int
    message_id: int
    delivery_id: int
    by: str
    through: str
    address: str
    at: datetime
    words: list[str] = field(default_factory=list)


# Fired when a delivery fails lastingly, in the transaction that says so, with the message's row
# locked: of two deliveries that fail at once, the second handler sees the first's failure.
delivery_failed: Hook[DeliveryEvent] = Hook("delivery.delivery_failed")

# Fired when a reply passes a message on, in a transaction of its own.
passed_on: Hook[PassedOn] = Hook("delivery.passed_on")
