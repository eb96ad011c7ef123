"""How long a caller waits between a key and the next menu: gateway, web side and database together.

Callers stand in calls and press keys, 50 a second in all, each of which leads to another menu. The
time runs from the first packet of the key to the first packet of the next menu's prompt.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from peers.processes import busy_seconds, family_cpu_seconds
from peers.report import heading, record
from peers.site import Site, gateway, site
from peers.tenant import AT, open_tenant

GOAL_P50, GOAL_P99 = 60, 150  # milliseconds
LOST_MS = 2000.0  # the callers' patience
PER_SECOND = 50
STANDING, WARMING = 3.0, 2.0
NUMBER = "+12125550142"
MOST_KEYS = 95  # of the 100 decisions that a call may have
FEWEST, MOST = (
    15,
    200,
)  # calls: fewer would ask too fast for one call, more would be silent too long
LONG, SHORT = 60.0, 0.2  # seconds: one menu is left while it speaks, the other when it has spoken
BUSY = 30.0  # percent of a core used by others
_BENCH = Path(__file__).resolve().parent


def fill() -> None:
    """A system of two menus, each of which leads to the other; their prompts are one byte each."""
    from deskbell.accounts.actions import add_number
    from deskbell.attendant import actions
    from deskbell.attendant.models import Announcement, Menu
    from deskbell.attendant.rules import WeekSpan
    from deskbell.platform.tenancy import account_scope

    account = open_tenant().account
    with account_scope(account.pk):
        number = add_number(account=account, number=NUMBER, at=AT)
        system = actions.add_system(
            account=account, at=AT, name="Two menus", time_zone="America/New_York"
        )
        actions.assign_number(system=system, phone_number=number, at=AT)
        times = {"account": account, "created_at": AT, "updated_at": AT}
        menus = []
        for name, byte, seconds in (("Long", b"\x10", LONG), ("Short", b"\x20", SHORT)):
            prompt = actions.keep_prompt(byte * int(8000 * seconds))
            words = Announcement.objects.create(name=name, body=name, prompt=prompt, **times)
            menus.append(Menu(system=system, name=name, announcement=words, **times))
        for menu, other in zip(menus, reversed(menus), strict=True):
            action = {"actionType": "GO_TO_MENU", "actionData": other.sid}
            menu.keys = [{"menuKey": "1", "menuAction": action}]
        Menu.objects.bulk_create(menus)
        midnight = AT.time().replace(hour=0)
        week = [WeekSpan(menus[0].sid, day, midnight, midnight) for day in range(1, 8)]
        actions.set_weekly_schedule(system=system, entries=week, at=AT)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of CPU so far, by whom, and when that was."""

    at: float
    web: float
    database: float
    gateway: float
    callers: float
    everybody: float

    def rate(self, name: str, later: Spent) -> float:
        """Seconds of CPU in a second between this and `later`."""
        before, after = float(getattr(self, name)), float(getattr(later, name))
        return (after - before) / (later.at - self.at)


@dataclass(frozen=True, slots=True)
class Key:
    """What came of a key: milliseconds to the next menu, None where none came in 2 s."""

    took_ms: float | None
    was_playing: bool


@dataclass(frozen=True, slots=True)
class Run:
    """All keys that count; what was spent at the ends of the time in which the calls only stood,
    and of that in which the keys were pressed."""

    keys: list[Key]
    idle: tuple[Spent, Spent]
    busy: tuple[Spent, Spent]

    def per_key_ms(self, name: str) -> float:
        """CPU for a key, without what holding the calls takes."""

        def rate(ends: tuple[Spent, Spent]) -> float:
            return ends[0].rate(name, ends[1])

        seconds = self.busy[1].at - self.busy[0].at
        return 1000 * (rate(self.busy) - rate(self.idle)) * seconds / len(self.keys)

    @property
    def others_percent(self) -> float:
        """CPU that the rest of the machine took meanwhile, in percent of a core."""
        first, last = self.busy
        ours = sum(first.rate(name, last) for name in ("web", "database", "gateway", "callers"))
        return 100 * max(0.0, first.rate("everybody", last) - ours)


def press(at: Site, gateway_pid: int, chosen: argparse.Namespace) -> Run:
    """Runs the callers and watches the processes between what they say."""
    phases = {"standing": STANDING, "warming": WARMING, "pressing": chosen.seconds}
    command = [sys.executable, "-m", "peers.callers", "--sip", os.environ["DESKBELL_SIP"]]
    command += ["--number", NUMBER, "--calls", str(chosen.calls), "--per-second", str(PER_SECOND)]
    for name, seconds in phases.items():
        command += [f"--{name}", str(seconds)]
    path = f"{os.environ['PYTHONPATH']}:{_BENCH.parent}"  # the phone is among the tests
    variables = os.environ | {"PYTHONPATH": path}
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) as callers:
        assert callers.stdout

        def look() -> Spent:
            web, database = at.spent()
            gateway, own = family_cpu_seconds(gateway_pid), family_cpu_seconds(callers.pid)
            return Spent(time.monotonic(), web, database, gateway, own, busy_seconds())

        looks = []
        for phase in phases:
            if callers.stdout.readline().strip() != phase:
                raise SystemExit(f"The callers ended before {phase}.")
            looks.append(look())
        pairs = json.loads(callers.stdout.readline())
        looks.append(look())
    keys = [Key(took, was_playing) for took, was_playing in pairs]
    return Run(keys, (looks[0], looks[1]), (looks[2], looks[3]))


HEAD = "| keys | pressed | lost | p50 | p95 | p99 | max |"
RULE = "|---|" + "--:|" * 6


def waits(keys: list[Key]) -> list[float]:
    """Milliseconds, sorted; a lost key counts as long as it was waited for."""
    return sorted(LOST_MS if key.took_ms is None else key.took_ms for key in keys)


def lost(keys: list[Key]) -> int:
    return sum(key.took_ms is None for key in keys)


def percentile(took: list[float], share: int) -> float:
    return took[min(len(took) - 1, len(took) * share // 100)]


def row(name: str, keys: list[Key]) -> str:
    took = waits(keys)
    figures = [*(percentile(took, share) for share in (50, 95, 99)), took[-1]]
    shown = " | ".join(f"{one:.1f} ms" for one in figures)
    return f"| {name} | {len(keys)} | {lost(keys)} | {shown} |"


def table(run: Run) -> list[str]:
    kinds = {
        "all": run.keys,
        "while a prompt plays": [key for key in run.keys if key.was_playing],
        "in the silence behind it": [key for key in run.keys if not key.was_playing],
    }
    return [HEAD, RULE, *(row(name, keys) for name, keys in kinds.items() if keys)]


def summary(run: Run, calls: int) -> list[str]:
    """What the table means, in a few lines."""
    took = waits(run.keys)
    seconds = run.busy[1].at - run.busy[0].at
    said = [
        f"{len(run.keys) / seconds:.0f} keys a second in {calls} calls:",
        f"{percentile(took, 50):.1f} ms p50 (goal: {GOAL_P50}),",
        f"{percentile(took, 99):.1f} ms p99 (goal: {GOAL_P99}), {lost(run.keys)} lost.",
    ]
    cpu = [
        f"CPU of a key: web {run.per_key_ms('web'):.2f} ms,",
        f"database {run.per_key_ms('database'):.2f} ms,",
        f"gateway {run.per_key_ms('gateway'):.2f} ms beyond holding the calls.",
    ]
    lines = [" ".join(said), " ".join(cpu)]
    if run.others_percent > BUSY:
        lines.append(
            f"Other programs took {run.others_percent:.0f}% of a core meanwhile: repeat it alone."
        )
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench digits", description=__doc__)
    parser.add_argument("--calls", type=int, default=25, help=f"from {FEWEST} to {MOST}")
    parser.add_argument("--seconds", type=float, default=30, help="in which keys are pressed")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    if not FEWEST <= chosen.calls <= MOST:
        parser.error(f"--calls takes {FEWEST} to {MOST}")
    if (chosen.seconds + WARMING) * PER_SECOND > MOST_KEYS * chosen.calls:
        most = MOST_KEYS * chosen.calls / PER_SECOND - WARMING
        parser.error(
            f"{chosen.calls} calls bear keys for {most:.0f} s: fewer --seconds, or more --calls"
        )
    print(heading())
    with site() as at:
        fill()
        with gateway(at) as pid:
            run = press(at, pid, chosen)
    lines = summary(run, chosen.calls)
    print(*table(run), "", *lines, sep="\n")
    if chosen.record:
        record("digits", table(run), lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
