"""Who is rung for whom: pure, and quick for a thousand callers and a hundred receptionists.

Everybody who waits has one telephone ringing where there are enough of them, the oldest first; what
is left over is shared out, up to `MOST_RUNG` for one caller and as long as fewer than
`MOST_RINGING` ring in all. Whose ring is the only one of a caller is never taken away, unless
another takes its place. It is a matching of callers and receptionists that grows by augmenting
paths (Berge), so that none waits whom a better arrangement would serve.
Source: design, voice, "The desk on these verbs".
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

# Nobody answers sooner because more telephones ring; each is a call to place and one to withdraw.
MOST_RUNG: Final = 10
MOST_RINGING: Final = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller; who has the lower rank comes first. `needs_number`: only telephones can be rung."""

    id: int
    rank_at: datetime
    skill_id: int | None = None
    preferred_id: int | None = None
    needs_number: bool = False


@dataclass(frozen=True, slots=True)
class Free:
    """A receptionist who is available, or whose phone rings for one of the callers."""

    id: int
    skills: frozenset[int]
    since: datetime
    has_number: bool = True


@dataclass(frozen=True, slots=True)
class Assignment:
    """Rings to begin and to end, each a caller's and a receptionist's id."""

    start: tuple[tuple[int, int], ...] = ()
    stop: tuple[tuple[int, int], ...] = ()


def assign(
    callers: Sequence[Waiting],
    receptionists: Sequence[Free],
    ringing: Sequence[tuple[int, int]] = (),
    resting: Collection[tuple[int, int]] = (),
    *,
    most: int = MOST_RUNG,
    most_in_all: int = MOST_RINGING,
) -> Assignment:
    """Who is rung for whom from now on.

    `ringing` are pairs of a caller's and a receptionist's id; `resting` those that are not to be
    rung for each other just now. Who waits alone is rung for at every telephone that fits, up to
    `most`, of those who were free the longest; where one of these does not answer, the next one
    follows. Where `most_in_all` telephones ring, or more, others ring only for who has none. A
    caller who came back is rung for at the preferred one alone, while that one is free. Applied and
    asked again, it changes nothing.
    """
    board = _Board(callers, receptionists, ringing, resting)
    for caller in board.callers:
        if not board.is_free():
            break
        if caller.id not in board.kept:
            board.serve(caller)
    board.share(most, most_in_all)
    return board.outcome()


_Kind = tuple[int | None, bool]


class _Board:
    """The matching as it grows. `kept` is the receptionist that a caller has for sure."""

    def __init__(
        self,
        callers: Sequence[Waiting],
        receptionists: Sequence[Free],
        ringing: Sequence[tuple[int, int]],
        resting: Collection[tuple[int, int]],
    ) -> None:
        self.callers = sorted(callers, key=lambda each: (each.rank_at, each.id))
        self._caller = {each.id: each for each in callers}
        self._free = sorted(receptionists, key=lambda each: (each.since, each.id))
        known = {each.id for each in receptionists}
        self._resting = frozenset(resting)
        self._rested = frozenset(call for call, _ in resting)
        self._rings = {r: c for c, r in ringing if c in self._caller and r in known}
        self._count = Counter(self._rings.values())
        self.kept: dict[int, int] = {}
        self._has: dict[int, int] = {}  # the other way round
        self._extra: dict[int, int] = {}  # shared out: receptionist to caller
        self._dead: set[int] = set()  # no path leads on from these receptionists
        self._hopeless: set[_Kind] = set()
        self._fitting: dict[_Kind, list[Free]] = {}
        for each in self._free:
            caller = self._rings.get(each.id)
            preferred = caller is not None and self._caller[caller].preferred_id == each.id
            if caller is not None and (preferred or caller not in self.kept):
                self._keep(caller, each.id)

    def is_free(self) -> bool:
        """Whether anybody is left who is nobody's for sure."""
        return len(self._has) < len(self._free)

    def serve(self, caller: Waiting) -> None:
        """Finds somebody for a caller who has nobody, where that takes nobody else's only one."""
        kind = _kind(caller)
        if kind in self._hopeless:
            return
        found = self._at_hand(caller)
        if found is not None:
            self._keep(caller.id, found)
        elif not self._rearranged(caller) and caller.id not in self._rested:
            self._hopeless.add(kind)

    def share(self, most: int, most_in_all: int) -> None:
        """Has those who are left over ring as well, for whoever has the fewest."""
        left = most_in_all - len(self._has.keys() | self._rings.keys())
        rings = Counter(dict.fromkeys(self.kept, 1))
        for receptionist, caller in self._rings.items():
            if receptionist not in self._has:
                rings[caller] += 1
        served = [e for e in self.callers if self._takes_more(e) and rings[e.id] < most]
        for each in self._free:
            if left <= 0:
                return
            if each.id in self._has or each.id in self._rings:
                continue
            fits = [caller for caller in served if self._fits(caller, each)]
            if fits:
                chosen = min(fits, key=lambda caller: rings[caller.id])  # the first of equals
                self._extra[each.id] = chosen.id
                rings[chosen.id] += 1
                left -= 1
                if rings[chosen.id] >= most:
                    served.remove(chosen)

    def outcome(self) -> Assignment:
        """What is to begin and to end."""
        then = self._rings | self._extra | self._has
        start = [(c, r) for r, c in then.items() if self._rings.get(r) != c]
        stop = [(c, r) for r, c in self._rings.items() if then[r] != c]
        return Assignment(tuple(sorted(start)), tuple(sorted(stop)))

    def _takes_more(self, caller: Waiting) -> bool:
        """Whether others may ring for a caller beside the one that is sure."""
        sure = self.kept.get(caller.id)
        return sure is not None and sure != caller.preferred_id

    def _keep(self, caller_id: int, receptionist_id: int) -> None:
        before = self.kept.get(caller_id)
        if before is not None and self._has.get(before) == caller_id:
            del self._has[before]
        self.kept[caller_id] = receptionist_id
        self._has[receptionist_id] = caller_id

    def _fits(self, caller: Waiting, each: Free) -> bool:
        return _fits_kind(_kind(caller), each) and (caller.id, each.id) not in self._resting

    def _fitting_for(self, caller: Waiting) -> Iterator[Free]:
        kind = _kind(caller)
        if kind not in self._fitting:
            self._fitting[kind] = [each for each in self._free if _fits_kind(kind, each)]
        for each in self._fitting[kind]:
            if (caller.id, each.id) not in self._resting:
                yield each

    def _at_hand(self, caller: Waiting) -> int | None:
        """Somebody who is nobody's for sure: the preferred one; who is idle, the longest first; a
        ring of the caller who has most."""
        best: tuple[int, int] | None = None
        for each in self._fitting_for(caller):
            if each.id in self._has:
                continue
            if each.id == caller.preferred_id:
                return each.id
            ring = self._rings.get(each.id)
            price = self._count[ring] if ring is not None else len(self._free) + 1
            if best is None or price > best[0]:
                best = (price, each.id)
        return best[1] if best else None

    def _rearranged(self, caller: Waiting) -> bool:
        """Whether somebody could be found by others changing theirs: the shortest such path."""
        came: dict[int, int] = {}  # receptionist to the caller who would have them
        asking = deque([caller.id])
        while asking:
            asks = asking.popleft()
            for each in self._fitting_for(self._caller[asks]):
                if each.id in came or each.id in self._dead:
                    continue
                came[each.id] = asks
                owner = self._has.get(each.id)
                if owner is None:
                    self._hand_on(caller.id, each.id, came)
                    return True
                asking.append(owner)
        self._dead.update(came)
        return False

    def _hand_on(self, first: int, last: int, came: dict[int, int]) -> None:
        """Gives everybody on the path the receptionist that was found for them."""
        receptionist = last
        while True:
            caller = came[receptionist]
            before = self.kept.get(caller)
            self.kept[caller] = receptionist
            self._has[receptionist] = caller
            if caller == first or before is None:
                return
            receptionist = before


def _kind(caller: Waiting) -> _Kind:
    return caller.skill_id, caller.needs_number


def _fits_kind(kind: _Kind, each: Free) -> bool:
    skill, needs_number = kind
    return (skill is None or skill in each.skills) and (each.has_number or not needs_number)
