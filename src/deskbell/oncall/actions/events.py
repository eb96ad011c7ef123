"""Events, and the rows that say when each happens.

Occurrences are kept far enough ahead that who is on call is a lookup; a job that runs every day
extends them. Source: design, on call, "Time"; seed 000, "Calendar Events".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch
from deskbell.platform.tenancy import system_scope

from ..models import EscalationLevel, Event, Occurrence
from ..queries import shift_of, zone_of
from ..rules import Shift, checked, is_over, occurrences

HORIZON = timedelta(days=400)
_MARGIN = timedelta(days=60)
_PAST = timedelta(days=400)
_DAYS = timedelta(days=2)  # more than any offset from UTC


def add_event(
    *,
    level: EscalationLevel,
    methods: Sequence[DeliveryMethod],
    starts: datetime,
    ends: datetime,
    at: datetime,
    frequency: str = "once",
    interval: int = 1,
    weekdays: Sequence[int] = (),
    until: date | None = None,
    count: int | None = None,
) -> Event:
    """Puts delivery methods on call on a level, once or again and again.

    `starts` and `ends` are wall-clock times of the account's zone, without an offset; see
    `rules.Shift` for the rest. Writes the occurrences of the next 400 days at least.
    Raises InvalidInput for an event without methods and for what `rules.checked` refuses.
    """
    if starts.tzinfo or ends.tzinfo:
        raise InvalidInput("Events are set in wall-clock time, without an offset", field="starts")
    if not methods:
        raise InvalidInput("An event needs at least one delivery method", field="methods")
    if any(method.account_id != level.account_id for method in methods):
        raise InvalidInput("There is no such delivery method here", field="methods")
    days = frozenset(weekdays)
    shift = checked(Shift(starts, ends, frequency, interval, days, until, count))
    with transaction.atomic():
        event = Event(
            account_id=level.account_id,
            level=level,
            starts=shift.starts.replace(tzinfo=UTC),
            ends=shift.ends.replace(tzinfo=UTC),
            frequency=shift.frequency,
            interval=shift.interval,
            weekdays=sorted(shift.weekdays),
            until=shift.until,
            count=shift.count,
            created_at=at,
        )
        event.save()
        event.methods.set(methods)
        _expand(event, since=at - _PAST, at=at)
        touch(level.account_id)
    return event


def remove_event(*, event: Event) -> None:
    """Takes an event with all its instances off its level."""
    with transaction.atomic():
        Event.objects.filter(pk=event.pk).delete()
        touch(event.account_id)


def extend_occurrences(at: datetime) -> int:
    """Writes the coming occurrences of every event that has rows for less than 400 days ahead.

    Works across accounts, an event a transaction. Gives how many events it extended.
    """
    extended = 0
    with system_scope("calendars of all accounts are kept filled"):
        short = Event.objects.filter(expanded_until__lt=at + HORIZON).order_by("pk")
        for event_id in short.values_list("pk", flat=True):
            extended += _extend(event_id, at)
    return extended


def _extend(event_id: int, at: datetime) -> bool:
    with transaction.atomic():
        event = (
            Event.objects.select_for_update(of=("self",), no_key=True)
            .select_related("account")
            .filter(pk=event_id, expanded_until__lt=at + HORIZON)
            .first()
        )
        if event is None or event.expanded_until is None:
            return False
        _expand(event, since=event.expanded_until, at=at)
    return True


def _expand(event: Event, *, since: datetime, at: datetime) -> None:
    """Writes the occurrences that start from `since` to beyond the horizon.

    `expanded_until` becomes the instant up to which they are all there, None where no more can
    come. An event that happens once gets its one row, however far away it is.
    """
    shift = shift_of(event)
    before = at + HORIZON + _MARGIN
    if shift.frequency == "once":
        since, before = event.starts - _DAYS, event.starts + _DAYS
    rows = [
        Occurrence(
            account_id=event.account_id,
            event=event,
            level_id=event.level_id,
            span=DateTimeTZRange(span.start, span.end),
        )
        for span in occurrences(shift, zone_of(event.account), since, before)
    ]
    Occurrence.objects.bulk_create(rows, batch_size=1000)
    # A day in the account's zone may lie on either side of the same day in UTC.
    over = is_over(shift, (before - _DAYS).date())
    event.expanded_until = None if over or shift.frequency == "once" else before
    event.save(update_fields=["expanded_until"])
