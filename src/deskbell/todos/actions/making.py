"""To Dos made and edited."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from deskbell.accounts.models import Account
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.beat import wake

from ..caps import check_ahead
from ..models import Schedule, ToDo
from ..rules import Rule, When, first_day_of, icecube, next_after
from .checking import Fields, Given, check
from .locking import locked


def add_to_do(
    *,
    account_id: int,
    fields: Fields,
    when: Given,
    at: datetime,
    by: str = "",
    account_number: str | None = None,
) -> ToDo:
    """Makes a To Do, which runs from `at` on; `when` may also be a schedule as the API gives it.

    Writes it and its schedule, and wakes the workers. Raises as `check`, InvalidInput for a
    schedule by which it would never run, and Conflict where the account has too many.
    """
    account = Account.objects.get(pk=account_id)
    checked = check(account, fields, when, account_number=account_number)
    check_ahead(account_id)
    with transaction.atomic():
        schedule = _scheduled(Schedule(account=account, created_at=at), checked.when, at)
        to_do = ToDo.objects.create(
            account=account,
            **checked.columns,
            created_by=by[:254],
            created_at=at,
            updated_at=at,
        )
        schedule.to_do = to_do
        schedule.save(force_insert=True)
        wake()
    return to_do


def edit_to_do(*, to_do: ToDo, fields: Fields, when: Given, at: datetime) -> ToDo:
    """Changes all of a To Do; a run that is under way goes on as it set out.

    The schedule counts anew from `at` on where it is another, and only then; one that is paused
    stays so. Raises as `add_to_do`, and NotFound where it is gone meanwhile.
    """
    with transaction.atomic():
        now = locked(to_do)
        schedule = now.schedule
        checked = check(now.account, fields, when)
        for name, value in checked.columns.items():
            setattr(now, name, value)
        now.updated_at = at
        now.save(update_fields=[*checked.columns, "updated_at"])
        if not _is_same(schedule, checked.when):
            was_ahead = schedule.next_occurrence is not None
            _scheduled(schedule, checked.when, at)
            if now.is_paused:
                schedule.next_occurrence = None
            elif not was_ahead:
                check_ahead(now.account_id)
            schedule.save()
            wake()
    return now


def _is_same(schedule: Schedule, when: When) -> bool:
    """Whether a schedule means what was kept; one that runs once is always meant anew."""
    is_again = when.rule == Rule.RECURRING
    kept = icecube(when, schedule.first_day) == schedule.rule
    return is_again and kept and list(when.times) == list(schedule.times)


def _scheduled(schedule: Schedule, when: When, at: datetime) -> Schedule:
    """The schedule with its rule and its next occurrence. Raises InvalidInput where it has none."""
    zone = ZoneInfo(schedule.account.time_zone)
    schedule.first_day = first_day_of(when, zone, at)
    schedule.rule = icecube(when, schedule.first_day)
    schedule.times = list(when.times)
    schedule.updated_at = at
    if when.rule == Rule.IMMEDIATELY:
        schedule.next_occurrence = at
        return schedule
    schedule.next_occurrence = next_after(
        schedule.rule, schedule.times, schedule.first_day, zone, at
    )
    if schedule.next_occurrence is None:
        if when.rule == Rule.TODAY:
            raise InvalidInput("All these times of today are over", field="times")
        raise InvalidInput("No month it comes to has such a day: it would never run", field="days")
    return schedule
