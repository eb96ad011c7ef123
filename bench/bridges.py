"""What bridged calls, recorded bridged calls and rooms cost the media plane alone, for each core.

The media loop runs in a process of its own, without SIP; this process is every peer and sends
audio to every leg, 50 packets a second, real ones that differ. A leg that plays a prompt, as in a
menu, stands beside as the measure.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peers.processes import busy_seconds, sample
from peers.report import heading, record

from deskbell.foundation.environment import PortRange
from deskbell.voice.media import Codec, Leg, MediaLoop
from deskbell.voice.media.datagrams import Receiver, Sender, pack_address

HOST = "127.0.0.1"
KINDS = {  # legs of a call, codec of each, the payload type that its peer sends
    "menu": ("PCMU",),
    "bridged": ("PCMU", "PCMU"),
    "bridged, two laws": ("PCMU", "PCMA"),
    "bridged, G.722": ("G722", "PCMU"),
    "bridged, recorded": ("PCMU", "PCMU"),
    "room of 3": ("PCMU", "PCMU", "PCMU"),
}
PAYLOAD_TYPES: dict[Codec, int] = {"PCMU": 0, "PCMA": 8, "G722": 9}
PROMPT = random.Random(1).randbytes(160 * 500)
BUSY = 30.0  # percent of a core used by others: what was late then says little


@dataclass(frozen=True, slots=True)
class Result:
    """One kind of call. CPU in percent of one core; RTP in percent of 50 a second and leg."""

    kind: str
    calls: int
    cpu: float
    resident_mb: float
    sent: float
    received: float
    p50_ms: float
    p99_ms: float
    others_cpu: float

    @property
    def per_call(self) -> float:
        return self.cpu / self.calls


def engine(kind: str, calls: int) -> None:
    """The other process: legs in pairs and rooms; answers each line with its figures."""
    loop = MediaLoop(host=HOST, ports=PortRange(20000, 39999), post=lambda act: act())
    loop.start()
    peer = json.loads(sys.stdin.readline())
    with tempfile.TemporaryDirectory(prefix="bench-bridges-") as folder:
        ports = []
        for number in range(calls):
            legs = [open_leg(loop, codec, peer) for codec in KINDS[kind]]  # type: ignore[arg-type]
            put_together(loop, kind, legs, Path(folder) / f"{number}.wav")
            ports += [leg.port for leg in legs]
        print(json.dumps(ports), flush=True)
        for _ in sys.stdin:
            figures = loop.figures()
            told = {
                "sent": figures.packets_sent,
                "received": figures.packets_received,
                "p50": figures.tick_p50_ms,
                "p99": figures.tick_p99_ms,
            }
            print(json.dumps(told), flush=True)
        loop.stop()


def open_leg(loop: MediaLoop, codec: Codec, peer: int) -> Leg:
    leg = loop.open_leg(lambda _event: None)
    leg.connect(
        host=HOST,
        port=peer,
        payload_type=PAYLOAD_TYPES[codec],
        codec=codec,
        digits_payload_type=101,
    )
    return leg


def put_together(loop: MediaLoop, kind: str, legs: list[Leg], path: Path) -> None:
    if kind == "menu":
        legs[0].play([PROMPT], loop=0)
        return
    if kind.startswith("room"):
        room = loop.open_room()
        for leg in legs:
            room.join(leg)
        return
    legs[0].bridge(legs[1])
    if kind.endswith("recorded"):
        legs[0].record(path, max_seconds=3600, silence_seconds=3600, finish_keys="", ways="dual")


class Peers:
    """A thread that sends every leg a packet each 20 ms, spread over them, and reads what comes."""

    def __init__(self, inlet: socket.socket, ports: list[int], kinds: list[int]) -> None:
        self._inlet = inlet
        self._sender = Sender(size=172, family=socket.AF_INET)
        self._targets = [pack_address(HOST, port, socket.AF_INET) for port in ports]
        self._kinds = kinds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        fd, send, pack = self._inlet.fileno(), self._sender.send, struct.Struct("!BBHII").pack
        receive = Receiver(family=socket.AF_INET).receive
        begun, turn = time.monotonic(), 0
        while not self._over.is_set():
            time.sleep(max(0.0, begun + 0.005 * turn - time.monotonic()))
            number = turn // 4
            audio = PROMPT[160 * (number % 500) :][:160]
            for leg in range(turn % 4, len(self._targets), 4):
                header = pack(
                    *(0x80, self._kinds[leg], number & 0xFFFF, 160 * number & 0xFFFFFFFF, leg)
                )
                send(fd, header + audio, self._targets[leg])
            while receive(fd) >= 0:
                pass
            turn += 1


def measure(kind: str, calls: int, seconds: float) -> Result:
    """Runs `calls` of `kind` on a fresh process and watches it for `seconds`."""
    codecs: tuple[Codec, ...] = KINDS[kind]  # type: ignore[assignment]
    kinds = [PAYLOAD_TYPES[codec] for codec in codecs] * calls
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inlet:
        inlet.bind((HOST, 0))
        child = subprocess.Popen(
            [sys.executable, __file__, "--engine", kind, "--calls", str(calls)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        ask = asker(child)
        ports = ask(inlet.getsockname()[1])
        peers = Peers(inlet, ports, kinds)
        try:
            time.sleep(11)  # the last ten seconds' lateness is then that of all legs
            first, before, mine, busy = ask(0), sample(child.pid), own_seconds(), busy_seconds()
            time.sleep(seconds)
            last, after = ask(0), sample(child.pid)
            spent = own_seconds() - mine + after.cpu_seconds - before.cpu_seconds
            others = max(0.0, busy_seconds() - busy - spent)
        finally:
            peers.stop()
            child.communicate()
    due = 50 * len(ports) * (after.at - before.at) / 100
    return Result(
        kind=kind,
        calls=calls,
        cpu=after.cpu_percent_since(before),
        resident_mb=after.resident_kb / 1024,
        sent=(last["sent"] - first["sent"]) / due,
        received=(last["received"] - first["received"]) / due,
        p50_ms=last["p50"],
        p99_ms=last["p99"],
        others_cpu=100 * others / (after.at - before.at),
    )


def asker(child: subprocess.Popen[str]) -> Callable[[object], Any]:
    """Asks the other process one line, and gives its answer."""

    def ask(what: object) -> Any:
        assert child.stdin
        assert child.stdout
        child.stdin.write(json.dumps(what) + "\n")
        child.stdin.flush()
        line = child.stdout.readline()
        if not line:
            raise SystemExit("the media process ended early")
        return json.loads(line)

    return ask


def own_seconds() -> float:
    return time.process_time()


HEAD = (
    "| calls | of them | CPU of a core | per call | calls per core | beside a menu | RSS "
    "| RTP out | RTP in | late p50 | p99 | others |"
)
RULE = "|---|" + "--:|" * 11


def row(one: Result, menu: Result | None) -> str:
    beside = f"{one.per_call / menu.per_call:.1f} times" if menu else "-"
    return (
        f"| {one.kind} | {one.calls} | {one.cpu:.1f}% | {one.per_call:.3f}% "
        f"| {100 / one.per_call:.0f} | {beside} | {one.resident_mb:.0f} MB "
        f"| {one.sent:.1f}% | {one.received:.1f}% | {one.p50_ms:.2f} ms | {one.p99_ms:.2f} ms "
        f"| {one.others_cpu:.0f}% |"
    )


def summary(results: list[Result]) -> list[str]:
    """What the table means, in a few lines."""
    lines = []
    if any(one.others_cpu > BUSY for one in results):
        lines.append("Other programs kept this machine busy; repeat it alone to judge lateness.")
    by_kind = {one.kind: one for one in results}
    if {"bridged", "bridged, recorded"} <= by_kind.keys():
        plain, kept = by_kind["bridged"], by_kind["bridged, recorded"]
        lines.append(
            f"A bridged call takes {plain.per_call:.3f}% of a core; recording both of its "
            f"directions makes that {kept.per_call / plain.per_call:.1f} times as much."
        )
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench bridges", description=__doc__)
    parser.add_argument("--calls", type=int, default=100, help="calls of each kind")
    parser.add_argument("--seconds", type=float, default=15, help="measured time for each kind")
    parser.add_argument("--kinds", default="", help="some of them, with ; between")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    parser.add_argument("--engine", default="", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.engine:
        engine(chosen.engine, chosen.calls)
        return 0
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(heading(), HEAD, RULE, sep="\n", flush=True)
    results: list[Result] = []
    rows = []
    for kind in chosen.kinds.split(";") if chosen.kinds else KINDS:
        one = measure(kind, chosen.calls, chosen.seconds)
        results.append(one)
        rows.append(row(one, next((each for each in results if each.kind == "menu"), None)))
        print(rows[-1], flush=True)
    lines = summary(results)
    print("", *lines, sep="\n")
    if chosen.record:
        record("bridges", [HEAD, RULE, *rows], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
