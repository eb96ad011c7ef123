"""Each part of the deployment, whether it is well, and what to do where it is not.

What can be asked here is asked: the database, the queue, the workers' connections, the gateways and
what they say of trunks, and the disk under our own files. Counts of the deployment alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.db import DatabaseError
from django.template.defaultfilters import filesizeformat

from deskbell.foundation.durations import in_words
from deskbell.oncall.queries import health as escalation_health
from deskbell.platform import standing

from .gateways import Gateway, gateways

_LITTLE_SPACE: Final = 0.15
_TOO_LITTLE_SPACE: Final = 0.05
_MOST_CONNECTIONS: Final = 0.9
_MOST_SHOWN: Final = 12
# Every worker has all lanes; see `worker.lanes`.
_LANES: Final = ("desk", "engine", "listening", "outside")


class State(StrEnum):
    """How a part is; the later the worse."""

    WELL = "well"
    LOOK = "look"
    BAD = "bad"


_WORST_FIRST: Final = (State.BAD, State.LOOK, State.WELL)
LABELS: Final = {State.WELL: "Well", State.LOOK: "Look at it", State.BAD: "Not working"}
TONES: Final = {State.WELL: "success", State.LOOK: "warning", State.BAD: "danger"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its name, how it is, that in words, and facts as (what, how much)."""

    name: str
    state: State
    words: str
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def label(self) -> str:
        """How it is, in two words."""
        return LABELS[self.state]

    @property
    def tone(self) -> str:
        """The colour of the badge."""
        return TONES[self.state]


def parts(at: datetime) -> tuple[Part, ...]:
    """Every part as it is at `at`: five statements, and the gateways' answers of the last seconds.

    A gateway that does not answer costs a second, once in five.
    """
    asked = gateways(at)
    return (
        _database(),
        _workers(),
        _queue(at),
        *_escalation(at),
        *(_gateway(each) for each in asked),
        *_trunks(asked),
        _disk(),
    )


def worst(found: Iterable[Part]) -> State:
    """The state of the worst part."""
    states = {each.state for each in found}
    return next(state for state in (*_WORST_FIRST, State.WELL) if state in states or not states)


def troubles(found: Iterable[Part]) -> list[Part]:
    """The parts that are not well, the worst first."""
    wrong = [each for each in found if each.state != State.WELL]
    return sorted(wrong, key=lambda each: _WORST_FIRST.index(each.state))


def _database() -> Part:
    try:
        found = standing.database()
    except DatabaseError as error:
        return Part("Database", State.BAD, f"PostgreSQL does not answer: {error}")
    facts = (
        ("PostgreSQL", found.version),
        ("Size", filesizeformat(found.size)),
        ("Connections", f"{found.connections} of {found.most_connections}"),
    )
    if found.connections >= _MOST_CONNECTIONS * found.most_connections:
        words = "Almost all connections are in use; raise max_connections, or run fewer threads."
        return Part("Database", State.LOOK, words, facts)
    return Part("Database", State.WELL, "It answers.", facts)


def _workers() -> Part:
    found = standing.workers()
    facts = tuple((f"Lane {lane}", _counted(found.get(lane, 0), "worker")) for lane in _LANES)
    missing = [lane for lane in _LANES if not found.get(lane)]
    if len(missing) == len(_LANES):
        words = "No worker runs: nothing is delivered and nobody is told. Start one."
        return Part("Workers", State.BAD, words, facts)
    if missing:
        return Part("Workers", State.BAD, f"No worker is at {', '.join(missing)}.", facts)
    return Part("Workers", State.WELL, "They run.", facts)


def _queue(at: datetime) -> Part:
    found = standing.waiting(at)
    stuck = [each for each in found if each.is_stuck]
    count = sum(each.count for each in found)
    facts = tuple((each.job, _waiting(each)) for each in [*stuck, *found][:_MOST_SHOWN])
    facts = tuple(dict(facts).items())
    if stuck:
        kinds = _counted(len(stuck), "kind")
        words = f"Jobs of {kinds} are late, or fail again and again; the log says why."
        return Part("Jobs", State.LOOK, words, facts)
    return Part("Jobs", State.WELL, f"{_counted(count, 'job')} due, none of them late.", facts)


def _waiting(each: standing.Waiting) -> str:
    told = [f"{each.count:,} due, for {in_words(each.waits_for.total_seconds())}"]
    told += [f"{each.at_work:,} at work"] if each.at_work else []
    told += [f"{each.failing:,} failing"] if each.failing else []
    told += [f"{each.held:,} set aside"] if each.held else []
    return ", ".join(told)


def _escalation(at: datetime) -> tuple[Part, Part]:
    found = escalation_health(at)
    tests = found.self_tests
    late = in_words(found.late_seconds)
    facts = (("Messages due", f"{found.due:,}"), ("The oldest waits for", late))
    if found.is_late:
        words = f"A message has waited for {late} to go on. Look at the workers and the jobs."
        moves = Part("Escalation", State.BAD, words, facts)
    else:
        moves = Part("Escalation", State.WELL, "Messages go on in time.", facts)
    shown = (
        ("Levels tested", f"{tests.count:,}"),
        ("Nobody acknowledged the last", f"{tests.failed:,}"),
        ("Not sent in time", f"{tests.late:,}"),
    )
    if tests.failed or tests.late:
        words = "A test found nobody, or was not sent. See Test message."
        return moves, Part("Self-tests", State.BAD, words, shown)
    words = (
        "The last test of every level was acknowledged." if tests.count else "No level is tested."
    )
    return moves, Part("Self-tests", State.WELL, words, shown)


def _gateway(gateway: Gateway) -> Part:
    name = f"Gateway {gateway.url.partition('://')[2]}"
    if gateway.error:
        return Part(name, State.BAD, f"It does not answer, so it takes no calls: {gateway.error}.")
    facts = tuple((label, f"{gateway.said.get(key, 0):,}") for key, label in _FIGURES.items())
    if gateway.said.get("draining"):
        return Part(name, State.LOOK, "It takes no new calls: it is being drained.", facts)
    if not gateway.said.get("ready"):
        words = "It is not ready: it has no configuration from the web side, or no sounds yet."
        return Part(name, State.BAD, words, facts)
    return Part(name, State.WELL, "It takes calls.", facts)


_FIGURES: Final = {
    "calls": "Calls",
    "calls_out": "Calls out",
    "phones": "Phones registered",
    "spooled": "Recordings to upload",
    "sip_dropped": "SIP packets dropped",
    "rtp_dropped": "RTP packets dropped",
    "locked_out": "Addresses locked out",
}


def _trunks(asked: Sequence[Gateway]) -> list[Part]:
    """One part for each trunk that registers: well where a gateway is registered there."""
    said: dict[str, list[str]] = {}
    for gateway in asked:
        trunks = gateway.said.get("trunks")
        for name, words in (trunks if isinstance(trunks, dict) else {}).items():
            said.setdefault(str(name), []).append(str(words))
    return [_trunk(name, words) for name, words in sorted(said.items())]


def _trunk(name: str, words: Sequence[str]) -> Part:
    wrong = [each for each in words if each != "registered"]
    if not wrong:
        return Part(f"Trunk {name}", State.WELL, "It is registered.")
    state = State.LOOK if len(wrong) < len(words) else State.BAD
    return Part(f"Trunk {name}", state, f"It is not registered: {wrong[0]}.")


def _disk() -> Part:
    found = shutil.disk_usage(settings.ENVIRONMENT.data_dir)
    free = found.free / found.total
    facts = (
        ("Free", filesizeformat(found.free)),
        ("Of", filesizeformat(found.total)),
    )
    if free < _TOO_LITTLE_SPACE:
        return Part("Disk", State.BAD, "Almost no space is left for recordings and faxes.", facts)
    if free < _LITTLE_SPACE:
        return Part("Disk", State.LOOK, "Space runs out.", facts)
    return Part("Disk", State.WELL, f"{free:.0%} is free where our files are.", facts)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
