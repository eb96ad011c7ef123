"""`GET /api/v2/messages`, 25 of 1,000,000, beside a bare asyncpg query served as JSON.

Both stand on the same database and the same server with as many processes, and are asked in turn by
one client and by several.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from peers.load import Load, flat_out, get
from peers.processes import family_cpu_seconds, free_port
from peers.report import heading, record
from peers.site import HOST, Site, site
from peers.tenant import AT, Tenant, open_tenant

GOAL = 60
BATCH = 50_000
ROUNDS = 3
PATH = "/api/v2/messages"
FILL = """
INSERT INTO deskbell_messages_message (
    account_id, uuid, status, read, created_at, updated_at, message_received_date, pbx_name,
    phone_number, extension, caller_id, first_name, last_name, company_name, phone, alt_phone,
    email, address, address2, city, state, zip, how_you_hear_about_us, content, answers, note,
    is_emergency, positive_data_dip, class_names, non_message_type, email_subject, receiver_name,
    origin, ivr, call_ref_id, from_to_do, delivered_at, delivered_to, escalation_counter,
    escalation_loops, activities_count, acknowledged_by, acknowledged_from, acknowledged_address)
SELECT %(account)s, gen_random_uuid(), 'delivered', n %% 3 = 0, at, at, at, 'deskbell',
    '+12125550142', '', '+1212555' || lpad((n %% 10000)::text, 4, '0'), 'Charlie', '', 'Acme',
    '+12125550177', '', '', '', '', '', '', '', '', 'Please call back about appointment ' || n,
    '{"existing_client": "Yes", "content": "Please call back"}', '', false, false, '', '', '',
    'bob@example.com', 'voicemail', 'Weekday menu', '', false, at, 'bob@example.com', 0, '{}', 3,
    '', '', ''
FROM (
    SELECT n, %(at)s::timestamptz - n * interval '15 seconds' AS at
    FROM generate_series(%(first)s::int, %(last)s::int) AS n
) AS made
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """Whom to ask: its port, its request, and the first process of its family."""

    name: str
    port: int
    request: bytes
    pid: int


@dataclass(frozen=True, slots=True)
class Result:
    """One peer, asked by `connections`; CPU of its processes and the database for one answer."""

    load: Load
    connections: int
    cpu_ms: float
    database_ms: float


def fill(tenant: Tenant, count: int) -> None:
    """Messages every 15 seconds back from the newest, with all that the database keeps of them."""
    from django.db import connection

    from deskbell.messages.actions.tallies import fold_tallies

    with connection.cursor() as cursor:
        for first in range(0, count, BATCH):
            last = min(first + BATCH, count) - 1
            cursor.execute(
                FILL, {"account": tenant.account.pk, "at": AT, "first": first, "last": last}
            )
            print(f"\r{last + 1:,} messages", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        fold_tallies()  # as the clock does every few seconds
        cursor.execute("VACUUM ANALYZE")


def token_of(tenant: Tenant) -> str:
    from deskbell.accounts.actions import make_api_token

    return make_api_token(account=tenant.account, name="bench", scopes=["messages:read"], at=AT)


@contextmanager
def bare(at: Site, tenant: Tenant) -> Iterator[Peer]:
    """Starts the bare endpoint with as many processes as the web side has."""
    port = free_port()
    argv = [sys.executable, "-m", "granian", "peers.bare:application", "--interface", "asgi"]
    argv += ["--host", HOST, "--port", str(port), "--workers", str(processes())]
    argv += ["--no-access-log", "--no-ws", "--log-level", "warning"]
    variables = os.environ | {"BENCH_ACCOUNT": str(tenant.account.pk)}
    with Popen(argv, env=variables, cwd=Path(__file__).parent) as process:
        try:
            peer = Peer("bare asyncpg", port, get("/"), process.pid)
            wait(at, port)
            yield peer
        finally:
            process.terminate()


def processes() -> int:
    """As `up` counts them."""
    return min(4, os.cpu_count() or 1)


def wait(at: Site, port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            asyncio.run(_open(port))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"The bare endpoint beside {at.url} did not start")


async def _open(port: int) -> None:
    _, writer = await asyncio.open_connection(HOST, port)
    writer.close()


def measure(at: Site, peer: Peer, connections: int, seconds: float) -> Result:
    def asked() -> Iterator[bytes]:
        while True:
            yield peer.request

    before = family_cpu_seconds(peer.pid), at.spent()[1]
    load = asyncio.run(
        flat_out(peer.name, HOST, peer.port, asked, connections=connections, seconds=seconds)
    )
    after = family_cpu_seconds(peer.pid), at.spent()[1]
    own, database = (
        1000 * (end - begin) / load.answers for begin, end in zip(before, after, strict=True)
    )
    return Result(load, connections, own, database)


HEAD = (
    "| asked of | connections | answers/s | beside bare | p50 | p99 | CPU of one | of the database "
    "| not 200 |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def row(one: Result, part: float | None) -> str:
    load = one.load
    beside = "" if part is None else f"{part:.0f}%"
    return (
        f"| {load.name} | {one.connections} | {load.per_second:.0f} | {beside} "
        f"| {load.p50_ms:.2f} ms | {load.p99_ms:.2f} ms | {one.cpu_ms:.2f} ms "
        f"| {one.database_ms:.2f} ms | {load.failed} |"
    )


def compare(at: Site, peers: list[Peer], connections: int, seconds: float) -> list[Result]:
    """Each peer in turn, several times; of each the round in the middle."""
    rounds: dict[str, list[Result]] = {peer.name: [] for peer in peers}
    for _ in range(ROUNDS):
        for peer in peers:
            rounds[peer.name].append(measure(at, peer, connections, seconds / ROUNDS))
    return [
        sorted(found, key=lambda one: one.load.per_second)[len(found) // 2]
        for found in rounds.values()
    ]


def run(at: Site, tenant: Tenant, chosen: argparse.Namespace) -> tuple[list[str], list[str]]:
    signed = {"Authorization": f"Bearer {token_of(tenant)}"}
    ours = Peer("API v2", at.port, get(PATH, headers=signed), at.web_pid)
    empty = Peer("empty view", at.port, get("/empty"), at.web_pid)
    table, lines = [HEAD], []
    print(HEAD, flush=True)
    with bare(at, tenant) as other:
        peers = [other, ours, empty]
        for peer in peers:
            measure(at, peer, 4, 1)
        for connections in (1, chosen.connections):
            results = compare(at, peers, connections, chosen.seconds)
            least = results[0].load.per_second
            parts = [None, *(100 * one.load.per_second / least for one in results[1:])]
            table += [row(one, part) for one, part in zip(results, parts, strict=True)]
            print(*table[-len(peers) :], sep="\n", flush=True)
            lines.append(
                f"With {connections} {'connection' if connections == 1 else 'connections'}: "
                f"{parts[1]:.0f}% of a bare query (goal: {GOAL}%)."
            )
            if any(one.load.failed for one in results):
                lines.append("Some answers were not 200: these figures are of no use.")
    return table, lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench messages_api", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many messages there are")
    parser.add_argument("--seconds", type=float, default=15, help="measured time for each peer")
    parser.add_argument("--connections", type=int, default=16, help="asked at the same time")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    os.environ["DESKBELL_API_PER_MINUTE"] = str(10**9)  # one token asks as fast as it is answered
    print(heading())
    with site() as at:
        tenant = open_tenant()
        fill(tenant, chosen.rows)
        table, lines = run(at, tenant, chosen)
    lines.insert(0, f"25 of {chosen.rows:,} messages.")
    print("", *lines, sep="\n")
    if chosen.record:
        record("messages_api", table, lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
