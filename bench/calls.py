"""How many calls with two-way RTP one gateway process carries, and what each costs.

SIPp is every caller: it sends audio all the time and receives the prompt of a menu, or, with
`--kind bridged` and `recorded`, the audio of another SIPp that the engine has called for it.
Sizes are
tried in turn, each on a fresh process; a size counts as carried while ticks are late by less than
5 ms at the 99th percentile, no call fails and the packets flow. Asterisk takes the same calls in
the same run where it is installed.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peers.asterisk import asterisk, has_asterisk
from peers.engines import HOST, Engine, gateway
from peers.processes import Sample, busy_seconds, free_port, sample
from peers.report import heading, record
from peers.sipp import answer, call
from peers.web import BRIDGED, MENU, RECORDED

LATE_MS = 5.0
BUSY = 30.0  # percent of a core used by others: lateness then says little about the engine
KINDS = {"menu": MENU, "bridged": BRIDGED, "recorded": RECORDED}
Start = Callable[..., AbstractAsyncContextManager[Engine]]


@dataclass(frozen=True, slots=True)
class Result:
    """One engine under one number of calls. CPU in percent of one core; `sent` and `received`
    are RTP packets in percent of 50 a second and call, None where the engine does not tell."""

    engine: str
    calls: int
    cpu: float
    resident_mb: float
    kb_per_call: float
    callers_cpu: float
    others_cpu: float
    failed: int
    sent: float | None
    received: float | None
    p50_ms: float | None
    p99_ms: float | None
    max_ms: float | None

    @property
    def per_call(self) -> float:
        return self.cpu / self.calls

    @property
    def is_carried(self) -> bool:
        flows = all(part is None or part > 98 for part in (self.sent, self.received))
        return not self.failed and flows and (self.p99_ms is None or self.p99_ms < LATE_MS)


@dataclass(frozen=True, slots=True)
class Window:
    """What was seen at one end of the measured time."""

    engine: Sample
    peers: tuple[Sample, ...]
    busy: float
    health: dict[str, Any]


async def look(engine: Engine, *peers: int) -> Window:
    health = await engine.health()
    return Window(
        sample(engine.process.pid), tuple(sample(pid) for pid in peers), busy_seconds(), health
    )


async def measure(
    start: Start, calls: int, *, kind: str, seconds: float, per_second: int
) -> Result:
    """Runs `calls` calls on a fresh engine and watches it for `seconds` once all of them stand."""
    folder = Path(tempfile.mkdtemp(prefix="bench-calls-"))
    port = free_port()
    callees = await answer(folder, host=HOST, port=port)
    try:
        async with start(folder, callee=port) as engine:
            idle = sample(engine.process.pid)
            ramp = calls / per_second + 12  # 12 s later the last 10 s are those of all calls
            callers = await call(
                folder,
                host=HOST,
                port=engine.sip_port,
                calls=calls,
                per_second=per_second,
                hold_seconds=ramp + seconds + 3,
                number=KINDS[kind],
            )
            await asyncio.sleep(ramp)
            if callers.returncode is not None:
                output, errors = await callers.communicate()
                raise SystemExit(f"SIPp ended early: {(errors or output)[-2000:].decode()}")
            begin = await look(engine, callers.pid, callees.pid)
            late = []
            for _ in range(max(1, round(seconds / 10))):
                await asyncio.sleep(10)
                late.append(await engine.health())
            end = await look(engine, callers.pid, callees.pid)
            output, _ = await asyncio.wait_for(callers.communicate(), calls / per_second + 90)
            screen = output.decode("latin-1")
            return evaluate(engine.name, calls, kind, idle, begin, end, late, screen)
    finally:
        callees.kill()
        await callees.wait()
        shutil.rmtree(folder, ignore_errors=True)


def evaluate(
    name: str,
    calls: int,
    kind: str,
    idle: Sample,
    begin: Window,
    end: Window,
    late: list[dict[str, Any]],
    screen: str,
) -> Result:
    seconds = end.engine.at - begin.engine.at
    cpu = end.engine.cpu_percent_since(begin.engine)
    legs = calls if kind == "menu" else 2 * calls
    callers_cpu = sum(
        now.cpu_percent_since(then) for now, then in zip(end.peers, begin.peers, strict=True)
    )

    def flow(key: str) -> float | None:
        if key not in end.health:
            return None
        packets = int(end.health[key]) - int(begin.health[key])
        return 100 * packets / (50 * legs * seconds)

    def worst(key: str) -> float | None:
        return max((float(one[key]) for one in late if key in one), default=None)

    return Result(
        engine=name,
        calls=calls,
        cpu=cpu,
        resident_mb=end.engine.resident_kb / 1024,
        kb_per_call=(end.engine.resident_kb - idle.resident_kb) / calls,
        callers_cpu=callers_cpu,
        others_cpu=max(0.0, 100 * (end.busy - begin.busy) / seconds - cpu - callers_cpu),
        failed=failed_calls(screen),
        sent=flow("rtp_sent"),
        received=flow("rtp_received"),
        p50_ms=worst("tick_p50_ms"),
        p99_ms=worst("tick_p99_ms"),
        max_ms=worst("tick_max_ms"),
    )


def failed_calls(screen: str) -> int:
    """The failed calls of SIPp's last statistics screen; 1 where it shows none."""
    lines = [line for line in screen.splitlines() if line.strip().startswith("Failed call")]
    return int(lines[-1].split("|")[-1]) if lines else 1


HEAD = (
    "| engine | calls | CPU of a core | per call | RSS | KB per call | RTP out | RTP in "
    "| late p50 | p99 | max | failed | SIPp | others |"
)
RULE = "|---|" + "--:|" * 13


def row(one: Result) -> str:
    def show(value: float | None, form: str) -> str:
        return "-" if value is None else form.format(value)

    return (
        f"| {one.engine} | {one.calls} | {one.cpu:.1f}% | {one.per_call:.3f}% "
        f"| {one.resident_mb:.0f} MB | {one.kb_per_call:.0f} "
        f"| {show(one.sent, '{:.1f}%')} | {show(one.received, '{:.1f}%')} "
        f"| {show(one.p50_ms, '{:.2f} ms')} | {show(one.p99_ms, '{:.2f} ms')} "
        f"| {show(one.max_ms, '{:.2f} ms')} | {one.failed} "
        f"| {one.callers_cpu:.0f}% | {one.others_cpu:.0f}% |"
    )


def summary(results: list[Result]) -> list[str]:
    """What the table means, in a few lines."""
    ours = [one for one in results if one.engine == "deskbell"]
    theirs = [one for one in results if one.engine == "asterisk"]
    carried = [one for one in ours if one.is_carried]
    lines = []
    if any(one.others_cpu > BUSY for one in results):
        lines.append(
            "Other programs kept this machine busy; where ticks were late, repeat it alone."
        )
    if not carried:
        return [*lines, "No size was carried with ticks under 5 ms late at p99."]
    most = max(carried, key=lambda one: one.calls)
    lines.append(
        f"Carried: {most.calls} calls. Each takes {most.per_call:.3f}% of a core "
        f"and {most.kb_per_call:.0f} KB."
    )
    if theirs:
        beside = min(theirs, key=lambda one: abs(one.calls - most.calls))
        ratio = beside.per_call / most.per_call
        lines.append(
            f"Asterisk beside it: {beside.per_call:.3f}% a call, {ratio:.1f} times ours "
            "(goal: 2.5)."
        )
    return lines


async def run(sizes: list[int], *, kind: str, seconds: float, per_second: int) -> list[Result]:
    engines: list[Start] = [gateway]
    if has_asterisk():
        engines.append(asterisk)
    else:
        print("There is no Asterisk (bench/peers/make-asterisk.sh): its rows are left out.\n")
    print(HEAD, RULE, sep="\n", flush=True)
    results = []
    for calls in sizes:
        for start in engines:
            one = await measure(start, calls, kind=kind, seconds=seconds, per_second=per_second)
            print(row(one), flush=True)
            results.append(one)
    return results


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench calls", description=__doc__)
    parser.add_argument("--sizes", default="100,200,400,500", help="numbers of calls to try")
    parser.add_argument("--kind", choices=KINDS, default="menu", help="what becomes of the calls")
    parser.add_argument("--seconds", type=float, default=20, help="measured time for each size")
    parser.add_argument("--rate", type=int, default=50, help="calls set up in a second")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    if shutil.which("sipp") is None:
        print("SIPp makes the calls: install Debian's sip-tester.", file=sys.stderr)
        return 2
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    sizes = [int(part) for part in chosen.sizes.split(",")]
    print(heading())
    results = asyncio.run(
        run(sizes, kind=chosen.kind, seconds=chosen.seconds, per_second=chosen.rate)
    )
    lines = summary(results)
    print("", *lines, sep="\n")
    if chosen.record:
        name = "calls" if chosen.kind == "menu" else f"calls, {chosen.kind}"
        record(name, [HEAD, RULE, *map(row, results)], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
