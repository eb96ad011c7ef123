"""Scheduled exports, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from deskbell.foundation.errors import NotFound

from ..models import Export, ScheduledExport
from ..rules.schedules import Rhythm


def schedules(kinds: Iterable[str]) -> QuerySet[ScheduledExport]:
    """Schedules of some kinds by name, each with its last export as `last_exports`; two queries."""
    newest = Export.objects.exclude(schedule=None).order_by("schedule_id", "-due_at")
    last = Prefetch("exports", newest.distinct("schedule_id"), to_attr="last_exports")
    found = ScheduledExport.objects.filter(kind__in=list(kinds)).order_by("name")
    return found.select_related("created_by").prefetch_related(last)


def one_schedule(schedule_id: int) -> ScheduledExport:
    """One schedule. Raises NotFound for one that is none, or another account's."""
    found = ScheduledExport.objects.select_related("account").filter(pk=schedule_id).first()
    if found is None:
        raise NotFound("No such scheduled export")
    return found


def rhythm_of(schedule: ScheduledExport) -> Rhythm:
    """How often it runs, and at what time."""
    return Rhythm(schedule.frequency, schedule.time, schedule.weekday, schedule.month_day)
