"""How long lists of messages take with 1,000,000 messages of one account.

Searches for what is rare, common and nowhere, every sort, the first page and the last, the counts
of tabs, and the portal's page with all of it. Beside them stands a query that does nothing, the way
to the database and back; and what taking one message costs then.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from peers.report import heading, record
from peers.site import site
from peers.tenant import Tenant, open_tenant

if TYPE_CHECKING:  # Django is set up by the site
    from deskbell.messages.queries import Wanted

SIZE = 25
RARE, NUMBER = "zebrafish", "5550142"
GOAL_MS = 100.0
HEAD = "| what | p50 | p99 | longest |\n|---|--:|--:|--:|"
_SYLLABLES = [first + last for first in "bdfgklmnpr" for last in "aeo"]


def words(count: int) -> list[str]:
    """Made-up words of two to four syllables, always the same."""
    chance = random.Random(1)
    made: dict[str, None] = {}
    while len(made) < count:
        made["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(made)


_FILL = """
INSERT INTO deskbell_messages_message (uuid, account_id, status, read, created_at, updated_at,
    pbx_name, phone_number, extension, caller_id, first_name, last_name, company_name, phone,
    alt_phone, email, address, address2, city, state, zip, how_you_hear_about_us, content, answers,
    note, is_emergency, positive_data_dip, class_names, non_message_type, email_subject,
    receiver_name, ivr, call_ref_id, from_to_do, escalation_counter, escalation_loops,
    activities_count, acknowledged_by, acknowledged_from, acknowledged_address, is_for_check_in)
SELECT gen_random_uuid(), %(account)s,
    CASE WHEN n %% 10 = 0 THEN 'delivered' ELSE 'acknowledged' END, true,
    %(at)s - n * interval '15 seconds', %(at)s - n * interval '15 seconds', 'deskbell', '', '',
    '+1212' || lpad((n * 7919 %% 9999991)::text, 7, '0'),
    initcap(vocabulary.words[1 + n %% 997]), initcap(vocabulary.words[1 + n %% 1009]),
    initcap(vocabulary.words[1 + n %% 389]),
    '+1212' || lpad((n * 7919 %% 9999991)::text, 7, '0'), '', '', '', '', '', '', '', '',
    CONTENT || CASE WHEN n %% 100000 = 4711 THEN ' zebrafish' ELSE '' END,
    '{"urgent": "Yes"}', '', n %% 200 = 0, false, '', '', '', '', '', '', false, 1, '{}', 4, '', '',
    '', false
FROM generate_series(1, %(rows)s::bigint) AS n, (SELECT %(words)s::text[] AS words) AS vocabulary
"""
_EACH_ITS_OWN = """
(SELECT string_agg(vocabulary.words[1 + floor(power(random(), 3) * %(most)s + 0 * place)::int], ' ')
 FROM generate_series(n + 1 - n, 30) AS place)
"""
ALL_ALIKE = "(SELECT string_agg(word, ' ') FROM unnest(vocabulary.words[1:30]) AS word)"
_CARDS = """
INSERT INTO deskbell_messages_indexcard
SELECT card.* FROM deskbell_messages_message AS m, LATERAL messages_card(m) AS card
"""
_TALLY = """
INSERT INTO deskbell_messages_tally (account_id, new, acknowledged, other)
SELECT account_id, count(*) FILTER (WHERE messages_tab(status, origin) = 1),
       count(*) FILTER (WHERE messages_tab(status, origin) = 2), 0
FROM deskbell_messages_message GROUP BY account_id
"""


def fill_messages(tenant: Tenant, rows: int, content: str = _EACH_ITS_OWN) -> None:
    """Messages over the years, one in ten of them open, by SQL, without cards to search in.

    `content` is SQL; texts that are ALL_ALIKE take a fraction of the time.
    """
    from django.db import connection

    vocabulary = words(3000)
    values: dict[str, Any] = {
        "account": tenant.account.pk,
        "at": datetime.now(UTC),
        "words": vocabulary,
        "most": len(vocabulary),
        "rows": rows,
    }
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE deskbell_messages_message DISABLE TRIGGER USER")
        cursor.execute(_FILL.replace("CONTENT", content), values)
        cursor.execute("ALTER TABLE deskbell_messages_message ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE deskbell_messages_message")


def fill(tenant: Tenant, rows: int) -> None:
    """The same with their cards and tallies; the cards' indexes are made after."""
    from django.db import connection

    fill_messages(tenant, rows)
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE tablename = 'deskbell_messages_indexcard' AND indexname LIKE 'cards%'"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(_CARDS)
        cursor.execute(_TALLY)
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE deskbell_messages_indexcard")


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing that was asked many times: milliseconds, from the shortest to the longest."""

    name: str
    took: Sequence[float]

    @property
    def p50(self) -> float:
        return self.took[len(self.took) // 2]

    @property
    def p99(self) -> float:
        return self.took[min(len(self.took) - 1, len(self.took) * 99 // 100)]

    def __str__(self) -> str:
        return f"| {self.name} | {self.p50:.1f} ms | {self.p99:.1f} ms | {self.took[-1]:.1f} ms |"


def timed(name: str, ask: Callable[[], Any], rounds: int) -> Measured:
    """Asks twice for nothing, then `rounds` times."""
    took = []
    for number in range(rounds + 2):
        began = time.perf_counter()
        ask()
        if number >= 2:
            took.append(1000 * (time.perf_counter() - began))
    measured = Measured(name, sorted(took))
    print(measured, flush=True)
    return measured


def lists(common: str, rows: int) -> dict[str, tuple[Wanted, dict[str, Any]]]:
    """What is asked of a list: what it is of, and which part in which order."""
    from deskbell.messages.queries import SORTS, Wanted

    last = max(rows - rows % SIZE - SIZE, 0)
    asked: dict[str, tuple[Wanted, dict[str, Any]]] = {
        "all, page 1": (Wanted(), {}),
        "all, last page": (Wanted(), {"start": last}),
        "all, the middle": (Wanted(), {"start": last // 2}),
    }
    for sort in SORTS:
        asked[f"acknowledged by {sort}, page 1"] = (Wanted(tab="acknowledged"), {"sort": sort})
        asked[f"new by {sort}, last page"] = (
            Wanted(tab="new"),
            {"sort": sort, "start": max(rows // 10 - SIZE, 0)},
        )
    searched = {
        "a rare word": RARE,
        "a common word": common,
        "two common words": f"{common} {words(3)[1]}",
        "a phrase": f'"{common} {common}"',
        "part of a number": NUMBER,
        "part of a word": RARE[2:8],
        "two letters": "zq",
        "nowhere": "quetzalcoatl",
    }
    for name, search in searched.items():
        asked[f"{name}, page 1"] = (Wanted(search=search), {})
        asked[f"{name}, among new, by company"] = (
            Wanted(tab="new", search=search),
            {"sort": "company", "descending": False},
        )
    asked["a common word, page 400"] = (Wanted(search=common), {"start": 399 * SIZE})
    asked["emergencies"] = (Wanted(is_emergency=True), {})
    asked["changed lately"] = (Wanted(updated_since=datetime.now(UTC) - timedelta(hours=1)), {})
    return asked


def run(tenant: Tenant, rows: int, rounds: int) -> list[Measured]:
    from django.db import connection

    from deskbell.messages import actions, queries
    from deskbell.platform.tenancy import account_scope

    def nothing() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    taken = actions.Taken(f"Please call back about {RARE}s" * 8, first_name="Caller", phone=NUMBER)
    print(HEAD, flush=True)
    with account_scope(tenant.account.pk):
        results = [timed("nothing", nothing, rounds)]
        results.append(timed("counts of the tabs", queries.counts, rounds))
        for name, (wanted, how) in lists(words(1)[0], rows).items():

            def ask(wanted: Wanted = wanted, how: dict[str, Any] = how) -> None:
                total = queries.how_many(wanted)
                list(queries.page(wanted, **{"start": 0, "size": SIZE, "total": total, **how}))

            results.append(timed(f"{name}, and how many", ask, rounds))
        results += [timed(f"portal: {path}", portal(path), rounds) for path in pages()]
        results.append(
            timed(
                "taking a message",
                lambda: actions.take(
                    account_id=tenant.account.pk, taken=taken, at=datetime.now(UTC)
                ),
                5 * rounds,
            )
        )
    return results


def pages() -> list[str]:
    common = words(1)[0]
    return [
        "/messages/",
        "/messages/?tab=acknowledged",
        f"/messages/?tab=acknowledged&q={common}",
        f"/messages/?tab=acknowledged&q={RARE}&sort=from",
    ]


def portal(path: str) -> Callable[[], None]:
    """Asks for a page as somebody who is signed in, in this process: the server's time alone."""
    from django.test import Client

    from deskbell.accounts.models import User

    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(User.objects.order_by("pk")[0])

    def ask() -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} gives {answer.status_code}")

    return ask


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench search", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000, help="how many there are")
    parser.add_argument("--rounds", type=int, default=50, help="how often each is asked")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    print(heading())
    with site():
        tenant = open_tenant()
        began = time.perf_counter()
        fill(tenant, chosen.messages)
        print(f"{chosen.messages:,} messages in {time.perf_counter() - began:.0f} s\n", flush=True)
        results = run(tenant, chosen.messages, chosen.rounds)
    slowest = max(results, key=lambda one: one.p99)
    slow = [one.name for one in results if one.p99 > GOAL_MS]
    lines = [
        (
            f"Pages of {SIZE} of {chosen.messages:,} messages of one account; the slowest is"
            f' "{slowest.name}" with {slowest.p99:.0f} ms p99.'
        ),
        f"Over {GOAL_MS:.0f} ms at p99: {', '.join(slow) or 'none'}.",
    ]
    print("", *lines, sep="\n")
    if chosen.record:
        record("search", [HEAD, *map(str, results)], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
