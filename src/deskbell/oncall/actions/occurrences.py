"""The rows that say when each event happens.

They are what the rules say, between `Event.expanded_from` and `expanded_until`, and are written in
the same transaction as the event. They are kept far enough ahead that who is on call is a lookup; a
job that runs every day extends them. Source: design, on call, "Time".
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from deskbell.platform.tenancy import system_scope

from ..models import Event, Occurrence
from ..queries import shift_of, zone_of
from ..rules import is_over, occurrences

HORIZON = timedelta(days=400)
_MARGIN = timedelta(days=60)
_PAST = timedelta(days=400)
_DAYS = timedelta(days=2)  # more than any offset from UTC


def rewrite(event: Event, at: datetime) -> None:
    """Has the rows of an event be what its rule says: from 400 days ago to beyond the horizon.

    An event that happens once has its one row, however far away it is. Writes the event's
    `expanded_from` and `expanded_until`; the event's row must be locked, or new.
    """
    Occurrence.objects.filter(event=event).delete()
    shift = shift_of(event)
    if shift.frequency == "once":
        event.expanded_from = None
        _expand(event, since=event.starts - _DAYS, before=event.starts + _DAYS)
        return
    kept_from = at - _PAST
    is_older = event.starts - _DAYS < kept_from
    event.expanded_from = kept_from if is_older else None
    since = kept_from - (shift.ends - shift.starts) - _DAYS if is_older else event.starts - _DAYS
    _expand(event, since=since, before=at + HORIZON + _MARGIN)


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
        _expand(event, since=event.expanded_until, before=at + HORIZON + _MARGIN)
    return True


def _expand(event: Event, *, since: datetime, before: datetime) -> None:
    """Writes the occurrences that start from `since` and before `before`.

    `expanded_until` becomes the instant up to which they are all there, None where no more can
    come.
    """
    shift = shift_of(event)
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
    over = shift.frequency == "once" or is_over(shift, (before - _DAYS).date())
    event.expanded_until = None if over else before
    event.save(update_fields=["expanded_from", "expanded_until"])
