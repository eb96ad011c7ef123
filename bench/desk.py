"""How soon a receptionist's telephone rings, with 100 open desks and 20 callers a second, and how
long it takes to say who is rung for a queue of 1,000.

The web processes, the worker and the gateway are those of `up`; the telephones register with
digest, the callers come by SIP, and every desk's page is open and asks as its script does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from open_pages import HEAD, at_percent, row
from peers.load import Connection, get
from peers.processes import busy_seconds, family_cpu_seconds
from peers.report import heading, record
from peers.site import HOST, Site, gateway, site, worker
from peers.tenant import AT, open_tenant

if TYPE_CHECKING:  # Django is set up by the site
    from deskbell.accounts.models import Account

NUMBER = "+12125550142"
EVERY = 1.0  # as the desk's script asks
GOAL_MS = 500
BUSY = 30.0  # percent of a core used by others
_BENCH = Path(__file__).resolve().parent


@dataclass(slots=True)
class Pages:
    """What the open desks met, in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    took: dict[int, list[float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of CPU so far, by whom, and when that was."""

    at: float
    web: float
    database: float
    worker: float
    gateway: float
    peers: float
    everybody: float


def fill_system(account: Account) -> None:
    """A system whose one menu is a byte of sound, and whose 0 transfers to a receptionist."""
    from deskbell.accounts.actions import add_number
    from deskbell.attendant import actions
    from deskbell.attendant.models import Announcement, Menu
    from deskbell.attendant.rules import WeekSpan
    from deskbell.desk.actions.terms import Terms, set_terms
    from deskbell.platform.tenancy import account_scope

    with account_scope(account.pk):
        number = add_number(account=account, number=NUMBER, at=AT)
        system = actions.add_system(
            account=account, at=AT, name="Reception", time_zone="America/New_York"
        )
        actions.assign_number(system=system, phone_number=number, at=AT)
        times = {"account": account, "created_at": AT, "updated_at": AT}
        words = Announcement.objects.create(
            name="Short", body="Short", prompt=actions.keep_prompt(b"\x10" * 800), **times
        )
        key = {"menuKey": "0", "menuAction": {"actionType": "TRANSFER_TO_RECEPTIONIST"}}
        menu = Menu.objects.create(
            system=system, name="Main", announcement=words, keys=[key], **times
        )
        midnight = AT.time().replace(hour=0)
        week = [WeekSpan(menu.sid, day, midnight, midnight) for day in range(1, 8)]
        actions.set_weekly_schedule(system=system, entries=week, at=AT)
        terms = Terms(wrap_seconds=0, patience_seconds=600)
        set_terms(account_id=account.pk, number=None, terms=terms)


def fill_desks(count: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Receptionists with a staff phone each; user names with passwords, and their sessions."""
    from deskbell.accounts.actions import add_user
    from deskbell.desk.actions import staffing
    from deskbell.lines.actions import add_staff_phone

    phones, cookies = [], []
    for place in range(count):
        user = add_user(
            email=f"desk{place}@example.com",
            name=f"Desk {place}",
            password=None,
            staff="receptionist",
            at=AT,
        )
        phone, password = add_staff_phone(user=user, name=f"desk-{place}", at=AT)
        staffing.add_receptionist(user=user, phone=phone.username, skills=[], at=AT)
        phones.append((phone.username, password))
        cookies.append(_session_of(user))
    return phones, cookies


def _session_of(user: Any) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def go_available() -> None:
    """Every receptionist is there."""
    from deskbell.desk import actions
    from deskbell.desk.models import Receptionist

    for each in Receptionist.objects.all():
        actions.go_available(receptionist=each, at=datetime.now(UTC))


def go_away() -> None:
    """Nobody is, and nobody waits any more."""
    from deskbell.desk.models import DeskCall, Offer, Receptionist
    from deskbell.platform.tenancy import system_scope

    with system_scope("the bench tidies up"):
        Offer.objects.all().delete()
        DeskCall.objects.all().delete()
        Receptionist.objects.update(standing="away", missed=0)


async def one_desk(at: Site, cookie: str, met: Pages, until: float, offset: float) -> None:
    """An open desk: question after question, with the tag that it was given last."""
    connection = await Connection.open(HOST, at.port)
    tag, due = "", time.perf_counter() + offset
    while due < until:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        headers = {"Cookie": cookie, "X-Requested-With": "fetch"}
        if tag:
            headers["If-None-Match"] = tag
        began = time.perf_counter()
        status, _ = await connection.ask(get("/desk/live/", headers=headers))
        ended = time.perf_counter()
        met.statuses[status] += 1
        met.took.setdefault(status, []).append(ended - began)
        tag = connection.tag
        due = max(due + EVERY, ended)
    await connection.close()


async def desks(at: Site, cookies: Sequence[str], seconds: float) -> Pages:
    """All desks, open for so long."""
    met, pace = Pages(), random.Random(3)
    until = time.perf_counter() + seconds
    async with asyncio.TaskGroup() as group:
        for cookie in cookies:
            group.create_task(one_desk(at, cookie, met, until, EVERY * pace.random()))
    return met


def talk(
    at: Site, pids: tuple[int, int], phones: list[tuple[str, str]], chosen: argparse.Namespace
) -> tuple[list[dict[str, Any]], Pages, tuple[Spent, Spent]]:
    """Opens the desks, lets the callers come, and watches the processes meanwhile."""
    cookies = chosen.cookies
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(phones, file)
        file.flush()
        command = [sys.executable, "-m", "peers.reception", "--sip", os.environ["DESKBELL_SIP"]]
        command += ["--phones", file.name, "--number", NUMBER, "--rate", str(chosen.rate)]
        command += ["--seconds", str(chosen.seconds), "--talk", str(chosen.talk)]
        path = f"{os.environ['PYTHONPATH']}:{_BENCH.parent}"  # the phone is among the tests
        variables = os.environ | {"PYTHONPATH": path}
        with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) as peers:
            assert peers.stdout

            def look() -> Spent:
                web, database = at.spent()
                worker, gateway, own = (family_cpu_seconds(pid) for pid in (*pids, peers.pid))
                now = time.monotonic()
                return Spent(now, web, database, worker, gateway, own, busy_seconds())

            if peers.stdout.readline().strip() != "ready":
                raise SystemExit("The telephones did not register.")
            go_available()
            before = look()
            met = asyncio.run(desks(at, cookies, chosen.seconds + 2 * chosen.talk))
            after = look()
            callers = json.loads(peers.stdout.readline())
    return callers, met, (before, after)


def entered() -> dict[str, float]:
    """When each caller came into the queue, by its number, in seconds since 1970."""
    from deskbell.desk.models import DeskCall
    from deskbell.platform.tenancy import system_scope

    with system_scope("the bench reads"):
        rows = DeskCall.objects.values_list("caller_id", "entered_at")
        return {caller.lstrip("+"): at.timestamp() for caller, at in rows}


def assign_many(account: Account, callers: int) -> tuple[float, float, int]:
    """Queues so many callers and says who is rung for them: milliseconds of the pure rule, of all
    of the distribution with what it writes, and how many telephones are rung."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from deskbell.desk import actions
    from deskbell.desk.models import DeskCall, Offer
    from deskbell.desk.rules import assignment
    from deskbell.platform.tenancy import system_scope

    at = datetime.now(UTC)
    with system_scope("the bench fills the queue"):
        DeskCall.objects.bulk_create(
            DeskCall(
                account=account,
                kind="incoming",
                state="waiting",
                room=f"desk-{place:032x}",
                call_sid=f"CA{place:032x}",
                gateway="http://127.0.0.1:1",
                caller_id=str(12125570000 + place),
                entered_at=at - timedelta(seconds=callers - place),
                rank_at=at - timedelta(seconds=callers - place),
                gives_up_at=at + timedelta(hours=1),
            )
            for place in range(callers)
        )
        waiting = [assignment.Waiting(place, at) for place in range(callers)]
        free = [assignment.Free(place, frozenset(), at) for place in range(100)]
        began = time.perf_counter()
        assignment.assign(waiting, free)
        pure = time.perf_counter() - began
        with CaptureQueriesContext(connection) as statements:
            began = time.perf_counter()
            actions.distribute(at)
            whole = time.perf_counter() - began
        rung = Offer.objects.filter(state="ringing").count()
    print(f"{len(statements)} statements for {callers} callers, {rung} telephones rung")
    return 1000 * pure, 1000 * whole, rung


def shown(
    callers: list[dict[str, Any]], came: dict[str, float], met: Pages, spent: tuple[Spent, Spent]
) -> tuple[list[str], list[str]]:
    """The table, and what it means in a few lines."""
    rung = [
        each["rang_at"] - came[each["number"]]
        for each in callers
        if each["rang_at"] and each["number"] in came
    ]
    rows = [row("in the queue, until a telephone rings", rung)]
    rows += [row(f"a desk's question ({status})", took) for status, took in met.took.items()]
    first, last = spent
    seconds = last.at - first.at
    cpu = {
        name: (getattr(last, name) - getattr(first, name)) / seconds
        for name in ("web", "database", "worker", "gateway", "peers", "everybody")
    }
    talked = sum(each["talked"] for each in callers)
    rings = sum(each["rings"] for each in callers) / max(1, len(callers))
    others = 100 * (cpu.pop("everybody") - sum(cpu.values()))
    parts = ", ".join(f"{name} {share:.0%}" for name, share in cpu.items() if name != "peers")
    lines = [
        (
            f"{len(callers)} callers, {len(rung)} rung for, {talked} answered; {rings:.1f} "
            f"telephones rung for each; {at_percent(rung, 99) * 1000:.0f} ms p99 (goal: {GOAL_MS})."
        ),
        f"CPU of a core: {parts}.",
    ]
    if others > BUSY:
        lines.append(f"Other programs took {others:.0f}% of a core meanwhile: repeat it alone.")
    return rows, lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench desk", description=__doc__)
    parser.add_argument("--desks", type=int, default=100)
    parser.add_argument("--rate", type=float, default=20, help="callers a second")
    parser.add_argument("--seconds", type=float, default=30, help="how long callers come")
    parser.add_argument("--talk", type=float, default=2.5, help="seconds of a conversation")
    parser.add_argument("--queued", type=int, default=1000, help="callers to assign at once")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    print(heading())
    with site() as at:
        account = open_tenant().account
        fill_system(account)
        phones, chosen.cookies = fill_desks(chosen.desks)
        go_available()
        pure, whole, rung = assign_many(account, chosen.queued)
        go_away()
        with gateway(at) as gateway_pid, worker(at) as worker_pid:
            callers, met, spent = talk(at, (worker_pid, gateway_pid), phones, chosen)
        rows, lines = shown(callers, entered(), met, spent)
    lines.insert(0, f"{chosen.desks} open desks, {chosen.rate:g} callers a second.")
    lines.append(
        f"{chosen.queued:,} queued callers, {rung} telephones rung: {pure:.1f} ms for the rule, "
        f"{whole:.0f} ms with all that is written."
    )
    print(HEAD, *rows, "", *lines, sep="\n")
    if chosen.record:
        record("desk", [HEAD, *rows], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
