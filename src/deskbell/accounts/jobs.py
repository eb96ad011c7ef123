"""What accounts do by the clock."""

from __future__ import annotations

from deskbell.foundation.clock import now

from . import actions


def forget_pictures() -> None:
    """Removes pictures that nothing shows any more."""
    actions.forget_pictures(at=now())
