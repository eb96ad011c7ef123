"""What messages tell the rooms above. See ARCHITECTURE.md for who listens."""

from __future__ import annotations

from dataclasses import dataclass

from deskbell.platform.hooks import Hook


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """Something happened to a message of an account."""

    account_id: int
    message_id: int


message_taken: Hook[MessageEvent] = Hook("messages.message_taken")
message_acknowledged: Hook[MessageEvent] = Hook("messages.message_acknowledged")
message_exhausted: Hook[MessageEvent] = Hook("messages.message_exhausted")
