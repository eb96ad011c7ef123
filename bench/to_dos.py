"""How soon 10,000 to-dos that are due at one minute are all out, whether any twice, and how late
steps of escalation are meanwhile.

The to-dos are texts; their carrier is a process beside, which takes each and answers as late as a
carrier does. Messages become due all the time, before and during the storm; their deliveries end in
the sink of the other benches.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from peers import texts
from peers.escalation import Workplace, fill, open_accounts, workers, workplace
from peers.processes import family_cpu_seconds
from peers.report import heading, record

GIVE_UP_SECONDS = 600.0
BEFORE = 10.0  # seconds of quiet in which escalation is measured alone

HEAD = (
    "| to-dos | workers | all out after | a second | twice | lost | unknown "
    "| escalation alone p50, p99 | beside them p50, p99 | CPU of workers | of the database |\n"
    "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one storm. Seconds count from the instant at which all were due; lateness of
    escalation is in ms."""

    to_dos: int
    workers: int
    seconds: list[float]
    twice: int
    lost: int
    unknown: int
    alone: list[float]
    beside: list[float]
    worker_ms: float
    database_ms: float

    @property
    def last(self) -> float:
        """When the last was out."""
        return self.seconds[-1]


def row(one: Result) -> str:
    return (
        f"| {one.to_dos:,} | {one.workers} | {one.last:.1f} s | {len(one.seconds) / one.last:,.0f} "
        f"| {one.twice} | {one.lost} | {one.unknown} | {_pair(one.alone)} | {_pair(one.beside)} "
        f"| {one.worker_ms:.2f} ms each | {one.database_ms:.2f} ms each |"
    )


def _pair(late: Sequence[float]) -> str:
    return f"{_percentile(late, 0.5):.0f}, {_percentile(late, 0.99):.0f} ms"


def _percentile(values: Sequence[float], share: float) -> float:
    return values[min(int(share * len(values)), len(values) - 1)] if values else 0.0


def make_to_dos(accounts: Sequence[int], count: int, due: datetime.datetime) -> None:
    """So many texts, every day at one minute, next due at `due`; each account has a number."""
    from deskbell.accounts.actions import add_number
    from deskbell.accounts.models import Account
    from deskbell.platform.tenancy import system_scope
    from deskbell.todos.models import Schedule, ToDo

    rule = {"rule_type": "IceCube::DailyRule", "interval": 1, "validations": {}}
    known = {"created_at": due, "updated_at": due}
    with system_scope("to-dos of all accounts are made"):
        for number, account in enumerate(Account.objects.filter(pk__in=accounts)):
            add_number(account=account, number=f"+1212555{number:04}", at=due)
        made = ToDo.objects.bulk_create(
            (
                ToDo(
                    account_id=accounts[number % len(accounts)],
                    delivery_type="sms",
                    contact=f"+1917555{number % 10_000:04}",
                    message_text=f"To do {number}",
                    **known,
                )
                for number in range(count)
            ),
            batch_size=2000,
        )
        Schedule.objects.bulk_create(
            (
                Schedule(
                    account_id=each.account_id,
                    to_do=each,
                    rule=rule,
                    times=["9:00 AM"],
                    first_day=due.date(),
                    next_occurrence=due,
                    **known,
                )
                for each in made
            ),
            batch_size=2000,
        )


def storm(at: Workplace, chosen: argparse.Namespace, file: Path) -> Result:
    """Has all to-dos due at one instant, and messages due all the time around it."""
    chance = random.Random(chosen.to_dos)
    now = datetime.datetime.now(datetime.UTC)
    levels = open_accounts(chosen.accounts, now)
    with workers(at, chosen.workers) as running:
        filling = (chosen.to_dos + chosen.rate * (BEFORE + chosen.seconds)) * 0.002
        start = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=5 + filling)
        due = start + datetime.timedelta(seconds=BEFORE)
        make_to_dos(sorted({each.account_id for each in levels}), chosen.to_dos, due)
        length = BEFORE + chosen.seconds
        dues = [
            start + datetime.timedelta(seconds=length * chance.random())
            for _ in range(int(chosen.rate * length))
        ]
        fill(levels, dues, now)
        due_of = _dues()
        if time.time() > start.timestamp():
            raise SystemExit("filling took longer than was thought; the figures would be of no use")
        time.sleep(due.timestamp() - time.time())
        before = sum(family_cpu_seconds(each.pid) for each in running), at.database_cpu()
        while len(texts.taken(file)) < chosen.to_dos:
            if time.time() - due.timestamp() > GIVE_UP_SECONDS:
                break
            time.sleep(0.5)
        spent = sum(family_cpu_seconds(each.pid) for each in running) - before[0]
        database = at.database_cpu() - before[1]
        time.sleep(max(due.timestamp() + chosen.seconds - time.time(), 0) + 3)
    found = texts.taken(file)
    count = Counter(words for _, words in found)
    seconds = sorted(when - due.timestamp() for when, _ in found)
    alone, beside = _lateness(at, due_of, due.timestamp(), seconds[-1] if seconds else 0.0)
    return Result(
        to_dos=chosen.to_dos,
        workers=chosen.workers,
        seconds=seconds,
        twice=len(found) - len(count),
        lost=chosen.to_dos - len(count),
        unknown=_unknown(),
        alone=alone,
        beside=beside,
        worker_ms=1000 * spent / chosen.to_dos,
        database_ms=1000 * database / chosen.to_dos,
    )


def _dues() -> dict[int, float]:
    """When each message is due, by its id."""
    from deskbell.messages.models import Message
    from deskbell.platform.tenancy import system_scope

    with system_scope("the bench reads what it made"):
        found = Message.objects.values_list("pk", "next_escalation_at")
        return {pk: when.timestamp() for pk, when in found if when}


def _unknown() -> int:
    from deskbell.platform.tenancy import system_scope
    from deskbell.todos.models import Run, RunState

    with system_scope("the bench reads what came of it"):
        return Run.objects.exclude(state=RunState.SENT).count()


def _lateness(
    at: Workplace, due_of: dict[int, float], storm_at: float, seconds: float
) -> tuple[list[float], list[float]]:
    """How late deliveries of messages were that were due before the storm, and while it lasted."""
    alone, beside = [], []
    for each in at.handed():
        due = due_of[each.message_id]
        if due < storm_at - 1:
            alone.append(1000 * (each.at - due))
        elif storm_at <= due <= storm_at + seconds:
            beside.append(1000 * (each.at - due))
    return sorted(alone), sorted(beside)


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench to_dos", description=__doc__)
    parser.add_argument("--to-dos", type=int, default=10_000, help="due at one instant")
    parser.add_argument("--accounts", type=int, default=20, help="that they belong to")
    parser.add_argument("--rate", type=float, default=20, help="messages due in each second")
    parser.add_argument("--seconds", type=float, default=60, help="for which messages are due")
    parser.add_argument("--answer-ms", type=float, default=50, help="that a carrier takes")
    parser.add_argument("--workers", type=int, default=1, help="worker processes")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    print(heading())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts"
        with texts.carrier(file, chosen.answer_ms) as port:
            os.environ["DESKBELL_TEXTS"] = f"http://bench:secret@127.0.0.1:{port}"
            os.environ["DESKBELL_PRIVATE_HOSTS"] = f"127.0.0.1:{port}"
            with workplace() as at:
                result = storm(at, chosen, file)
    print(HEAD, row(result), sep="\n")
    line = (
        f"{result.to_dos:,} to-dos due at one instant are all out after {result.last:.0f} s, "
        f"{result.twice} twice, {result.lost} lost; escalation is late by {_pair(result.beside)} "
        f"meanwhile (p50, p99), by {_pair(result.alone)} without them."
    )
    print("", line, sep="\n")
    if chosen.record:
        record("to_dos", [HEAD, row(result)], [line])
    return 0 if not result.lost and not result.twice else 1


if __name__ == "__main__":
    sys.exit(main())
