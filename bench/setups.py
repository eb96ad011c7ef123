"""How many calls a second one gateway process sets up, and how soon their callers hear something.

SIPp calls at growing rates; each call is answered, held for a second and hung up. Beside it single
calls are made one after the other, which measure answer and first sound. Asterisk takes the same
calls in the same run where it is installed.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from peers.asterisk import asterisk, has_asterisk
from peers.engines import HOST, Engine, gateway
from peers.prober import Probe, probes
from peers.processes import busy_seconds, sample
from peers.report import heading, record
from peers.sipp import call

NUMBER = "2025550100"
HOLD = 1.0
GOAL_RATE, GOAL_AUDIO_MS = 200, 100
Start = Callable[[Path], AbstractAsyncContextManager[Engine]]


@dataclass(frozen=True, slots=True)
class Result:
    """One engine at one rate; CPU in percent of one core, times in milliseconds."""

    engine: str
    rate: int
    calls: int
    failed: int
    repeated: int
    cpu: float
    others: float
    probes: Sequence[Probe]

    def times(self, name: str) -> list[float]:
        found = (getattr(one, name) for one in self.probes)
        return sorted(time for time in found if time is not None)

    @property
    def is_carried(self) -> bool:
        unheard = sum(one.heard is None for one in self.probes)
        return not self.failed and not unheard


def percentile(times: Sequence[float], part: float) -> float:
    return times[min(len(times) - 1, round(part * (len(times) - 1)))] if times else float("nan")


def counted(screen: str, name: str) -> int:
    """The last number of a line of SIPp's last screen."""
    lines = [line for line in screen.splitlines() if name in line]
    numbers = re.findall(r"\d+", lines[-1]) if lines else []
    return int(numbers[-1]) if numbers else 0


def repetitions(screen: str) -> int:
    """How many INVITEs SIPp sent again, from the scenario's part of its last screen."""
    lines = [line for line in screen.splitlines() if line.strip().startswith("INVITE ---")]
    numbers = re.findall(r"\d+", lines[-1]) if lines else []
    return int(numbers[1]) if len(numbers) > 1 else 0


async def measure(start: Start, rate: int, *, seconds: float) -> Result:
    folder = Path(tempfile.mkdtemp(prefix="bench-setups-"))
    try:
        async with start(folder) as engine:
            await asyncio.to_thread(probes, HOST, engine.sip_port, NUMBER, seconds=1, pause=0)
            callers = await call(
                folder,
                host=HOST,
                port=engine.sip_port,
                calls=round(rate * (seconds + 2)),
                per_second=rate,
                hold_seconds=HOLD,
                with_audio=False,
            )
            await asyncio.sleep(1)
            begin, busy = sample(engine.process.pid), busy_seconds()
            callers_begin = sample(callers.pid)
            found = await asyncio.to_thread(
                probes, HOST, engine.sip_port, NUMBER, seconds=seconds, pause=0.05
            )
            end = sample(engine.process.pid)
            cpu, callers_cpu = end.cpu_percent_since(begin), 0.0
            if callers.returncode is None:
                callers_cpu = sample(callers.pid).cpu_percent_since(callers_begin)
            others = 100 * (busy_seconds() - busy) / (end.at - begin.at) - cpu - callers_cpu
            output, _ = await asyncio.wait_for(callers.communicate(), 120)
            screen = output.decode("latin-1")
            return Result(
                engine=engine.name,
                rate=rate,
                calls=counted(screen, "Total Calls created") or counted(screen, "Outgoing calls"),
                failed=counted(screen, "Failed call"),
                repeated=repetitions(screen),
                cpu=cpu,
                others=max(0.0, others),
                probes=found,
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


HEAD = (
    "| engine | calls/s | calls | failed | INVITEs repeated | CPU of a core | per set-up "
    "| answer p50 | p99 | first sound p50 | p99 | probes | others |"
)
RULE = "|---|" + "--:|" * 12


def row(one: Result) -> str:
    answered, heard = one.times("answered"), one.times("heard")
    return (
        f"| {one.engine} | {one.rate} | {one.calls} | {one.failed} | {one.repeated} "
        f"| {one.cpu:.0f}% | {10 * one.cpu / one.rate:.2f} ms "
        f"| {percentile(answered, 0.5):.1f} ms | {percentile(answered, 0.99):.1f} ms "
        f"| {percentile(heard, 0.5):.1f} ms | {percentile(heard, 0.99):.1f} ms "
        f"| {len(one.probes)} | {one.others:.0f}% |"
    )


def summary(results: Sequence[Result]) -> list[str]:
    lines = []
    for name in dict.fromkeys(one.engine for one in results):
        carried = [one for one in results if one.engine == name and one.is_carried]
        if not carried:
            lines.append(f"{name}: no rate was carried without a failed call.")
            continue
        most = max(carried, key=lambda one: one.rate)
        cost = statistics.median(10 * one.cpu / one.rate for one in carried)
        heard = percentile(most.times("heard"), 0.99)
        lines.append(
            f"{name}: {most.rate} set-ups a second without a failure (goal: {GOAL_RATE}), "
            f"{cost:.2f} ms of CPU each; first sound {heard:.0f} ms p99 at that rate "
            f"(goal: {GOAL_AUDIO_MS})."
        )
    return lines


async def run(rates: Sequence[int], *, seconds: float) -> list[Result]:
    engines: list[Start] = [gateway]
    if has_asterisk():
        engines.append(asterisk)
    else:
        print("There is no Asterisk (bench/peers/make-asterisk.sh): its rows are left out.\n")
    print(HEAD, RULE, sep="\n", flush=True)
    results = []
    for rate in rates:
        for start in engines:
            one = await measure(start, rate, seconds=seconds)
            print(row(one), flush=True)
            results.append(one)
    return results


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench setups", description=__doc__)
    parser.add_argument("--rates", default="50,100,200,300", help="calls a second to try")
    parser.add_argument("--seconds", type=float, default=15, help="measured time for each rate")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    if shutil.which("sipp") is None:
        print("SIPp makes the calls: install Debian's sip-tester.", file=sys.stderr)
        return 2
    print(heading())
    rates = [int(part) for part in chosen.rates.split(",")]
    results = asyncio.run(run(rates, seconds=chosen.seconds))
    lines = summary(results)
    print("", *lines, sep="\n")
    if chosen.record:
        record("setups", [HEAD, RULE, *map(row, results)], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
