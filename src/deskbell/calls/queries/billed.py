"""Reads of what accounts used as bills count it: by day, each call rounded up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, Q, Sum, Value, When

from ..models import Call, UsageOfDay

_UTC: Final = ZoneInfo("UTC")
# A call's day is that of its start in the account's zone, as it was when the call was counted.
_MOST_APART: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class BilledDay:
    """What an account used on one day, on all of its numbers.

    `half_minutes` and `whole_minutes`: the begun spans of 30 and 60 s of each call, added up.
    """

    day: date
    calls: int
    seconds: int
    half_minutes: int
    whole_minutes: int


def billed(account_ids: Iterable[int], since: date, until: date) -> dict[int, list[BilledDay]]:
    """What accounts used from one day to another, both inside, by their id; days in their order.

    Days without usage, and accounts without any, are left out. In a system scope, or that of the
    only account. One query.
    """
    rows = UsageOfDay.objects.filter(
        account_id__in=account_ids, day__gte=since, day__lte=until, calls__gt=0
    )
    return _by_account(
        rows.values("account_id", "day")
        .annotate(
            n=Sum("calls"),
            seconds=Sum(F("standard_seconds") + F("assisted_seconds")),
            half=Sum("half_minutes"),
            whole=Sum("whole_minutes"),
        )
        .order_by("account_id", "day")
    )


def billed_from_calls(
    account_ids: Iterable[int], since: date, until: date
) -> dict[int, list[BilledDay]]:
    """The same as `billed`, added up from the calls' records themselves: what the counts by day
    can be held against. Scope as there. One query, as long as the accounts have many calls."""
    by_them = F("talk_sec") + F("hold_sec") + F("transfer_sec") + F("conference_sec")
    by_them += F("wrap_sec")
    used = Case(
        When(agent_id=None, then=F("connection_sec")),
        default=F("ivr_sec") + F("wait_sec") + by_them,
    )
    calls = Call.objects.filter(
        Q(agent_id__isnull=False) | Q(connection_sec__gt=0),
        account_id__in=account_ids,
        started_at__gte=datetime.combine(since - _MOST_APART, time.min, _UTC),
        started_at__lt=datetime.combine(until + _MOST_APART, time.max, _UTC),
        counted_on__gte=since,
        counted_on__lte=until,
    )
    return _by_account(
        calls.annotate(day=F("counted_on"), used=used)
        .values("account_id", "day")
        .annotate(
            n=Count("pk"),
            seconds=Sum("used"),
            half=Sum((F("used") + Value(29)) / Value(30)),
            whole=Sum((F("used") + Value(59)) / Value(60)),
        )
        .order_by("account_id", "day")
    )


def _by_account(rows: Iterable[Mapping[str, Any]]) -> dict[int, list[BilledDay]]:
    found: dict[int, list[BilledDay]] = defaultdict(list)
    for row in rows:
        found[row["account_id"]].append(
            BilledDay(row["day"], row["n"], row["seconds"], row["half"], row["whole"])
        )
    return dict(found)
