"""Which systems the emergency switch is on for, and what their callers meet until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from deskbell.attendant.models import System


@dataclass(frozen=True, slots=True)
class Standing:
    """A system whose emergency switch is on. `menu` and `announcement` are sids; one is empty."""

    system_sid: str
    system: str
    until: datetime
    time_zone: str
    menu: str
    announcement: str
    name: str

    @property
    def local_until(self) -> datetime:
        """When it ends, by the system's clock."""
        return self.until.astimezone(ZoneInfo(self.time_zone))

    @property
    def kind(self) -> str:
        """What callers meet instead."""
        return "menu" if self.menu else "announcement"


def standing_at(at: datetime) -> Sequence[Standing]:
    """The account's systems whose switch is on at an instant, by name. One query."""
    rows = (
        System.objects.filter(emergency_until__gt=at)
        .select_related("emergency_menu", "emergency_announcement")
        .order_by("name")
    )
    return [_standing(row) for row in rows if row.emergency_menu or row.emergency_announcement]


def _standing(row: System) -> Standing:
    chosen = row.emergency_menu or row.emergency_announcement
    assert row.emergency_until is not None
    return Standing(
        system_sid=row.sid,
        system=row.name,
        until=row.emergency_until,
        time_zone=row.time_zone or "UTC",
        menu=row.emergency_menu.sid if row.emergency_menu else "",
        announcement=row.emergency_announcement.sid if not row.emergency_menu and row.emergency_announcement else "",
        name=chosen.name if chosen else "",
    )
