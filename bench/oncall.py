"""How long it takes to say who is on call on a level, at any distance, overrides included.

Asked in process, as escalation asks it, on levels chosen by chance: of an account with five levels
and of one with 10,000. Beside it stands a query that does nothing but go to the database and back.
"""

from __future__ import annotations

import argparse
import datetime
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from peers.escalation import workplace
from peers.report import heading, record

if TYPE_CHECKING:  # Django is set up by the workplace
    from deskbell.oncall.models import EscalationLevel

DAY = datetime.timedelta(days=1)
MONDAY = datetime.datetime.fromisoformat("2026-03-02")
AT = datetime.datetime(2026, 3, 4, 15, tzinfo=datetime.UTC)
DISTANCES = (0, 1, 30, 400, 3650, -400, -3650)
GOAL_MS = 1.0
WARM_UP = 50
WEEK = 7 * DAY
COPY_OCCURRENCES = """
INSERT INTO oncall_occurrence (account_id, event_id, level_id, span)
SELECT copy.account_id, copy.id, copy.level_id, kept.span
FROM oncall_event copy
JOIN oncall_event source ON source.level_id = %(level)s AND source.starts = copy.starts
JOIN oncall_occurrence kept ON kept.event_id = source.id
WHERE copy.account_id = %(account)s AND copy.level_id <> %(level)s
"""

HEAD = (
    "| levels | days away | queries | on call | own CPU | p10 | p50 | p99 | max |\n"
    "|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
)


@dataclass(frozen=True, slots=True)
class Result:
    """How long the answers took, at one distance; `people` is how many were found at most."""

    levels: int
    days: int | None
    queries: int
    people: int
    own_cpu_ms: float
    took: list[float]

    @property
    def p10_ms(self) -> float:
        """What a busy machine does not hide."""
        return 1000 * sorted(self.took)[len(self.took) // 10]

    @property
    def p50_ms(self) -> float:
        return 1000 * statistics.median(self.took)

    @property
    def p99_ms(self) -> float:
        return 1000 * sorted(self.took)[len(self.took) * 99 // 100]


def row(one: Result) -> str:
    away = "a query that does nothing" if one.days is None else f"{one.days:+,}"
    return (
        f"| {one.levels:,} | {away} | {one.queries} | {one.people} | {one.own_cpu_ms:.2f} ms "
        f"| {one.p10_ms:.2f} ms | {one.p50_ms:.2f} ms | {one.p99_ms:.2f} ms "
        f"| {1000 * max(one.took):.2f} ms |"
    )


def fill(number: str, count: int) -> list[EscalationLevel]:
    """An account whose levels have two people who take turns by the week, since 12 years ago; on
    every hundredth an override holds for this week. The first is made by the actions, the others
    are its copies, as 10,000 by the actions would take minutes."""
    from deskbell.accounts.actions import open_account
    from deskbell.contacts.actions import add_contact, add_method
    from deskbell.oncall import actions
    from deskbell.oncall.models import EscalationLevel
    from deskbell.platform.tenancy import account_scope

    account = open_account(number=number, name="Acme", time_zone="America/New_York", at=AT)
    with account_scope(account.pk):
        first = actions.add_level(account_id=account.pk, name="Level 0", at=AT)
        methods = []
        for week, name in enumerate(("Alice", "Bob")):
            contact = add_contact(account_id=account.pk, name=name, at=AT)
            methods.append(add_method(contact=contact, kind="email", address="x@y.example", at=AT))
            starts = MONDAY - 12 * 52 * WEEK + week * WEEK
            actions.add_event(
                level=first,
                methods=methods[-1:],
                starts=starts,
                ends=starts + WEEK,
                frequency="weekly",
                interval=2,
                weekdays=[1],
                at=AT,
            )
        levels = [
            EscalationLevel(account=account, name=f"Level {place}", position=place, created_at=AT)
            for place in range(1, count)
        ]
        EscalationLevel.objects.bulk_create(levels, batch_size=2000)
        copy_events(first, levels)
        for level in [first, *levels][::100]:
            actions.add_override(
                account_id=account.pk,
                level=level,
                kind="add",
                contact=None,
                methods=methods,
                starts=MONDAY,
                ends=MONDAY + WEEK,
                at=AT,
            )
    return [first, *levels]


def copy_events(first: EscalationLevel, levels: list[EscalationLevel]) -> None:
    """Gives the levels what the first has."""
    from django.db import connection

    from deskbell.oncall.models import Event

    through = Event.methods.through
    names = [
        field.attname
        for field in Event._meta.concrete_fields
        if field.attname not in {"id", "uid", "level_id"}
    ]
    for event in Event.objects.filter(level=first):
        values = {name: getattr(event, name) for name in names}
        copies = [Event(level=level, **values) for level in levels]
        Event.objects.bulk_create(copies, batch_size=2000)
        [method] = event.methods.all()
        pairs = (through(event=copy, deliverymethod=method) for copy in copies)
        through._base_manager.bulk_create(pairs, batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute(COPY_OCCURRENCES, {"level": first.pk, "account": first.account_id})


def ask(
    levels: list[EscalationLevel],
    days: int | None,
    rounds: int,
    answer: Callable[[EscalationLevel, datetime.datetime], int],
) -> Result:
    """Asks so often, on levels by chance, at instants within a week so far away."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    rng = random.Random(411)
    took, people = [], 0
    spent = time.process_time()
    for _ in range(rounds + WARM_UP):
        level = rng.choice(levels)
        at = AT + (days or 0) * DAY + datetime.timedelta(seconds=rng.randrange(7 * 86400))
        began = time.perf_counter()
        found = answer(level, at)
        took.append(time.perf_counter() - began)
        people = max(people, found)
    cpu_ms = 1000 * (time.process_time() - spent) / len(took)
    with CaptureQueriesContext(connection) as asked:
        answer(levels[0], AT + (days or 0) * DAY)
    return Result(len(levels), days, len(asked), people, cpu_ms, took[WARM_UP:])


def run(sizes: list[int], rounds: int) -> list[Result]:
    from django.db import connection

    from deskbell.oncall.queries import on_call
    from deskbell.platform.tenancy import account_scope

    def who(level: EscalationLevel, at: datetime.datetime) -> int:
        return len(on_call(level, at))

    def nothing(_level: EscalationLevel, _at: datetime.datetime) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return 0

    print(HEAD, flush=True)
    results = []
    for place, count in enumerate(sizes):
        levels = fill(f"W{place:04}", count)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        with account_scope(levels[0].account_id):
            for days in (None, *DISTANCES):
                results.append(ask(levels, days, rounds, nothing if days is None else who))
                print(row(results[-1]), flush=True)
    return results


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench oncall", description=__doc__)
    parser.add_argument("--levels", default="5,10000", help="how many levels an account has")
    parser.add_argument("--rounds", type=int, default=2000, help="how often each is asked")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    print(heading())
    with workplace():
        results = run([int(each) for each in chosen.levels.split(",")], chosen.rounds)
    asked = [each for each in results if each.days is not None]
    idle = max((each for each in results if each.days is None), key=lambda each: each.p99_ms)
    slowest = max(asked, key=lambda each: each.p50_ms)
    worst = max(asked, key=lambda each: each.p99_ms)
    lines = [
        (
            f"The slowest place and distance takes {slowest.p50_ms:.2f} ms p50 (goal: under "
            f"{GOAL_MS:.0f} ms), {slowest.p50_ms / asked[0].p50_ms:.1f} times the first; the worst "
            f"p99 is {worst.p99_ms:.2f} ms, where doing nothing has {idle.p99_ms:.2f} ms."
        ),
        (
            "Grafana OnCall and linkedin/oncall are not installed here. Elsewhere the one took "
            "13 ms now and 54 ms ten years away, the other 6 ms over HTTP."
        ),
    ]
    print("", *lines, sep="\n")
    if chosen.record:
        record("oncall", [HEAD, *map(row, results)], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
