"""How long exports of 1,000,000 messages take in each format, and how much memory.

Each is made by the job's own action in a process of its own, from the database to the stored file.
Beside them stands PostgreSQL's COPY of the same columns into a CSV file, which is the least that
anybody can do.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Self

from peers.report import heading, record
from peers.site import site
from peers.tenant import Tenant, open_tenant
from search import ALL_ALIKE, fill_messages

HEAD = (
    "| file | rows | seconds | rows/s | CPU | MB | memory | beside it |"
    "\n|---|--:|--:|--:|--:|--:|--:|--:|"
)
FORMATS = ("csv", "json", "xlsx", "pdf")
SECONDS_BETWEEN = 15  # as the messages are made
_COPY = """
COPY (SELECT id, created_at, first_name, last_name, phone, content, company_name, email,
             phone_number, is_emergency, status, delivered_at, delivered_to, acknowledged_at,
             acknowledged_by, note, answers
      FROM deskbell_messages_message ORDER BY id DESC) TO STDOUT CSV HEADER
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A file: its rows and bytes, how long it took, and the most memory: of the process that made
    it, and of any that it had print. CPU is that of both, starting included."""

    name: str
    rows: int
    seconds: float
    size: int
    cpu: float = 0
    memory: int = 0
    beside: int = 0

    @classmethod
    def read(cls, said: bytes) -> Self:
        """What a process of `one` printed last."""
        return cls(*json.loads(said.splitlines()[-1]))

    def __str__(self) -> str:
        memory, beside = (f"{each} MB" if each else "" for each in (self.memory, self.beside))
        cpu = f"{self.cpu:.1f} s" if self.cpu else ""
        return (
            f"| {self.name} | {self.rows:,} | {self.seconds:.1f} | {self.rows / self.seconds:,.0f}"
            f" | {cpu} | {self.size / 1e6:,.0f} | {memory} | {beside} |"
        )


def copied(rows: int) -> Made:
    """PostgreSQL's own, into a file here."""
    from django.db import connection

    connection.ensure_connection()
    began = time.perf_counter()
    with TemporaryFile() as file, connection.connection.cursor().copy(_COPY) as copy:
        for piece in copy:
            file.write(piece)
        size = file.tell()
    return Made("PostgreSQL's COPY to CSV", rows, time.perf_counter() - began, size)


def exported(tenant: Tenant, kind: str, asked: dict[str, Any]) -> Made:
    """The export, made in a process of its own; the file goes at once."""
    from deskbell.platform.tenancy import account_scope
    from deskbell.reports.actions import ask_export, remove_export
    from deskbell.reports.models import Export

    at = datetime.now(UTC)
    with account_scope(tenant.account.pk):
        export = ask_export(
            account=tenant.account,
            kind="messages",
            format=kind,
            asked=asked,
            words="",
            by=None,
            at=at,
        )
        command = [sys.executable, str(Path(__file__)), "--one", str(export.pk)]
        made = Made.read(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        remove_export(export=Export.objects.get(pk=export.pk), at=at)
    return made


def one(export_id: int) -> None:
    """Makes an export that waits, and prints what it took."""
    import django

    django.setup()
    from deskbell.foundation.clock import now
    from deskbell.platform.tenancy import system_scope
    from deskbell.reports.actions import make
    from deskbell.reports.models import Export, ExportState, FileFormat

    with system_scope("the bench has one account"):
        began = time.perf_counter()
        make(export_id=export_id, clock=now, days=1)
        seconds = time.perf_counter() - began
        export = Export.objects.get(pk=export_id)
    if export.state != ExportState.DONE:
        raise SystemExit(f"The export is {export.state}: {export.trouble}")
    cpu = sum(os.times()[:4])
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    memory, beside = (resource.getrusage(who).ru_maxrss // 1024 for who in whose)
    name = f"{export.get_format_display()} ({export.name.rpartition('.')[2]})"
    prints = export.format == FileFormat.PDF
    print(json.dumps([name, export.rows_done, seconds, export.bytes, cpu, memory, prints * beside]))


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench exports", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000, help="how many there are")
    parser.add_argument("--pdf-messages", type=int, default=100_000, help="about how many for PDF")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one)
        return 0
    print(heading())
    with site():
        tenant = open_tenant()
        fill_messages(tenant, chosen.messages, ALL_ALIKE)
        first = datetime.now(UTC) - timedelta(seconds=SECONDS_BETWEEN * chosen.pdf_messages)
        newest = {"from_date": f"{first:%Y-%m-%d}", "zone": "UTC"}
        print(HEAD, flush=True)
        results = [copied(chosen.messages)]
        print(results[0], flush=True)
        for kind in FORMATS:
            results.append(exported(tenant, kind, newest if kind == "pdf" else {}))
            print(results[-1], flush=True)
    peer, csv = results[:2]
    lines = [
        f"CSV takes {csv.seconds / peer.seconds:.0f} times as long as COPY of the same columns.",
    ]
    print("", *lines, sep="\n")
    if chosen.record:
        record("exports", [HEAD, *map(str, results)], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
