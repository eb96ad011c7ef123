"""What a calendar looks like between two instants: its shifts, and what overrides make of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ..models import OverrideKind
from ..rules import Held, Piece, Span, in_words, pieces
from .scenes import Cover, Instance, Scene, scene
from .shapes import Bar, Replaced, Who
from .shifts import shift_of, wall


def picture(
    account_id: int, *, since: datetime, until: datetime, level_ids: Collection[int] | None = None
) -> list[Bar]:
    """Every shift and every override that touches the time from `since` up to `until`, on all
    levels of an account or on some: by level in its order, by start.

    A shift is shown whole, and says who of it is taken out when. An override that adds is shown
    whole; one that replaces or removes where it has an effect, and, where it has none on its own
    level, whole and idle. One for all levels is shown on each level where it has an effect.
    Six queries at most.
    """
    shown = scene(account_id, since=since, until=until, level_ids=level_ids)
    return bars_of(shown, since, until)


def bars_of(shown: Scene, since: datetime, until: datetime) -> list[Bar]:
    """The bars of a scene that was read."""
    bars: list[Bar] = []
    for level in shown.levels:
        bars.extend(sorted(_bars(shown, level.pk, since, until), key=_order))
    return bars


def _order(bar: Bar) -> tuple[datetime, datetime, bool, int]:
    return bar.start, bar.end, bar.override_id is not None, bar.override_id or bar.event_id or 0


@dataclass(slots=True)
class _Effects:
    """Where the shifts and the overrides of a level, by their places, touch each other."""

    replaced: dict[tuple[int, int], list[Span]] = field(default_factory=lambda: defaultdict(list))
    works: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))

    def take(self, piece: Piece, shifts: Sequence[Held]) -> None:
        """Adds what one piece shows; pieces come in order."""
        on_call = {each.contact_id for each in piece.effective}
        for place in piece.shifts:
            for contact_id in {each.contact_id for each in shifts[place].duties} - on_call:
                _append(self.replaced[place, contact_id], piece)
        for place in piece.works:
            _append(self.works[place], piece)


def _append(spans: list[Span], piece: Piece) -> None:
    start = spans.pop().start if spans and spans[-1].end == piece.start else piece.start
    spans.append(Span(start, piece.end))


def _bars(shown: Scene, level_id: int, since: datetime, until: datetime) -> Iterator[Bar]:
    instances = shown.instances.get(level_id, ())
    covers = shown.covers.get(level_id, ())
    shifts = [each.held for each in instances]
    overrides = [each.held for each in covers]
    # All of what is shown, so that a shift that the picture's edge cuts is known whole.
    spans = [each.span for each in (*shifts, *overrides)]
    since = min([since, *(span.start for span in spans)])
    until = max([until, *(span.end for span in spans)])
    effects = _Effects()
    if covers:
        for piece in pieces(shifts, overrides, since, until):
            effects.take(piece, shifts)
    words: dict[int, str] = {}
    for place, instance in enumerate(instances):
        event_id = instance.event.pk
        if event_id not in words:
            words[event_id] = in_words(shift_of(instance.event))
        yield _shift_bar(level_id, instance, words[event_id], _replaced(effects, place, instance))
    for place, cover in enumerate(covers):
        yield from _override_bars(level_id, cover, effects.works.get(place, ()))


def _replaced(effects: _Effects, place: int, instance: Instance) -> Iterator[Replaced]:
    for contact in instance.team.contacts:
        for span in effects.replaced.get((place, contact.id), ()):
            yield Replaced(span.start, span.end, contact.id)


def _shift_bar(level_id: int, instance: Instance, words: str, replaced: Iterable[Replaced]) -> Bar:
    event = instance.event
    recurs = event.frequency != "once"
    return Bar(
        level_id=level_id,
        kind="shift",
        start=instance.span.start,
        end=instance.span.end,
        wall_start=instance.wall_start,
        wall_end=instance.wall_end,
        day=instance.day,
        contacts=instance.team.contacts,
        methods=instance.team.methods,
        event_id=event.pk,
        series_id=event.pk if recurs else event.part_of_id,
        uid=str(event.uid),
        words=words,
        note=event.note,
        is_recurring=recurs or event.part_of_id is not None,
        is_changed=event.part_of_id is not None,
        replaced=tuple(replaced),
    )


def _override_bars(level_id: int, cover: Cover, works: Sequence[Span]) -> Iterator[Bar]:
    override = cover.override
    is_idle = not works
    if is_idle and override.level_id is None:
        return
    spans = [cover.span] if is_idle or override.kind == OverrideKind.ADD else works
    starts = wall(override.starts)
    for span in spans:
        yield Bar(
            level_id=level_id,
            kind="override",
            start=span.start,
            end=span.end,
            wall_start=starts,
            wall_end=wall(override.ends),
            day=starts.date(),
            contacts=cover.team.contacts,
            methods=cover.team.methods,
            uid=str(override.uid),
            note=override.note,
            override_id=override.pk,
            override_kind=str(override.kind),
            takes_out=Who(override.contact.pk, override.contact.name) if override.contact else None,
            is_idle=is_idle,
        )
