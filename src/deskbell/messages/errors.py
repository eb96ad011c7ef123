"""What can go wrong with messages."""

from __future__ import annotations

from deskbell.foundation.errors import Conflict, InvalidInput


class AlreadyAcknowledged(Conflict):
    """Somebody was first; `by` says who, so that the second person can be told."""

    def __init__(self, by: str) -> None:
        super().__init__(f"This message was already acknowledged by {by}.")
        self.by = by


class SearchTookTooLong(InvalidInput):
    """A search that was given up, because whoever waits for it keeps others waiting."""

    def __init__(self) -> None:
        super().__init__(
            "This search took too long. Search for fewer or longer words, or in fewer days",
            field="q",
        )
