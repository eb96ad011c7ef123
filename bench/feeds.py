"""How long a feed takes: a level with a year of 500 events, and the same where nothing is new.

One client asks after the other, as calendar programs do, and several at once; the empty view of the
same server stands beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

from peers.load import Connection, Load, flat_out, get
from peers.report import heading, record
from peers.site import HOST, Site, site
from peers.tenant import AT, Tenant, open_tenant

GOAL_MS = 30.0
UNCHANGED_GOAL_MS = 3.0
PEOPLE = 20
COVERS = 20
WARM_UP = 20
DAY = datetime.timedelta(days=1)


def fill(tenant: Tenant, count: int) -> str:
    """A year of events on a level: three in five happen once, the others come back; some are
    changed by hand, and overrides lie over them. Gives the feed's path."""
    from deskbell.contacts.actions import add_contact, add_method
    from deskbell.oncall import actions
    from deskbell.oncall.feeds import level_url
    from deskbell.platform.tenancy import account_scope

    account_id = tenant.account.pk
    now = datetime.datetime.now(datetime.UTC)
    first = datetime.datetime(now.year, 1, 1)  # noqa: DTZ001 events are kept by the wall clock
    with account_scope(account_id):
        methods = [
            add_method(
                contact=add_contact(account_id=account_id, name=f"Person {number}", at=AT),
                kind="email",
                address=f"person{number}@example.com",
                at=AT,
            )
            for number in range(PEOPLE)
        ]
        level = actions.add_level(account_id=account_id, name="Doctors", at=AT)
        for place in range(count):
            starts = first + place % 365 * DAY + datetime.timedelta(hours=8 * (place % 3))
            kind = ("weekly", "once", "monthly", "once", "once")[place % 5]
            event = actions.add_event(
                level=level,
                methods=[methods[place % PEOPLE]],
                starts=starts,
                ends=starts + datetime.timedelta(hours=8),
                frequency=kind,
                at=now,
            )
            if kind != "once" and place % 10 == 0:
                actions.move_event(
                    event=event,
                    scope=actions.Scope.THIS,
                    day=starts.date(),
                    starts=starts + DAY,
                    ends=starts + DAY + datetime.timedelta(hours=4),
                    at=now,
                )
        for place in range(COVERS):
            starts = first + 17 * place * DAY
            actions.add_override(
                account_id=account_id,
                level=level,
                kind="replace",
                contact=methods[place].contact,
                methods=[methods[(place + 7) % PEOPLE]],
                starts=starts,
                ends=starts + 2 * DAY,
                at=now,
            )
        return urlsplit(level_url(level)).path


HEAD = (
    "| asked | alone p50 | p99 | CPU of one | together answers/s | p50 | p99 | other answers |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|"
)


def row(alone: Load, many: Load, cpu_ms: float) -> str:
    return (
        f"| {alone.name} | {alone.p50_ms:.1f} ms | {alone.p99_ms:.1f} ms | {cpu_ms:.1f} ms "
        f"| {many.per_second:.0f} | {many.p50_ms:.1f} ms | {many.p99_ms:.1f} ms "
        f"| {alone.failed + many.failed} |"
    )


async def etag_of(at: Site, path: str) -> tuple[str, int]:
    """The feed's present tag and its size in bytes."""
    reader, writer = await asyncio.open_connection(HOST, at.port)
    writer.write(get(path))
    head = await reader.readuntil(b"\r\n\r\n")
    lines = [line.partition(": ") for line in head.decode().split("\r\n")]
    headers = {name.lower(): value for name, _, value in lines}
    writer.close()
    return headers["etag"], int(headers["content-length"])


async def measure(
    at: Site, name: str, request: bytes, chosen: argparse.Namespace, status: int
) -> list[Load]:
    def asked() -> Iterator[bytes]:
        while True:
            yield request

    connection = await Connection.open(HOST, at.port)
    for _ in range(WARM_UP):
        found, _body = await connection.ask(request)
        if found != status:
            raise RuntimeError(f"{name}: {found} instead of {status}")
    await connection.close()
    return [
        await flat_out(
            name, HOST, at.port, asked, connections=many, seconds=chosen.seconds, status=status
        )
        for many in (1, chosen.connections)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench feeds", description=__doc__)
    parser.add_argument("--events", type=int, default=500, help="on the level, in a year")
    parser.add_argument("--seconds", type=float, default=8, help="measured time for each line")
    parser.add_argument("--connections", type=int, default=8, help="asked at the same time")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    print(heading())
    with site() as at:
        path = fill(open_tenant(), chosen.events)
        etag, size = asyncio.run(etag_of(at, path))
        asked = [
            ("empty view", get("/empty"), 200),
            ("the feed", get(path), 200),
            ("nothing new", get(path, headers={"If-None-Match": etag}), 304),
        ]
        print(HEAD, flush=True)
        rows = []
        times = {}
        for name, request, status in asked:
            spent = sum(at.spent())
            alone, many = asyncio.run(measure(at, name, request, chosen, status))
            cpu_ms = 1000 * (sum(at.spent()) - spent) / (WARM_UP + alone.answers + many.answers)
            rows.append(row(alone, many, cpu_ms))
            times[name] = alone.p50_ms
            print(rows[-1], flush=True)
    lines = [
        (
            f"{chosen.events} events in a year, {size:,} bytes: {times['the feed']:.1f} ms (goal: "
            f"{GOAL_MS:.0f}), and {times['nothing new']:.1f} ms where nothing is new (goal: "
            f"{UNCHANGED_GOAL_MS:.0f}), of which {times['empty view']:.1f} ms are the server's own."
        )
    ]
    print("", *lines, sep="\n")
    if chosen.record:
        record("feeds", [HEAD, *rows], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
