"""What can go wrong with messages."""

from __future__ import annotations

from deskbell.foundation.errors import Conflict


class AlreadyAcknowledged(Conflict):
    """Somebody was first; `by` says who, so that the second person can be told."""

    def __init__(self, by: str) -> None:
        super().__init__(f"This message was already acknowledged by {by}.")
        self.by = by
