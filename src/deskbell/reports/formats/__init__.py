"""How a table is written. A new format is one module here and one line in FORMATS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from deskbell.reports.tables import Table

from . import csv, xlsx


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its media type, and what writes a table into an open binary file."""

    media_type: str
    write: Callable[[Table, IO[bytes]], None]


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", csv.write),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.write),
}
