"""What callers did in the last 30 days: how many came each way, and how many hung up there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count as CountOf
from django.db.models import Max

from deskbell.attendant.models import CallStep
from deskbell.attendant.rules.effects import Result

from .graph import Count

SPAN: Final = timedelta(days=30)
# Whoever hangs up after these got what the menu had for them.
_SERVED: Final = (
    *("HANGUP", "ANNOUNCEMENT_HANGUP"),
    *(Result.OVER, Result.MESSAGE_TAKEN, Result.CONNECTED),
)
# These happen to callers who are in the menu already.
_STAYS: Final = [each for each in Result if each not in {Result.ENTERED, Result.EMERGENCY}]


def counts_of(system_sid: str, *, at: datetime) -> Mapping[tuple[str, str], Count]:
    """By menu sid and key: the calls that came that way, and the callers who hung up there.

    The key "" is the menu itself, where the schedule led to it. A caller hung up where the last
    step of the call is, unless that served them. Two queries, in the account's scope.
    """
    steps = CallStep.objects.filter(menu__system__sid=system_sid, at__gte=at - SPAN)
    arrivals = steps.exclude(key="", result__in=_STAYS)
    came = arrivals.values_list("menu__sid", "key").annotate(CountOf("call", distinct=True))
    last = steps.values("call").annotate(last=Max("pk")).values("last")
    left = (
        CallStep.objects.filter(pk__in=last, call__who_hung_up="caller")
        .exclude(result__in=_SERVED)
        .values_list("menu__sid", "key")
        .annotate(CountOf("pk"))
    )
    counts = {(str(sid), key): Count(calls) for sid, key, calls in came}
    for sid, key, gone in left:
        way = (str(sid), key)
        counts[way] = replace(counts.get(way, Count()), left=gone)
    return counts
