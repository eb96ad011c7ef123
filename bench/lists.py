"""How long the REST API takes for a page of 100,000 phone numbers, filtered and sorted.

Every list is asked for by one client after the other, and by several at once; the empty view of the
same server stands beside it, and so does the database's own time for the two queries of a page.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from peers.load import Load, flat_out, get
from peers.report import heading, record
from peers.site import HOST, Site, site
from peers.tenant import AT, Tenant, open_tenant

PATH = "/autoattendant/phonenumber/search"
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class List:
    """One way to ask, and the SQL that a page of it needs at least."""

    name: str
    query: str
    sql: str


def lists(count: int) -> list[List]:
    """What is asked: as made, sorted, filtered, filtered and sorted, and far down the list."""
    rows = "SELECT * FROM accounts_phonenumber WHERE account_id = %(account)s"
    month = "created_at >= '2026-01-01' AND created_at < '2026-02-01'"
    january = "startTime=2026-01-01&endTime=2026-01-31T23:59:59"
    middle = count // 200
    return [
        List("as made", "", f"{rows} ORDER BY id LIMIT 100"),
        List("by number", "&SortBy=phoneNumber", f"{rows} ORDER BY number, id LIMIT 100"),
        List(
            "newest first",
            "&SortBy=dateCreated:desc",
            f"{rows} ORDER BY created_at DESC, id LIMIT 100",
        ),
        List("one month", f"&{january}", f"{rows} AND {month} ORDER BY id LIMIT 100"),
        List(
            "one month, by number",
            f"&{january}&SortBy=phoneNumber",
            f"{rows} AND {month} ORDER BY number, id LIMIT 100",
        ),
        List(
            "by number, the middle page",
            f"&SortBy=phoneNumber&page={middle}",
            f"{rows} ORDER BY number, id LIMIT 100 OFFSET {middle * 100}",
        ),
    ]


def fill(tenant: Tenant, count: int) -> None:
    """Numbers made over a year, in an order that is neither that of the numbers nor of time."""
    from django.db import connection

    from deskbell.accounts.models import PhoneNumber
    from deskbell.platform.tenancy import account_scope

    def numbers() -> Iterator[PhoneNumber]:
        for place in range(count):
            mixed = place * 7919 % count  # a prime: every number once
            made = AT - DAY * (mixed % 365)
            yield PhoneNumber(
                account=tenant.account,
                number=f"+1212{mixed:07}",
                digits=f"212{mixed:07}",
                e164=f"+1212{mixed:07}",
                created_at=made,
                updated_at=made,
            )

    with account_scope(tenant.account.pk):
        PhoneNumber.objects.bulk_create(numbers(), batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE accounts_phonenumber")


def in_database(account_id: int, sql: str, rounds: int) -> float:
    """Milliseconds that the database takes for the page and for how many rows there are."""
    from django.db import connection

    counting = f"SELECT count(*) FROM ({sql.partition(' ORDER ')[0]}) AS rows"
    took = []
    with connection.cursor() as cursor:
        for _ in range(rounds):
            began = time.perf_counter()
            for statement in (counting, sql):
                cursor.execute(statement, {"account": account_id})
                cursor.fetchall()
            took.append(time.perf_counter() - began)
    return 1000 * statistics.median(took)


@dataclass(frozen=True, slots=True)
class Result:
    """One list: asked for alone, and by several at once."""

    alone: Load
    together: Load
    database_ms: float


HEAD = (
    "| list | alone p50 | p99 | database alone | together answers/s | p50 | p99 | not 200 |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|"
)


def row(one: Result) -> str:
    alone, many = one.alone, one.together
    database = f"{one.database_ms:.1f} ms" if one.database_ms else "-"
    return (
        f"| {alone.name} | {alone.p50_ms:.1f} ms | {alone.p99_ms:.1f} ms | {database} "
        f"| {many.per_second:.0f} | {many.p50_ms:.1f} ms | {many.p99_ms:.1f} ms "
        f"| {alone.failed + many.failed} |"
    )


async def measure(at: Site, name: str, request: bytes, chosen: argparse.Namespace) -> list[Load]:
    def asked() -> Iterator[bytes]:
        while True:
            yield request

    await flat_out("warm-up", HOST, at.port, asked, connections=4, seconds=1)
    return [
        await flat_out(name, HOST, at.port, asked, connections=many, seconds=chosen.seconds)
        for many in (1, chosen.connections)
    ]


def run(at: Site, tenant: Tenant, chosen: argparse.Namespace) -> list[Result]:
    print(HEAD, flush=True)
    results = []
    for one in [List("empty view", "", ""), *lists(chosen.rows)]:
        path = f"{PATH}?pageSize=100{one.query}" if one.sql else "/empty"
        request = get(path, headers=tenant.headers)
        alone, together = asyncio.run(measure(at, one.name, request, chosen))
        database = in_database(tenant.account.pk, one.sql, 10) if one.sql else 0.0
        results.append(Result(alone, together, database))
        print(row(results[-1]), flush=True)
    return results


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench lists", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="how many numbers there are")
    parser.add_argument("--seconds", type=float, default=8, help="measured time for each list")
    parser.add_argument("--connections", type=int, default=8, help="asked at the same time")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    print(heading())
    with site() as at:
        tenant = open_tenant()
        fill(tenant, chosen.rows)
        results = run(at, tenant, chosen)
    slowest = max(results, key=lambda one: one.alone.p99_ms)
    lines = [
        (
            f"Pages of 100 of {chosen.rows:,} numbers; the slowest is "
            f'"{slowest.alone.name}" with {slowest.alone.p99_ms:.1f} ms p99.'
        )
    ]
    if any(one.alone.failed or one.together.failed for one in results):
        lines.append("Some answers were not 200: these figures are of no use.")
    print("", *lines, sep="\n")
    if chosen.record:
        record("lists", [HEAD, *map(row, results)], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
