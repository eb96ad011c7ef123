"""Who is on call now and who comes next, as the pages show it: level by level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from deskbell.contacts.models import Contact
from deskbell.delivery.registry import transports
from deskbell.oncall import queries
from deskbell.oncall.models import EscalationLevel, OncallDefaults
from deskbell.oncall.queries import Bar, Stretch, Who

LOOK_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Watch:
    """A contact's time on call without a gap, over however many shifts, and how it is reached.

    `ways` are words for people: "email", "external API". `ends` is None where it lasts for all of
    the time that was looked at.
    """

    contact_id: int
    name: str
    ways: Sequence[str]
    starts: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class LevelDuty:
    """A level with who is on call on it now, who else comes next, and the contact that is reached
    where nobody is on call: the level's own, else, unless it holds messages, the account's."""

    level: EscalationLevel
    now: Sequence[Watch]
    next: Sequence[Watch]
    fallback: Contact | None


def on_call_now(account_id: int, at: datetime) -> list[LevelDuty]:
    """The account's levels in their order, overrides applied, in the account's scope.

    A fixed number of queries, however many levels there are.
    """
    until = at + LOOK_AHEAD
    levels = queries.levels().filter(account_id=account_id)
    stretches: dict[int, list[Stretch]] = defaultdict(list)
    bars: dict[int, list[Bar]] = defaultdict(list)
    drawn, effective = queries.picture_with_duty(account_id, since=at, until=until)
    for stretch in effective:
        stretches[stretch.level_id].append(stretch)
    for bar in drawn:
        bars[bar.level_id].append(bar)
    defaults = OncallDefaults.objects.select_related("fallback").filter(account_id=account_id)
    general = next((each.fallback for each in defaults), None)
    return [
        _Ahead(stretches[level.pk], bars[level.pk], until, general).duty(level, at)
        for level in levels.select_related("next_level", "fallback")
    ]


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What is known of one level until `until`; `general` is the account's fallback."""

    stretches: Sequence[Stretch]
    bars: Sequence[Bar]
    until: datetime
    general: Contact | None

    def duty(self, level: EscalationLevel, at: datetime) -> LevelDuty:
        current = [who for each in self.stretches if each.start <= at for who in each.contacts]
        here = {who.id for who in current}
        later = [each for each in self.stretches if each.start > at]
        following = next((each for each in later if {w.id for w in each.contacts} - here), None)
        coming = [who for who in following.contacts if who.id not in here] if following else []
        starts = following.start if following else at
        fallback = level.fallback or (None if level.hold_until_on_call else self.general)
        return LevelDuty(level, self._watches(current, at), self._watches(coming, starts), fallback)

    def _watches(self, people: Iterable[Who], starts: datetime) -> list[Watch]:
        made = [
            Watch(who.id, who.name, self._ways(who, starts), starts, self._end(who, starts))
            for who in people
        ]
        return sorted(made, key=lambda watch: watch.name)

    def _end(self, who: Who, starts: datetime) -> datetime | None:
        """Stretches that touch and have the contact are one watch."""
        end = starts
        for each in self.stretches:
            if each.start <= end < each.end and who in each.contacts:
                end = each.end
        return None if end >= self.until else end

    def _ways(self, who: Who, at: datetime) -> list[str]:
        found = {
            way_of(way.kind)
            for bar in self.bars
            if bar.start <= at < bar.end
            for way in bar.methods
            if way.contact_id == who.id
        }
        return sorted(found)


def way_of(kind: str) -> str:
    """A kind of delivery method in the words that people know it by, inside a sentence."""
    known = transports().get(kind)
    return known.label[0].lower() + known.label[1:] if known else kind
