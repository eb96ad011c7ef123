"""How many messages a second are handed to transports when 10,000 are due at one instant.

Each is on a level with one person on call, so each takes a step of escalation (who is on call, an
activity, a delivery, the next time) and a delivery (claim, transport, result). The transport takes
everything at once and writes down what it was given.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import time
from collections import Counter
from dataclasses import dataclass

from peers.escalation import Workplace, fill, open_accounts, workers, workplace
from peers.processes import family_cpu_seconds
from peers.report import heading, record

GIVE_UP_SECONDS = 300.0
QUIET = datetime.timedelta(seconds=3)

HEAD = (
    "| messages | workers | handed a second | first | half | last | twice | lost "
    "| CPU of workers | of the database |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one storm. Seconds count from the instant at which all were due."""

    messages: int
    workers: int
    seconds: list[float]
    twice: int
    lost: int
    worker_ms: float
    database_ms: float

    @property
    def per_second(self) -> float:
        """From the instant to the last message."""
        return len(self.seconds) / self.seconds[-1]


def row(one: Result) -> str:
    first, half, last = one.seconds[0], one.seconds[len(one.seconds) // 2], one.seconds[-1]
    return (
        f"| {one.messages:,} | {one.workers} | {one.per_second:,.0f} | {first:.2f} s "
        f"| {half:.2f} s | {last:.2f} s | {one.twice} | {one.lost} | {one.worker_ms:.2f} ms each "
        f"| {one.database_ms:.2f} ms each |"
    )


def storm(at: Workplace, chosen: argparse.Namespace) -> Result:
    """Has all messages due at one instant, a few seconds after the workers are ready."""
    now = datetime.datetime.now(datetime.UTC)
    levels = open_accounts(chosen.accounts, now)
    with workers(at, chosen.workers) as running:
        due = datetime.datetime.now(datetime.UTC) + QUIET + _filling(chosen.messages)
        fill(levels, [due] * chosen.messages, now)
        began = due.timestamp()
        if time.time() > began:
            raise SystemExit("filling took longer than was thought; the figures would be of no use")
        time.sleep(began - time.time())
        before = [family_cpu_seconds(each.pid) for each in running], at.database_cpu()
        found = at.handed()
        while len({each.message_id for each in found}) < chosen.messages:
            if time.time() - began > GIVE_UP_SECONDS:
                break
            time.sleep(0.25)
            found = at.handed()
        time.sleep(1)
        spent = sum(family_cpu_seconds(each.pid) for each in running) - sum(before[0])
        database = at.database_cpu() - before[1]
    found = at.handed()
    times = Counter(each.message_id for each in found)
    return Result(
        messages=chosen.messages,
        workers=chosen.workers,
        seconds=sorted(each.at - began for each in found),
        twice=sum(count - 1 for count in times.values()),
        lost=chosen.messages - len(times),
        worker_ms=1000 * spent / chosen.messages,
        database_ms=1000 * database / chosen.messages,
    )


def _filling(count: int) -> datetime.timedelta:
    return datetime.timedelta(milliseconds=1.5 * count)


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench due", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000, help="due at one instant")
    parser.add_argument("--accounts", type=int, default=20, help="that they belong to")
    parser.add_argument("--workers", type=int, default=1, help="worker processes")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    print(heading())
    with workplace() as at:
        result = storm(at, chosen)
    print(HEAD, row(result), sep="\n")
    line = (
        f"{result.messages:,} messages due at one instant: {result.per_second:,.0f} a second are "
        f"handed to the transport, {result.twice} twice, {result.lost} lost."
    )
    print("", line, sep="\n")
    if chosen.record:
        record("due", [HEAD, row(result)], [line])
    return 0 if not result.lost else 1


if __name__ == "__main__":
    sys.exit(main())
