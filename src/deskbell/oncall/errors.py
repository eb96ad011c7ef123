"""What can go wrong with calendars and escalation levels."""

from __future__ import annotations

from deskbell.foundation.errors import InvalidInput


class ChainLeadsBack(InvalidInput):
    """A chain of levels that meets itself again would never end."""

    def __init__(self, name: str, following: str) -> None:
        super().__init__(
            f"{name} cannot be followed by {following}: the chain would lead back to {name}."
            " Choose a level that does not come before it, or none, or say how often a message may"
            " go round, 1 to 10 times.",
            field="next_level",
        )
