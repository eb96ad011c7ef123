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
    return [standing for row in rows if (standing := _standing(row))]


def _standing(row: System) -> Standing | None:
    """None where what was chosen has been deleted since: callers then meet the schedule."""
    menu, announcement = row.emergency_menu, row.emergency_announcement
    chosen = menu or announcement
    if chosen is None or row.emergency_until is None:
        return None
    return Standing(
        system_sid=row.sid,
        system=row.name,
        until=row.emergency_until,
        time_zone=row.time_zone or "UTC",
        menu=menu.sid if menu else "",
        announcement="" if menu else chosen.sid,
        name=chosen.name,
    )
