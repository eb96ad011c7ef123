"""What messages tell the rooms above. See ARCHITECTURE.md for who listens."""

from __future__ import annotations

from dataclasses import dataclass

from deskbell.platform.hooks import Hook


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """Something happened to a message of an account."""

    account_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """Messages of an account whose time is over; they are deleted next, with theirs."""

    account_id: int
    message_ids: tuple[int, ...]


message_taken: Hook[MessageEvent] = Hook("messages.message_taken")
# The first delivery went out; several are fired together.
message_delivered: Hook[MessageEvent] = Hook("messages.message_delivered")
# It went from one level to another; several are fired together.
message_escalated: Hook[MessageEvent] = Hook("messages.message_escalated")
message_acknowledged: Hook[MessageEvent] = Hook("messages.message_acknowledged")
message_exhausted: Hook[MessageEvent] = Hook("messages.message_exhausted")
messages_leaving: Hook[Leaving] = Hook("messages.messages_leaving")
# An acknowledgement was undone: it goes on where it stood.
message_resumed: Hook[MessageEvent] = Hook("messages.message_resumed")
