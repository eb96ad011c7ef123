"""How many open Messages pages the web side bears: each asks every 1.8 seconds whether something is
new, while messages are taken.

The pages keep one connection each, as browsers do, and send the tag that they were given last; what
they receive is read, so that the instant is known at which each of them shows a message.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from peers.load import Connection, get
from peers.report import heading, record
from peers.site import HOST, Site, site
from peers.tenant import open_tenant

if TYPE_CHECKING:  # Django is set up by the site
    from deskbell.accounts.models import Account

EVERY = 1.8  # as the page's template says
SEEN_GOAL = 2.0
PEOPLE = 20
TAG = re.compile(rb'"If-None-Match": "([^"]+)"')
ROW = re.compile(rb'id="m-(\d+)"')


@dataclass(slots=True)
class Counted:
    """What all pages together met, in seconds, and when they first showed each message."""

    statuses: Counter[int] = field(default_factory=Counter)
    took: dict[int, list[float]] = field(default_factory=lambda: {200: [], 304: []})
    late: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    taken: dict[int, float] = field(default_factory=dict)
    taking: list[float] = field(default_factory=list)


def sign_in(account: Account, number: int) -> str:
    """A person of the account with an open session; the cookie of it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from deskbell.accounts.actions import add_user, join

    email = f"person{number}@example.com"
    user = add_user(
        email=email, name=f"Person {number}", password="Ring-the-bell-1", at=datetime.now(UTC)
    )
    join(user=user, account=account, role="BG_ADMIN")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def take(account: Account, number: int) -> int:
    """Takes a message as a caller's; its id."""
    from deskbell.messages.actions import Taken
    from deskbell.messages.actions import take as take_message
    from deskbell.platform.tenancy import account_scope

    taken = Taken(
        f"Please call back about order {number}, it is rather urgent. " * 3,
        first_name="Caller",
        last_name=str(number),
        phone=f"+1212555{number % 10_000:04}",
    )
    with account_scope(account.pk):
        return take_message(account_id=account.pk, taken=taken, at=datetime.now(UTC)).pk


async def one_page(at: Site, cookie: str, met: Counted, until: float, offset: float) -> None:
    """An open page: its list, then question after question."""
    connection = await Connection.open(HOST, at.port)
    shown: set[int] = set()
    tag = ""
    due = time.perf_counter() + offset
    while due < until:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        headers = {"Cookie": cookie, "HX-Request": "true", "HX-Source": "div#poll"}
        if tag:
            headers["If-None-Match"] = tag
        began = time.perf_counter()
        status, body = await connection.ask(get("/messages/live/", headers=headers))
        ended = time.perf_counter()
        met.statuses[status] += 1
        if tag:
            met.took.setdefault(status, []).append(ended - began)
            met.late.append(ended - due)
        if status == 200:
            tag = tag_in(body)
            note_rows(body, shown, met, ended)
        due = max(due + EVERY, ended)
    await connection.close()


def tag_in(body: bytes) -> str:
    """The tag that the page sends next, as its script reads it."""
    found = TAG.search(body)
    if found is None:
        raise RuntimeError("a list without a tag")
    return found[1].decode("unicode_escape")


def note_rows(body: bytes, shown: set[int], met: Counted, now: float) -> None:
    """Which messages this page shows for the first time, and how old they are."""
    fresh = {int(each) for each in ROW.findall(body)} - shown
    met.seen += [now - met.taken[each] for each in fresh if each in met.taken]
    shown |= fresh


async def take_some(
    make: Callable[[int], int], met: Counted, per_second: float, until: float
) -> None:
    """Takes messages at a steady pace once all pages are open, beside the loop they live in."""
    due, number = time.perf_counter() + 2 * EVERY, 0
    while (due := due + 1 / per_second) < until - 2 * EVERY:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        number += 1
        began = time.perf_counter()
        pk = await asyncio.to_thread(make, number)
        met.taken[pk] = time.perf_counter()
        met.taking.append(met.taken[pk] - began)


async def run(
    at: Site, account: Account, cookies: Sequence[str], chosen: argparse.Namespace
) -> Counted:
    met = Counted()
    pace = random.Random(7)
    until = time.perf_counter() + chosen.seconds
    async with asyncio.TaskGroup() as group:
        for number in range(chosen.pages):
            cookie = cookies[number % len(cookies)]
            group.create_task(one_page(at, cookie, met, until, EVERY * pace.random()))
        group.create_task(take_some(lambda number: take(account, number), met, chosen.rate, until))
    return met


def at_percent(values: Sequence[float], percent: int) -> float:
    """A percentile, 0 of nothing."""
    ordered = sorted(values) or [0.0]
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


HEAD = "| what | how many | p50 | p95 | p99 | most |\n|---|--:|--:|--:|--:|--:|"


def row(name: str, seconds: Sequence[float]) -> str:
    shown = [1000 * at_percent(seconds, percent) for percent in (50, 95, 99, 100)]
    return f"| {name} | {len(seconds):,} | " + " | ".join(f"{each:.1f} ms" for each in shown) + " |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench open_pages", description=__doc__)
    parser.add_argument("--pages", type=int, default=200, help="open Messages pages of one account")
    parser.add_argument("--rate", type=float, default=1.0, help="messages taken a second")
    parser.add_argument("--seconds", type=float, default=60, help="how long the pages are open")
    parser.add_argument("--messages", type=int, default=1000, help="there before")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    print(heading())
    with site() as at:
        account = open_tenant().account
        cookies = [sign_in(account, number) for number in range(PEOPLE)]
        for number in range(chosen.messages):
            take(account, number)
        web, database = at.spent()
        began = time.perf_counter()
        met = asyncio.run(run(at, account, cookies, chosen))
        took = time.perf_counter() - began
        web, database = (
            after - before for after, before in zip(at.spent(), (web, database), strict=True)
        )
    asked = sum(met.statuses.values())
    odd = asked - met.statuses[200] - met.statuses[304]
    rows = [
        row("nothing new (304)", met.took[304]),
        row("a new list (200)", met.took[200]),
        row("a message, from taken to seen", met.seen),
    ]
    in_time = sum(each <= SEEN_GOAL for each in met.seen) / max(1, len(met.seen))
    lines = [
        (
            f"{chosen.pages} open pages for {took:.0f} s, {len(met.taken)} messages taken, "
            f"{asked / took:.0f} questions a second, {met.statuses[304] / asked:.0%} of them 304; "
            f"CPU of the web processes {web / took:.0%} of a core, of the database "
            f"{database / took:.0%}."
        ),
        (
            f"Of {chosen.pages * len(met.taken):,} sights of a message {len(met.seen):,} happened, "
            f"{in_time:.1%} of them within {SEEN_GOAL:.0f} s."
        ),
    ]
    if odd:
        lines.append(f"{odd} answers were neither 200 nor 304: these figures are of no use.")
    print(HEAD, *rows, "", *lines, sep="\n")
    if chosen.record:
        record("open pages", [HEAD, *rows], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
