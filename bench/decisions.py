"""How many decisions a second the web side makes, beside a view that does nothing.

A decision is one request of a gateway in a call: a key comes, the call's row is locked, the rules
decide, the step is written, the next document goes out. The same server, middleware and
connections serve an empty view in the same run. Then decisions at the pace of 50 digits a second,
and what a system of 200 menus and 2,000 entries costs when it is read anew and when it is known.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import statistics
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from peers.load import Load, flat_out, get, paced, post
from peers.report import heading, record
from peers.site import HOST, Site, site
from peers.tenant import AT, Tenant, open_tenant

if TYPE_CHECKING:  # Django is set up by the site
    from deskbell.accounts.models import Account
    from deskbell.attendant.models import System

GOAL = 0.5  # of what the same server does for an empty view
SMALL, LARGE = "+12125550142", "+12125550143"
STEPS = 90  # of the 100 that a call may have
MENUS, ENTRIES = 200, 2000
KEYS = "1212121234"


@dataclass(frozen=True, slots=True)
class Filled:
    """What the requests need to know of the data."""

    tenant: Tenant
    voice_secret: str
    large: System


def fill() -> Filled:
    """An account with a small and a large system."""
    from deskbell.accounts.actions import add_number
    from deskbell.foundation.environment import environment
    from deskbell.platform.tenancy import account_scope

    tenant = open_tenant()
    account = tenant.account
    with account_scope(account.pk):
        systems = []
        for number, menus, entries in ((SMALL, 3, 14), (LARGE, MENUS, ENTRIES)):
            phone = add_number(account=account, number=number, at=AT)
            systems.append(add_system(account, phone, menus, entries))
    return Filled(tenant, environment().secrets.voice, systems[1])


def add_system(account: Account, number: Any, menus: int, entries: int) -> System:
    """A system whose menus lead from one to the next; each has a prompt, as after being spoken."""
    from deskbell.attendant import actions
    from deskbell.attendant.models import Announcement, Menu
    from deskbell.attendant.rules import WeekSpan

    prompt = actions.keep_prompt(b"\xff\x10\x20\x30" * 8000)
    system = actions.add_system(
        account=account, at=AT, name=f"{menus} menus", time_zone="America/New_York"
    )
    actions.assign_number(system=system, phone_number=number, at=AT)
    words = [
        Announcement(
            account=account,
            name=f"Words {place}",
            body="Press 1 or 2.",
            prompt=prompt,
            created_at=AT,
            updated_at=AT,
        )
        for place in range(menus)
    ]
    Announcement.objects.bulk_create(words)
    made = [
        Menu(
            account=account,
            system=system,
            name=f"Menu {place}",
            announcement=word,
            created_at=AT,
            updated_at=AT,
        )
        for place, word in enumerate(words)
    ]
    for place, menu in enumerate(made):
        following = made[(place + 1) % len(made)].sid
        menu.keys = [
            key("1", "GO_TO_MENU", following),
            key("2", "RETURN_TO_PREVIOUS_MENU"),
            key("3", "ANNOUNCEMENT_RETURN", words[0].sid),
            key("4", "REPLAY_MENU"),
        ]
    Menu.objects.bulk_create(made)
    step = 7 * 24 * 60 // entries
    week = [
        WeekSpan(made[place % menus].sid, *minute_of_week(place * step, (place + 1) * step))
        for place in range(entries)
    ]
    actions.set_weekly_schedule(system=system, entries=week, at=AT)
    system.refresh_from_db()
    return system


def key(name: str, action: str, data: str = "") -> dict[str, Any]:
    return {"menuKey": name, "menuAction": {"actionType": action, "actionData": data}}


def minute_of_week(first: int, after: int) -> tuple[int, datetime.time, datetime.time]:
    """The day, and the times of the two minutes."""

    def clock(minute: int) -> datetime.time:
        return datetime.time(minute // 60 % 24, minute % 60)

    return first // (24 * 60) + 1, clock(first), clock(after)


class Caller:
    """The requests of calls, one call after the other, signed as the gateway signs them."""

    _calls = count()

    def __init__(self, at: Site, filled: Filled, number: str) -> None:
        self._site = at
        self._filled = filled
        self._number = number
        self._account_id = filled.tenant.account.pk

    def calls(self) -> Iterator[bytes]:
        """New calls: each request makes a call's first document."""
        while True:
            yield self._incoming(self._new_sid())

    def steps(self) -> Iterator[bytes]:
        """Keys in calls; every 91st request begins another call."""
        while True:
            sid = self._new_sid()
            yield self._incoming(sid)
            for number in range(1, STEPS + 1):
                yield self._step(sid, number)

    def searches(self) -> Iterator[bytes]:
        """The RCML API."""
        number = quote(self._number)
        while True:
            yield get(f"/autoattendant/rcml/search/{number}", headers=self._filled.tenant.headers)

    def _new_sid(self) -> str:
        return f"CA{next(Caller._calls):032x}"

    def _incoming(self, sid: str) -> bytes:
        form = {"CallSid": sid, "From": "+12125550199", "To": self._number}
        return self._signed("/voice/incoming", form)

    def _step(self, sid: str, number: int) -> bytes:
        form = {"CallSid": sid, "Digits": KEYS[number % len(KEYS)]}
        return self._signed(f"/voice/step?account={self._account_id}&n={number}", form)

    def _signed(self, path: str, form: dict[str, str]) -> bytes:
        from deskbell.foundation.signing import HEADER, sign

        signature = sign(self._filled.voice_secret, self._site.url + path, form)
        return post(path, urlencode(form).encode(), headers={HEADER: signature})


def nothing() -> Iterator[bytes]:
    """The view that does nothing, asked with a form as large as a step's."""
    body = b"CallSid=CA00000000000000000000000000000000&Digits=1"
    while True:
        yield post("/empty", body)


@dataclass(frozen=True, slots=True)
class Result:
    """One kind of request, and the CPU that an answer cost: milliseconds of the web processes and
    of the database."""

    load: Load
    web_ms: float
    database_ms: float

    @property
    def cpu_ms(self) -> float:
        return self.web_ms + self.database_ms


async def watched(at: Site, loading: Coroutine[None, None, Load]) -> Result:
    before = at.spent()
    load = await loading
    web, database = (
        1000 * (after - earlier) / load.answers
        for after, earlier in zip(at.spent(), before, strict=True)
    )
    return Result(load, web, database)


async def over_http(at: Site, filled: Filled, chosen: argparse.Namespace) -> list[Result]:
    """Every kind of request in turn, and the empty view before and after them."""
    small, large = Caller(at, filled, SMALL), Caller(at, filled, LARGE)
    kinds = [
        ("empty view", nothing),
        ("key in a call", small.steps),
        ("key, 200 menus", large.steps),
        ("new call", small.calls),
        ("RCML API", small.searches),
        ("empty view again", nothing),
    ]
    options = {"connections": chosen.connections, "seconds": chosen.seconds}
    results: list[Result] = []
    for name, requests in kinds:
        await flat_out("warm-up", HOST, at.port, requests, connections=8, seconds=1.5)
        loading = flat_out(name, HOST, at.port, requests, **options)
        results.append(await watched(at, loading))
        print(row(results[-1], results[0]), flush=True)
    fifty = paced(
        "key, 50 a second", HOST, at.port, small.steps, per_second=50, seconds=chosen.seconds
    )
    results.append(await watched(at, fifty))
    print(row(results[-1], results[0]), flush=True)
    return results


HEAD = (
    "| request | answers/s | of the empty view | web CPU | database CPU | of its CPU | p50 | p99 "
    "| answers | not 200 |"
)
RULE = "|---|" + "--:|" * 9


def row(one: Result, empty: Result) -> str:
    load = one.load
    return (
        f"| {load.name} | {load.per_second:.0f} | {load.per_second / empty.load.per_second:.0%} "
        f"| {one.web_ms:.2f} ms | {one.database_ms:.2f} ms | {one.cpu_ms / empty.cpu_ms:.1f} times "
        f"| {load.p50_ms:.1f} ms | {load.p99_ms:.1f} ms | {load.answers} | {load.failed} |"
    )


def in_process(system: System, rounds: int) -> list[str]:
    """What the large system costs without HTTP: read anew, and once it is known."""
    import uuid

    from deskbell.attendant.configuration import configuration
    from deskbell.attendant.rules import (
        CallState,
        Entered,
        GatewayLinks,
        KeyPressed,
        decide,
    )
    from deskbell.platform.tenancy import account_scope

    links = GatewayLinks("http://127.0.0.1", system.account_id)
    with account_scope(system.account_id):
        cold = timed(lambda: configuration(system.pk, uuid.uuid4()), rounds)
        known = configuration(system.pk, system.version)
    enter = timed(lambda: decide(known, CallState(), Entered(), AT, links), rounds * 10)
    state = decide(known, CallState(), Entered(), AT, links).state
    press = timed(lambda: decide(known, state, KeyPressed("1"), AT, links), rounds * 100)
    return [
        (
            f"A system of {MENUS} menus and {ENTRIES:,} entries, in process: read from the "
            f"database in {cold:.1f} ms (once per change), first decision {enter:.2f} ms, a key "
            f"{press:.3f} ms."
        ),
    ]


def timed(act: Callable[[], object], rounds: int) -> float:
    """Milliseconds that it takes, the median of all rounds."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return 1000 * statistics.median(took)


def summary(results: list[Result]) -> list[str]:
    """What the table means, in a few lines."""
    by_name = {one.load.name: one for one in results}
    empty = [one for one in results if one.load.name.startswith("empty view")]
    fastest, slowest = (find(one.load.per_second for one in empty) for find in (max, min))
    mean = statistics.mean((fastest, slowest))
    decided, fifty = by_name["key in a call"], by_name["key, 50 a second"].load
    said = [
        f"A decision: {decided.load.per_second / mean:.0%} of the empty view (goal: {GOAL:.0%});",
        f"{decided.cpu_ms:.2f} ms of CPU beside {empty[0].cpu_ms:.2f} ms.",
        f"At 50 digits a second the web side takes {fifty.p50_ms:.1f} ms p50,",
        f"{fifty.p99_ms:.1f} ms p99.",
    ]
    lines = [" ".join(said)]
    if fastest > 1.2 * slowest:
        lines.append("The empty view itself changed by more than a fifth: repeat it alone.")
    if any(one.load.failed for one in results):
        lines.append("Some answers were not 200: these figures are of no use.")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench decisions", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="measured time for each kind")
    parser.add_argument("--connections", type=int, default=16, help="asked at the same time")
    parser.add_argument("--rounds", type=int, default=30, help="of what is timed in process")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    print(heading())
    with site() as at:
        filled = fill()
        print(HEAD, RULE, sep="\n", flush=True)
        results = asyncio.run(over_http(at, filled, chosen))
        lines = [*summary(results), *in_process(filled.large, chosen.rounds)]
    print("", *lines, sep="\n")
    if chosen.record:
        record("decisions", [HEAD, RULE, *(row(one, results[0]) for one in results)], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
