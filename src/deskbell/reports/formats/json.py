"""JSON: one array with an object for each row, by the columns' labels. Source: RFC 8259."""

from __future__ import annotations

import json
from datetime import datetime
from typing import IO

from deskbell.reports.tables import Cell, Table


def write(table: Table, file: IO[bytes]) -> str:
    """Writes the table into an open binary file, a row a line; times are local, as ISO 8601."""
    before = b"[\n"
    for row in table.rows:
        cells = {label: _value(cell) for label, cell in zip(table.labels, row, strict=True)}
        file.write(before + json.dumps(cells, ensure_ascii=False).encode())
        before = b",\n"
    file.write(b"[]\n" if before == b"[\n" else b"\n]\n")
    return "json"


def _value(cell: Cell) -> str | int | None:
    return cell.isoformat() if isinstance(cell, datetime) else cell
