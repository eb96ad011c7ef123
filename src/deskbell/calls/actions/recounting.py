"""An account's usage is counted anew from its call records, as after a change of its time zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate

from deskbell.accounts.models import Account
from deskbell.platform.changes import touch

from ..models import Call, UsageOfDay
from ..rules import Seconds, Usage, usage_of
from .usage import NO_AGENT, Counted, Place, add, number_used

Sums = Mapping[Place, Counted]
_ONE_DAY: Final = timedelta(days=1)
_MOST_APART: Final = 2 * _ONE_DAY  # the same moment's days in two zones, and one to spare
_COLUMNS: Final = (
    "counted_on",
    "counts_for",
    "call_type",
    "agent_id",
    "agent_name",
    "ivr_sec",
    "wait_sec",
    "talk_sec",
    "hold_sec",
    "transfer_sec",
    "wrap_sec",
    "conference_sec",
    "conference_talk_sec",
    "connection_sec",
)


def recount(*, account: Account, since: date, until: date) -> int:
    """Counts an account's usage anew, for days from one to another, both inside; of how many calls.

    The days are of the account's time zone as it is now: calls counted for another day, or never,
    find theirs. Until it is done, the ends of other calls wait. Needs the account's scope.
    """
    day = TruncDate("started_at", tzinfo=ZoneInfo(account.time_zone))
    near = _over(account, since - _MOST_APART, until + _MOST_APART).annotate(own_day=day)
    with transaction.atomic():
        strays = near.filter(Q(counted_on=None) | ~Q(counted_on=day))
        moved = Call.objects.filter(pk__in=list(strays.values_list("pk", flat=True)))
        left = _sums(moved.exclude(counted_on=None))
        _name_numbers(near)
        moved.update(counted_on=day)
        _have_others_wait()
        here = _sums(_over(account, since, until))
        UsageOfDay.objects.filter(account_id=account.pk, day__gte=since, day__lte=until).delete()
        _put(account, here.values())
        gone = [replace(each, usage=Usage() - each.usage) for each in left.values()]
        outside = [*_sums(moved).values(), *gone]
        _put(account, [each for each in outside if not since <= each.place.day <= until])
        touch(account.pk)
    return sum(each.usage.calls for each in here.values())


def _over(account: Account, since: date, until: date) -> QuerySet[Call]:
    """The account's calls of these days in its zone whose end is known."""
    zone = ZoneInfo(account.time_zone)
    return Call.objects.filter(
        account_id=account.pk,
        started_at__gte=datetime.combine(since, time.min, zone),
        started_at__lt=datetime.combine(until + _ONE_DAY, time.min, zone),
        ended_at__isnull=False,
        is_orphaned=False,
    )


def _name_numbers(calls: QuerySet[Call]) -> None:
    """Calls from before usage was counted get the number that they count for."""
    for call in (
        calls.filter(counts_for="").select_related("account", "phone_number").iterator(2000)
    ):
        number = call.phone_number
        call.counts_for = (number.e164 or number.number) if number else number_used(call)
        call.save(update_fields=["counts_for"])


def _have_others_wait() -> None:
    """Whoever is counting is seen below; whoever counts later adds to what is found here."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE calls_usageofday IN SHARE ROW EXCLUSIVE MODE")


def _sums(calls: QuerySet[Call]) -> Sums:
    """What the calls count as, by where; a receptionist's name is that of the newest."""
    sums: dict[Place, Counted] = {}
    for row in calls.order_by("pk").values_list(*_COLUMNS).iterator(chunk_size=5000):
        day, number, kind, agent_id, agent_name, *seconds = row
        place = Place(day, number, kind, agent_id or NO_AGENT)
        used = usage_of(Seconds(*seconds), is_assisted=agent_id is not None)
        so_far = sums[place].usage if place in sums else Usage()
        sums[place] = Counted(place, agent_name, so_far + used)
    return sums


def _put(account: Account, what: Iterable[Counted]) -> None:
    """In one order, so that two who count the same days wait for each other and no longer."""
    for each in sorted(what, key=lambda each: astuple(each.place)):
        add(account.pk, each)
