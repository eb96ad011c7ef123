"""What the desk does when a lower room tells it something."""

from __future__ import annotations

from deskbell.calls.hooks import CallEvent

from .actions import caller_gone


def on_call_ended(event: CallEvent) -> None:
    """A caller hung up, or the line broke: the call leaves the queue, or its receptionist writes
    it down."""
    caller_gone(call_sid=event.sid, who=event.who, at=event.at)
