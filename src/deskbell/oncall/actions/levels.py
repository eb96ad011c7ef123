"""Escalation levels and what holds for all of them. Source: seed 000, "Escalation Levels"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max

from deskbell.contacts.models import Contact
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch

from ..errors import ChainLeadsBack
from ..models import EscalationLevel, OncallDefaults
from ..rules import leads_back

MOST_REPEATS = 99
LONGEST_WAIT = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class _Range:
    least: int
    most: int
    words: str


_RANGES = {
    "repeat": _Range(0, MOST_REPEATS, f"A level is repeated 0 to {MOST_REPEATS} times"),
    "repeat_seconds": _Range(1, LONGEST_WAIT, "Attempts are 1 second to 7 days apart"),
    "wait_seconds": _Range(0, LONGEST_WAIT, "A level waits 7 days at most before it is left"),
}
_EDITABLE = {*_RANGES, "name", "position", "next_level", "fallback", "hold_until_on_call"}


def add_level(
    *,
    account_id: int,
    name: str,
    at: datetime,
    repeat: int = 0,
    repeat_seconds: int = 300,
    wait_seconds: int = 300,
    next_level: EscalationLevel | None = None,
    fallback: Contact | None = None,
    hold_until_on_call: bool = False,
    position: int | None = None,
) -> EscalationLevel:
    """A new level, after the account's others where no `position` is given.

    `repeat` more attempts follow the first, `repeat_seconds` apart; the level is left
    `wait_seconds` after the last. Raises InvalidInput.
    """
    with transaction.atomic():
        if position is None:
            others = EscalationLevel.objects.filter(account_id=account_id)
            position = (others.aggregate(last=Max("position"))["last"] or 0) + 1
        level = EscalationLevel(
            account_id=account_id,
            name=name.strip(),
            repeat=repeat,
            repeat_seconds=repeat_seconds,
            wait_seconds=wait_seconds,
            next_level=next_level,
            fallback=fallback,
            hold_until_on_call=hold_until_on_call,
            position=position,
            created_at=at,
        )
        _check(level)
        level.save()
        touch(account_id)
    return level


def edit_level(*, level: EscalationLevel, **changes: Any) -> EscalationLevel:
    """Changes what `add_level` sets; messages on the level follow the new rules from their next
    step on. Raises InvalidInput, for a chain that leads back to itself too.
    """
    if unknown := changes.keys() - _EDITABLE:
        raise InvalidInput(f"A level has no {', '.join(sorted(unknown))}")
    with transaction.atomic():
        # All of them: two edits at once could otherwise close a circle that neither sees.
        nexts = {
            each.pk: each.next_level_id
            for each in EscalationLevel.objects.select_for_update()
            .filter(account_id=level.account_id)
            .order_by("pk")
        }
        for name, value in changes.items():
            setattr(level, name, value.strip() if isinstance(value, str) else value)
        _check(level)
        following = level.next_level if "next_level" in changes else None
        if following is not None and leads_back(level.pk, following.pk, nexts):
            raise ChainLeadsBack(level.name, following.name)
        level.save(update_fields=list(changes))
        touch(level.account_id)
    return level


def delete_level(*, level: EscalationLevel, at: datetime) -> None:
    """To come."""
    raise NotImplementedError


def order_levels(*, account_id: int, level_ids: Sequence[int]) -> None:
    """To come."""
    raise NotImplementedError


def set_defaults(
    *,
    account_id: int,
    fallback: Contact | None,
    start: time = time(0, 0),
    end: time = time(23, 59),
) -> OncallDefaults:
    """What holds for all levels: who is reached where nobody is on call, and the times that a new
    event is offered. Raises InvalidInput for another account's contact.
    """
    _check_owner(account_id, fallback, "fallback")
    with transaction.atomic():
        defaults, _ = OncallDefaults.objects.update_or_create(
            account_id=account_id, defaults={"fallback": fallback, "start": start, "end": end}
        )
        touch(account_id)
    return defaults


def _check(level: EscalationLevel) -> None:
    if not level.name or len(level.name) > 200:
        raise InvalidInput("A level needs a name of 1 to 200 characters", field="name")
    for name, allowed in _RANGES.items():
        if not allowed.least <= getattr(level, name) <= allowed.most:
            raise InvalidInput(allowed.words, field=name)
    _check_owner(level.account_id, level.next_level, "next_level")
    _check_owner(level.account_id, level.fallback, "fallback")


def _check_owner(account_id: int, row: EscalationLevel | Contact | None, field: str) -> None:
    if row is not None and row.account_id != account_id:
        raise InvalidInput(f"There is no such {field.replace('_', ' ')} here", field=field)
