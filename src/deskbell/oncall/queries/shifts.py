"""Events as the rules know them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from deskbell.accounts.models import Account

from ..models import Event
from ..rules import Shift


def zone_of(account: Account) -> ZoneInfo:
    """The account's time zone."""
    return ZoneInfo(account.time_zone)


def wall(kept: datetime) -> datetime:
    """A wall-clock time as people set it, without an offset, from one that is kept as if UTC."""
    return kept.astimezone(UTC).replace(tzinfo=None)


def shift_of(event: Event) -> Shift:
    """An event as the rules know it."""
    return Shift(
        starts=wall(event.starts),
        ends=wall(event.ends),
        frequency=str(event.frequency),
        interval=event.interval,
        weekdays=frozenset(event.weekdays),
        until=event.until,
        count=event.count,
        month_days=frozenset(event.month_days),
        nth_weekdays=frozenset((nth, weekday) for nth, weekday in event.nth_weekdays),
        skipped=frozenset(event.skipped),
    )
