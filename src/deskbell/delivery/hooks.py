"""What deliveries tell the rooms above. See ARCHITECTURE.md for who listens."""

from __future__ import annotations

from dataclasses import dataclass

from deskbell.platform.hooks import Hook


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """Something happened to a delivery of a message, made for an attempt of a level."""

    account_id: int
    message_id: int
    delivery_id: int
    level_id: int | None
    attempt: int


# Fired when a delivery fails lastingly, in the transaction that says so, with the message's row
# locked: of two deliveries that fail at once, the second handler sees the first's failure.
delivery_failed: Hook[DeliveryEvent] = Hook("delivery.delivery_failed")
