"""Edits of events: one instance, all of them, or one and those that follow.

Every edit locks the levels and the event, reads them again, and writes the rows of occurrences in
the same transaction: of two at once, one comes first, and the other works on what that one left.
Source: seed 000, "Edit Existing Events", "Delete Existing Events"; design, on call, "Calendars".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch

from ..models import Event
from .kept import chosen_methods, levels_of_series, lock_levels, lock_series
from .series import RULE_FIELDS, Series


class Scope(StrEnum):
    """How far an edit of an event reaches."""

    THIS = "this"
    ALL = "all"
    FOLLOWING = "following"


_OF_INSTANCE = frozenset({"starts", "ends", "methods", "level", "note"})


def edit_event(
    *,
    event: Event,
    scope: Scope,
    day: date | None,
    at: datetime,
    keep_changed: bool = True,
    **changes: Any,
) -> Event:
    """Changes `starts`, `ends`, `methods`, `level`, `note` and the rule's fields of an event.

    `day` is the day on which the instance starts, as `queries.Bar` gives it; a changed instance and
    an event that happens once are known by themselves. With a `day`, `starts` and `ends` are those
    of that instance, and with ALL or FOLLOWING every instance moves by the same wall-clock
    difference, its weekdays and days of the month too (see `rules.moved`), unless the changes
    give those; with ALL and no `day` they are those of the series, which then begins there.

    THIS makes a changed instance, or changes it again. ALL changes the series; instances that were
    changed by hand stay as they are, or, without `keep_changed`, are given up for the rule.
    FOLLOWING ends the series before `day`, and a new one goes on from there with the rest of its
    `count`, its skipped days and its changed instances. Where ALL or FOLLOWING is asked of a
    changed instance, it is changed like the others. A changed instance that lies on the level of
    its series goes with it to another level.

    Gives the event that now stands for what was edited. Raises InvalidInput in words, for an
    instance that is not there too, and NotFound where the event is gone.
    """
    _check_names(changes)
    with _writing(event, changes) as (series, kept):
        if series.is_alone:
            made = series.change_all(None, kept, at)
        elif scope == Scope.THIS:
            _check_of_instance(changes)
            made = series.change_one(day, kept, at)
        elif scope == Scope.FOLLOWING:
            made = series.change_following(day, kept, at, keep_changed=keep_changed)
        else:
            made = series.change_all(day, kept, at, keep_changed=keep_changed)
    return made


def move_event(
    *, event: Event, scope: Scope, day: date | None, starts: datetime, ends: datetime, at: datetime
) -> Event:
    """Moves an instance, known by `day` as in `edit_event`, to other wall-clock times; with ALL or
    FOLLOWING every other by the same difference.

    Where it is asked of a changed instance, the difference counts from where that one was. Gives
    the event that now stands for it. Raises InvalidInput where no rule says what comes out.
    """
    with _writing(event, {}) as (series, _nothing):
        moving = {"starts": starts, "ends": ends}
        if series.is_alone:
            made = series.change_all(None, moving, at)
        elif scope == Scope.THIS:
            made = series.change_one(day, moving, at)
        else:
            shown = series.shown(day)
            step = series.change_following if scope == Scope.FOLLOWING else series.change_all
            made = step(day, moving, at, counted_from=shown)
    return made


def delete_event(*, event: Event, scope: Scope, day: date | None, at: datetime) -> None:
    """Takes an event off its level: an instance, known by `day` as in `edit_event`, all of them, or
    one and those that follow, changed ones included.

    A changed instance that is deleted alone leaves its day empty. An event of which nothing is left
    goes. Raises InvalidInput for an instance that is not there, NotFound where the event is gone.
    """
    with _writing(event, {}) as (series, _nothing):
        if series.is_alone or scope == Scope.ALL:
            series.delete_all()
        elif scope == Scope.THIS:
            series.delete_one(day)
        else:
            series.delete_following(day, at)


@contextmanager
def _writing(event: Event, changes: dict[str, Any]) -> Iterator[tuple[Series, dict[str, Any]]]:
    """The series of an event, all of it locked, and the changes with their rows as they are now."""
    kept = dict(changes)
    with transaction.atomic():
        if "methods" in changes:
            kept["methods"] = chosen_methods(event.account_id, changes["methods"])
        asked = [changes["level"].pk] if "level" in changes else []
        levels = lock_levels(event.account_id, [*levels_of_series(event), *asked])
        if asked:
            kept["level"] = levels[asked[0]]
        yield Series(*lock_series(event)), kept
        touch(event.account_id)


def _check_names(changes: dict[str, Any]) -> None:
    if unknown := changes.keys() - RULE_FIELDS - _OF_INSTANCE:
        raise InvalidInput(f"An event has no {', '.join(sorted(unknown))}")


def _check_of_instance(changes: dict[str, Any]) -> None:
    if of_rule := sorted(changes.keys() & RULE_FIELDS):
        raise InvalidInput(
            "A single instance has no schedule of its own; change all instances for that",
            field=of_rule[0],
        )
