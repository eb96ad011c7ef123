"""Who is effectively on call, piece by piece, and where nobody or more than one is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from ..models import EscalationLevel
from ..rules import Held, Span, pieces
from .pictures import bars_of
from .scenes import Scene, scene
from .shapes import Bar, Stretch, Who

LOOK_AHEAD = timedelta(days=90)


def duty(of: int | EscalationLevel, *, since: datetime, until: datetime) -> list[Stretch]:
    """Who is effectively on call from `since` to `until`, on a level or on all of an account's.

    The stretches of a level follow one another without a hole; where nobody is on call, a stretch
    has no contacts. Levels come in their order. Six queries at most.
    """
    if isinstance(of, EscalationLevel):
        shown = scene(of.account_id, since=since, until=until, level_ids=[of.pk])
    else:
        shown = scene(of, since=since, until=until)
    return stretches_of(shown, since, until)


def picture_with_duty(
    account_id: int, *, since: datetime, until: datetime, level_ids: Collection[int] | None = None
) -> tuple[list[Bar], list[Stretch]]:
    """What `picture` and `duty` give, from one reading of six queries at most."""
    shown = scene(account_id, since=since, until=until, level_ids=level_ids)
    return bars_of(shown, since, until), stretches_of(shown, since, until)


def stretches_of(shown: Scene, since: datetime, until: datetime) -> list[Stretch]:
    """The stretches of a scene that was read."""
    names = shown.names()
    return [
        stretch
        for level in shown.levels
        for stretch in _stretches(shown, level.pk, names, since, until)
    ]


def gaps(level: EscalationLevel, *, since: datetime, until: datetime | None = None) -> list[Span]:
    """When nobody is on call on a level, in the next 90 days where no end is given."""
    return gaps_in(duty(level, since=since, until=until or since + LOOK_AHEAD))


def doubles(
    level: EscalationLevel, *, since: datetime, until: datetime | None = None
) -> list[Stretch]:
    """When two or more contacts are on call on a level at once, in the next 90 days where no end
    is given."""
    return doubles_in(duty(level, since=since, until=until or since + LOOK_AHEAD))


def gaps_in(stretches: list[Stretch]) -> list[Span]:
    """Where nobody is on call in what `duty` gave for a level."""
    return [Span(each.start, each.end) for each in stretches if not each.contacts]


def doubles_in(stretches: list[Stretch]) -> list[Stretch]:
    """Where two or more contacts are on call in what `duty` gave."""
    return [each for each in stretches if len(each.contacts) > 1]


def _stretches(
    shown: Scene, level_id: int, names: Mapping[int, Who], since: datetime, until: datetime
) -> Iterator[Stretch]:
    shifts: list[Held] = [each.held for each in shown.instances.get(level_id, ())]
    overrides: list[Held] = [each.held for each in shown.covers.get(level_id, ())]
    last: Stretch | None = None
    for piece in pieces(shifts, overrides, since, until):
        on = {names[each.contact_id] for each in piece.effective}
        contacts = tuple(sorted(on, key=lambda who: (who.name, who.id)))
        if last is not None and last.contacts == contacts:
            last = Stretch(level_id, last.start, piece.end, contacts)
            continue
        if last is not None:
            yield last
        last = Stretch(level_id, piece.start, piece.end, contacts)
    if last is not None:
        yield last
