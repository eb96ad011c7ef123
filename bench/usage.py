"""How long a report of usage takes over a year of 5,000,000 calls of one account.

The counts by day stand beside the same sums straight over the calls, which is what a report would
ask without them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

from peers.report import heading, record
from peers.site import site
from peers.tenant import Tenant, open_tenant
from search import portal

DAYS = 365
GOAL_MS = 100.0
HEAD = "| what | first | p50 | p99 | longest |\n|---|--:|--:|--:|--:|"
# Half of the calls have one of forty receptionists, one in five goes out, on three numbers.
_FILL = """
INSERT INTO calls_call (account_id, sid, call_type, status, caller_id, caller_name, number_dialed,
    agent_id, agent_name, skill_id, skill_name, started_at, ended_at, who_hung_up, connection_sec,
    ivr_sec, wait_sec, talk_sec, hold_sec, transfer_sec, wrap_sec, conference_sec,
    conference_talk_sec, is_orphaned, quality, gateway, stage, counts_for, counted_on)
SELECT %(account)s, 'CA' || md5(n::text), CASE WHEN n %% 5 = 0 THEN 'OutboundCall' ELSE
    'InboundCall' END, 'completed', '+16465550123', '', '+12125550142',
    CASE WHEN n %% 2 = 0 THEN 1 + n / 2 %% 40 END,
    CASE WHEN n %% 2 = 0 THEN 'Receptionist ' || 1 + n / 2 %% 40 ELSE '' END, '', '',
    at, at + interval '3 minutes', 'caller', 20 + n %% 160, 10 + n %% 20, n %% 10,
    CASE WHEN n %% 2 = 0 THEN n %% 130 ELSE 0 END, 0, 0,
    CASE WHEN n %% 2 = 0 THEN n %% 30 ELSE 0 END, 0, 0, false, '{}', '', '',
    '+1212555014' || n %% 3, at::date
FROM generate_series(1, %(rows)s::bigint) AS n, LATERAL
    (SELECT %(first)s::timestamptz + n * (%(days)s * interval '1 day' / %(rows)s) AS at) AS moment
"""
_INDEXES = """
SELECT indexname FROM pg_indexes
WHERE tablename = 'calls_call' AND indexname NOT IN ('calls_call_pkey', 'calls_newest')
"""
_PEER = """
SELECT {what}, count(*), sum(connection_sec), sum(talk_sec + hold_sec + transfer_sec
    + conference_sec + wrap_sec)
FROM calls_call WHERE account_id = %s AND counted_on BETWEEN %s AND %s
    AND started_at BETWEEN %s::date - 2 AND %s::date + 2
GROUP BY {what}
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing that was asked many times: milliseconds of the first, and of the others in their
    order."""

    name: str
    first: float
    took: Sequence[float]

    def at(self, share: float) -> float:
        return self.took[min(len(self.took) - 1, int(len(self.took) * share))]

    def __str__(self) -> str:
        figures = (self.first, self.at(0.5), self.at(0.99), self.took[-1])
        return f"| {self.name} | {' | '.join(f'{each:,.1f} ms' for each in figures)} |"


def timed(name: str, ask: Callable[[], Any], rounds: int) -> Measured:
    took = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        ask()
        took.append(1000 * (time.perf_counter() - began))
    measured = Measured(name, took[0], sorted(took[1:]))
    print(measured, flush=True)
    return measured


def fill(tenant: Tenant, rows: int, first: date) -> float:
    """The calls by SQL, and their usage counted as the migration counts it; of that the seconds."""
    from django.db import connection

    count = import_module("deskbell.calls.migrations.0008_usage_by_kind_and_receptionist")
    with connection.cursor() as cursor:
        _drop_indexes(cursor)
        values: dict[str, Any] = {"account": tenant.account.pk, "rows": rows, "days": DAYS}
        values["first"] = first
        cursor.execute(_FILL, values)
        cursor.execute("CREATE INDEX calls_newest ON calls_call (account_id, started_at DESC)")
        cursor.execute("VACUUM ANALYZE calls_call")
        began = time.perf_counter()
        cursor.execute(count.COUNT)
        took = time.perf_counter() - began
        cursor.execute("VACUUM ANALYZE calls_usageofday")
    return took


def _drop_indexes(cursor: Any) -> None:
    """Those that no report reads: they would take longer than all else."""
    cursor.execute("ALTER TABLE calls_call DROP CONSTRAINT calls_call_sid_key")
    cursor.execute("DROP INDEX calls_newest")
    cursor.execute(_INDEXES)
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP INDEX "{name}"')


def run(tenant: Tenant, first: date, rounds: int) -> list[Measured]:
    from django.db import connection

    from deskbell.calls import queries
    from deskbell.calls.queries import By, UsageWanted
    from deskbell.platform.tenancy import account_scope
    from deskbell.reports.usage import table

    account, last = tenant.account, first + timedelta(days=DAYS - 1)
    month = last.replace(day=1), last
    year = f"from_date={first}&to_date={last}"
    print(HEAD, flush=True)
    results = [
        timed(f"page: {name}", portal(f"/reports/usage/?{query}"), rounds)
        for name, query in (
            ("the month so far", f"from_date={month[0]}&to_date={last}"),
            ("a year by day", year),
            ("a year by receptionist", f"{year}&by=receptionist"),
            (
                "a year of one number and receptionist",
                f"{year}&number=%2B12125550141&receptionist=5",
            ),
        )
    ]
    asked = {"from_date": f"{first}", "to_date": f"{last}"}
    whole = UsageWanted(first, last)
    with account_scope(account.pk):
        results += [
            timed("a year by day, counted", lambda: queries.usage(whole, By.DAY), rounds),
            timed("a month, as billed", lambda: queries.billed([account.pk], *month), rounds),
            timed(
                "a month, as billed, from the calls",
                lambda: queries.billed_from_calls([account.pk], *month),
                3,
            ),
        ]
        at = datetime.combine(last, datetime.min.time(), UTC)
        results.append(
            timed("a file of every line of a year", lambda: list(table(account, asked, at).rows), 3)
        )

    def straight(what: str) -> Callable[[], None]:
        def ask() -> None:
            with connection.cursor() as cursor:
                values: list[Any] = [account.pk, first, last, first, last]
                cursor.execute(_PEER.format(what=what), values)
                cursor.fetchall()

        return ask

    for name, what in (
        ("a year by day, over the calls", "counted_on"),
        ("a year by receptionist, over the calls", "agent_id, agent_name"),
    ):
        results.append(timed(name, straight(what), 3))
    return results


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench usage", description=__doc__)
    parser.add_argument("--calls", type=int, default=5_000_000, help="how many there are")
    parser.add_argument("--rounds", type=int, default=30, help="how often each is asked")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    print(heading())
    with site():
        from deskbell.calls.models import UsageOfDay
        from deskbell.platform.tenancy import account_scope

        tenant = open_tenant()
        first = datetime.now(UTC).date() - timedelta(days=DAYS)
        began = time.perf_counter()
        counted = fill(tenant, chosen.calls, first)
        filled = time.perf_counter() - began
        print(f"{chosen.calls:,} calls in {filled:.0f} s\n", flush=True)
        results = run(tenant, first, chosen.rounds)
        with account_scope(tenant.account.pk):
            lines_kept = UsageOfDay.objects.count()
    slow = [one.name for one in results if one.name.startswith("page") and one.at(0.99) > GOAL_MS]
    lines = [
        (
            f"A year of {chosen.calls:,} calls of one account, in {lines_kept:,} rows of usage;"
            f" counting them all anew took {counted:.0f} s."
        ),
        f"Pages over {GOAL_MS:.0f} ms at p99: {', '.join(slow) or 'none'}.",
    ]
    print("", *lines, sep="\n")
    if chosen.record:
        record("usage", [HEAD, *map(str, results)], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
