"""What To Dos do when a lower room tells them something."""

from __future__ import annotations

from deskbell.accounts.hooks import ZoneEvent

from .actions.zones import follow_zone


def on_time_zone_changed(event: ZoneEvent) -> None:
    """An account has another time zone: its To Dos keep their times of day."""
    follow_zone(account_id=event.account_id, at=event.at)
