"""CPU and memory of a running process, read from /proc: nothing to install."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Sample:
    """A process at an instant: seconds of CPU in all its threads, resident KB."""

    at: float
    cpu_seconds: float
    resident_kb: int

    def cpu_percent_since(self, earlier: Sample) -> float:
        """CPU between the two samples in percent of one core."""
        return 100 * (self.cpu_seconds - earlier.cpu_seconds) / (self.at - earlier.at)


def sample(pid: int) -> Sample:
    """The process `pid` now. Raises OSError where it has ended."""
    folder = Path("/proc") / str(pid)
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    status = (folder / "status").read_text().splitlines()
    resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    return Sample(time.monotonic(), (int(fields[11]) + int(fields[12])) / _TICKS, resident)


def family_cpu_seconds(pid: int) -> float:
    """Seconds of CPU of a process and all that descend from it, ended children included."""
    parents: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        number = int(folder.name)
        parents.setdefault(int(fields[1]), []).append(number)
        spent[number] = sum(int(part) for part in fields[11:15]) / _TICKS
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        total += spent.get(one, 0.0)
        waiting += parents.get(one, [])
    return total


def busy_seconds() -> float:
    """Seconds of CPU that all cores together have spent on work since the machine started."""
    fields = [int(part) for part in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / _TICKS


def free_port() -> int:
    """A TCP and UDP port of 127.0.0.1 that nobody has now."""
    with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        stream.bind(("127.0.0.1", 0))
        port = int(stream.getsockname()[1])
        datagrams.bind(("127.0.0.1", port))
        return port


def machine() -> str:
    """This machine in a few words: processor, cores, memory, kernel."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, Linux {os.uname().release}"
