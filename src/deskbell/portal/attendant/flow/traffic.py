"""What callers did in the last 30 days: how many came each way, and how many hung up there.

A large account has a hundred thousand steps in 30 days, and days that are over do not change: what
they count is kept in this process, and only the newest are counted anew.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from typing import Final

from django.db.models import Count as CountOf
from django.db.models import Max
from django.db.models.functions import TruncDate

from deskbell.attendant.models import CallStep
from deskbell.attendant.rules.effects import Result

from .graph import Count

Counts = Mapping[tuple[str, str], Count]

SPAN: Final = timedelta(days=30)
# Whoever hangs up after these got what the menu had for them.
_SERVED: Final = (
    *("HANGUP", "ANNOUNCEMENT_HANGUP"),
    *(Result.OVER, Result.MESSAGE_TAKEN, Result.CONNECTED),
)
# These happen to callers who are in the menu already.
_STAYS: Final = [each for each in Result if each not in {Result.ENTERED, Result.EMERGENCY}]
_DAY: Final = timedelta(days=1)
_LATE: Final = timedelta(hours=6)  # calls that began before midnight are over by then


class KeptDays:
    """Counts of days that are over, by system and day, the `most` asked for last; thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._days: OrderedDict[tuple[str, date], Counts] = OrderedDict()

    def known(self, system_sid: str, days: Collection[date]) -> dict[date, Counts]:
        """What is kept of these days."""
        with self._lock:
            keys = [(system_sid, day) for day in days if (system_sid, day) in self._days]
            for key in keys:
                self._days.move_to_end(key)
            return {key[1]: self._days[key] for key in keys}

    def keep(self, system_sid: str, counts: Mapping[date, Counts]) -> None:
        """Keeps days for the next to ask; nobody may change them."""
        with self._lock:
            self._days.update({(system_sid, day): each for day, each in counts.items()})
            while len(self._days) > self._most:
                self._days.popitem(last=False)

    def forget(self) -> None:
        """Forgets all of it."""
        with self._lock:
            self._days.clear()


KEPT: Final = KeptDays(most=200 * (SPAN.days + 1))


def counts_of(system_sid: str, *, at: datetime) -> Counts:
    """By menu sid and key: the calls that came that way, and the callers who hung up there.

    The key "" is the menu itself, where the schedule led to it. A caller hung up where the last
    step of the call is, unless that served them. Counts days of UTC, the first and today included:
    a call that lasts over midnight counts on both. Two queries, in the account's scope.
    """
    today = at.astimezone(UTC).date()
    days = {today - number * _DAY for number in range(SPAN.days + 1)}
    over = {day for day in days if _start(day) + _DAY + _LATE <= at}
    known = KEPT.known(system_sid, over)
    missing = days - known.keys()
    found = _counted(system_sid, missing)
    KEPT.keep(system_sid, {day: found[day] for day in missing & over})
    return _sum([*known.values(), *found.values()])


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _counted(system_sid: str, days: Collection[date]) -> dict[date, Counts]:
    """The counts of each of the days."""
    steps = (
        CallStep.objects.filter(
            menu__system__sid=system_sid,
            at__gte=_start(min(days)),
            at__lt=_start(max(days)) + _DAY,
        )
        .annotate(day=TruncDate("at", tzinfo=UTC))
        .order_by()
    )
    arrivals = steps.exclude(key="", result__in=_STAYS)
    came = arrivals.values_list("day", "menu__sid", "key").annotate(CountOf("call", distinct=True))
    last = steps.values("day", "call").annotate(last=Max("pk")).values("last")
    left = (
        steps.filter(pk__in=last, call__who_hung_up="caller")
        .exclude(result__in=_SERVED)
        .values_list("day", "menu__sid", "key")
        .annotate(CountOf("pk"))
    )
    found: dict[date, dict[tuple[str, str], Count]] = {day: {} for day in days}
    for day, sid, key, calls in came:
        found.get(day, {})[str(sid), key] = Count(calls)
    for day, sid, key, gone in left:
        counts = found.get(day, {})
        counts[str(sid), key] = Count(counts.get((str(sid), key), Count()).calls, gone)
    return dict(found)


def _sum(days: Collection[Counts]) -> Counts:
    calls: dict[tuple[str, str], int] = defaultdict(int)
    left: dict[tuple[str, str], int] = defaultdict(int)
    for counts in days:
        for way, count in counts.items():
            calls[way] += count.calls
            left[way] += count.left
    return {way: Count(calls[way], left[way]) for way in calls}
