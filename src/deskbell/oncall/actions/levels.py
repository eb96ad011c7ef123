"""Escalation levels and what holds for all of them. Source: seed 000, "Escalation Levels"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max

from deskbell.accounts.locks import lock_account
from deskbell.contacts.models import Contact
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.platform.changes import touch
from deskbell.scripts.actions import forget_level

from ..errors import ChainLeadsBack
from ..models import EscalationLevel, OncallDefaults
from .kept import kept_contact
from .passing import leave_deleted
from .series import stand_alone

MOST_REPEATS = 99
MOST_LOOPS = 10
LONGEST_WAIT = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class _Range:
    least: int
    most: int
    words: str


_RANGES = {
    "repeat": _Range(0, MOST_REPEATS, f"A level is repeated 0 to {MOST_REPEATS} times"),
    "repeat_seconds": _Range(1, LONGEST_WAIT, "Attempts are 1 second to 7 days apart"),
    "loops": _Range(
        0, MOST_LOOPS, f"A chain leads back 1 to {MOST_LOOPS} times, or not at all (0)"
    ),
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
        kept_contact(account_id, fallback, "fallback")
        _check(level)
        level.save()
        touch(account_id)
    return level


def edit_level(*, level: EscalationLevel, **changes: Any) -> EscalationLevel:
    """Changes what `add_level` sets, and `loops`; messages on the level follow the new rules from
    their next step on.

    A chain may lead back to a level only where one of those in the circle says how often a message
    may go on from it all the same: `loops`, 1 to 10. Raises InvalidInput.
    """
    if unknown := changes.keys() - _EDITABLE:
        raise InvalidInput(f"A level has no {', '.join(sorted(unknown))}")
    with transaction.atomic():
        kept_contact(level.account_id, changes.get("fallback"), "fallback")
        # All of them: two edits at once could otherwise close a circle that neither sees.
        others = _lock_all(level.account_id)
        if level.pk not in others:
            raise NotFound("There is no such escalation level any more")
        for name, value in changes.items():
            setattr(level, name, value.strip() if isinstance(value, str) else value)
            setattr(others[level.pk], name, getattr(level, name))
        _check(level)
        _check_circle(level.pk, others)
        level.save(update_fields=list(changes))
        touch(level.account_id)
    return level


def delete_level(*, level: EscalationLevel, at: datetime) -> None:
    """Deletes a level with its events, overrides and self-tests; see `queries.what_breaks`.

    Chains that went on to it end before it. Single instances of its events that were moved to other
    levels stay there. Relay triggers of scripts to it are removed, from what receptionists read as
    well. Open messages on it go on at once to the level that follows, or are exhausted and the
    operator is told. Past deliveries stay as proof. Raises NotFound where it is gone.
    """
    with transaction.atomic():
        lock_account(level.account_id)
        kept = _lock_all(level.account_id, for_deletion=True).get(level.pk)
        if kept is None:
            raise NotFound("There is no such escalation level any more")
        leave_deleted(level=kept, at=at)
        stand_alone(kept)
        forget_level(account_id=kept.account_id, level_id=kept.pk, at=at)
        kept.delete()
        touch(level.account_id)


def order_levels(*, account_id: int, level_ids: Sequence[int]) -> None:
    """Puts an account's levels in an order: the first is where messages start.

    Raises InvalidInput where the ids are not those of all its levels, each once.
    """
    with transaction.atomic():
        found = _lock_all(account_id)
        if sorted(level_ids) != sorted(found):
            raise InvalidInput(
                "The order names every escalation level once; levels were added or deleted"
                " meanwhile, so look again",
                field="level_ids",
            )
        for position, level_id in enumerate(level_ids):
            found[level_id].position = position
        EscalationLevel.objects.bulk_update(found.values(), ["position"])
        touch(account_id)


def circle(level_id: int, nexts: Mapping[int, int | None]) -> list[int]:
    """The levels that a chain goes through until it comes back to `level_id`, that one first; none
    where it does not. `nexts` holds the next level of every level of the account.
    """
    found = [level_id]
    following = nexts.get(level_id)
    while following is not None and following not in found:
        found.append(following)
        following = nexts.get(following)
    return found if following == level_id else []


def _lock_all(account_id: int, *, for_deletion: bool = False) -> dict[int, EscalationLevel]:
    rows = EscalationLevel.objects.select_for_update(no_key=not for_deletion)
    return {each.pk: each for each in rows.filter(account_id=account_id).order_by("pk")}


def _check_circle(level_id: int, levels: Mapping[int, EscalationLevel]) -> None:
    round_trip = circle(level_id, {each.pk: each.next_level_id for each in levels.values()})
    if round_trip and not any(levels[each].loops for each in round_trip):
        following = levels[round_trip[1] if len(round_trip) > 1 else level_id]
        raise ChainLeadsBack(levels[level_id].name, following.name)


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
    with transaction.atomic():
        kept_contact(account_id, fallback, "fallback")
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
