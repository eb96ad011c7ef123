"""How late a step of escalation is with 100,000 open messages.

Most of them wait for hours; so many a second are due while it is measured, at instants spread by
chance. Late is a message from when it was due to when its delivery was in the transport's hands:
the beat that finds it, the step, the queue and the delivery's claim.
"""

from __future__ import annotations

import argparse
import datetime
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass

from peers.escalation import Workplace, fill, open_accounts, workers, workplace
from peers.processes import family_cpu_seconds
from peers.report import heading, record

HOURS = 24
HEAD = (
    "| open messages | due a second | workers | measured | p50 | p90 | p99 | worst "
    "| step alone p99 | twice | lost | CPU of workers | of the database |\n"
    "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True, slots=True)
class Result:
    """One run; lateness in ms, sorted: to the transport, and of the step alone."""

    rate: float
    late: list[float]
    steps: list[float]
    twice: int
    lost: int
    worker_percent: float
    database_percent: float


def percentile(figures: list[float], share: float) -> float:
    return figures[min(int(share * len(figures)), len(figures) - 1)]


def row(one: Result, chosen: argparse.Namespace) -> str:
    late = (f"{percentile(one.late, share):.0f} ms" for share in (0.5, 0.9, 0.99, 1))
    return (
        f"| {chosen.messages:,} | {one.rate:.0f} | {chosen.workers} | {len(one.late)} "
        f"| {' | '.join(late)} | {percentile(one.steps, 0.99):.0f} ms | {one.twice} | {one.lost} "
        f"| {one.worker_percent:.0f}% of a core | {one.database_percent:.0f}% |"
    )


def measure(at: Workplace, chosen: argparse.Namespace) -> Result:
    """Fills the tables, then lets time pass."""
    chance = random.Random(7)
    now = datetime.datetime.now(datetime.UTC)
    levels = open_accounts(chosen.accounts, now)
    count = int(chosen.rate * chosen.seconds)
    waiting = [
        now + datetime.timedelta(hours=1 + (HOURS - 1) * chance.random())
        for _ in range(chosen.messages - count)
    ]
    fill(levels, waiting, now)
    with workers(at, chosen.workers) as running:
        start = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=5 + count / 500)
        dues = [
            start + datetime.timedelta(seconds=chosen.seconds * chance.random())
            for _ in range(count)
        ]
        fill(levels, dues, now)
        if time.time() > start.timestamp():
            raise SystemExit("filling took longer than was thought; the figures would be of no use")
        time.sleep(start.timestamp() - time.time())
        before = sum(family_cpu_seconds(each.pid) for each in running), at.database_cpu()
        time.sleep(chosen.seconds)
        spent = sum(family_cpu_seconds(each.pid) for each in running) - before[0]
        database = at.database_cpu() - before[1]
        time.sleep(3)
    return _result(at, chosen, dues, spent, database)


def _result(
    at: Workplace,
    chosen: argparse.Namespace,
    dues: list[datetime.datetime],
    spent: float,
    database: float,
) -> Result:
    from deskbell.delivery.models import Delivery
    from deskbell.messages.models import Message
    from deskbell.platform.tenancy import system_scope

    with system_scope("the bench reads what it made"):
        ids = Message.objects.order_by("-id").values_list("pk", flat=True)[: len(dues)]
        due_of = dict(zip(reversed(list(ids)), dues, strict=True))
        made = dict(Delivery.objects.values_list("message_id", "created_at"))
    found = at.handed()
    times = Counter(each.message_id for each in found)
    return Result(
        rate=chosen.rate,
        late=sorted(1000 * (each.at - due_of[each.message_id].timestamp()) for each in found),
        steps=sorted(1000 * (when - due_of[pk]).total_seconds() for pk, when in made.items()),
        twice=sum(times.values()) - len(times),
        lost=len(dues) - len(times),
        worker_percent=100 * spent / chosen.seconds,
        database_percent=100 * database / chosen.seconds,
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench lateness", description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000, help="open at the same time")
    parser.add_argument("--accounts", type=int, default=200, help="that they belong to")
    parser.add_argument("--rate", type=float, default=50, help="due in each second")
    parser.add_argument("--seconds", type=float, default=60, help="measured time")
    parser.add_argument("--workers", type=int, default=1, help="worker processes")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    print(heading())
    with workplace() as at:
        result = measure(at, chosen)
    print(HEAD, row(result, chosen), sep="\n")
    p50, p99 = percentile(result.late, 0.5), percentile(result.late, 0.99)
    line = (
        f"With {chosen.messages:,} open messages, {chosen.rate:.0f} due a second, a message is "
        f"late by {p50:.0f} ms (p50) and {p99:.0f} ms (p99) when its delivery is in the "
        "transport's hands."
    )
    print("", line, sep="\n")
    if chosen.record:
        record("lateness", [HEAD, row(result, chosen)], [line])
    return 0 if not result.lost else 1


if __name__ == "__main__":
    sys.exit(main())
