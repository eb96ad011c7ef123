"""What cannot be done with a webhook just now."""

from __future__ import annotations

from deskbell.foundation.errors import Conflict


class IsPaused(Conflict):
    """Nothing is sent to a subscription that is paused."""

    def __init__(self) -> None:
        super().__init__("This webhook is paused; resume it first")


class TooMany(Conflict):
    """An account has as many subscriptions as it may."""
