"""What the attendant does when a lower room tells it something."""

from __future__ import annotations

from deskbell.accounts.hooks import NumberEvent

from .actions import follow_number


def on_number_changed(event: NumberEvent) -> None:
    """A number turned, or is leaving: the systems that it is in follow."""
    follow_number(event)
