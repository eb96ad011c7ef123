"""What a run leaves behind: its date, its machine, its table and what the table means."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from .processes import machine

RESULTS = Path(__file__).resolve().parents[1] / "RESULTS.md"


def heading() -> str:
    """The machine and the time, for the first line of a run."""
    return f"{machine()}, {datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC\n"


def record(name: str, table: Sequence[str], lines: Sequence[str]) -> None:
    """Appends a run to RESULTS.md."""
    date = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}"
    parts = [f"\n## {name}, {date}", machine(), "", *table, "", *lines]
    with RESULTS.open("a") as file:
        file.write("\n".join(parts) + "\n")
