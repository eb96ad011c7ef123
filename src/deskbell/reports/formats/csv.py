"""Comma-separated values. Source: RFC 4180; the mark at the start has Excel read UTF-8."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from deskbell.reports.cells import harmless
from deskbell.reports.tables import Cell, Table

_MARK = "\ufeff"
_PIECE = 64 * 1024


def pieces(table: Table) -> Iterator[bytes]:
    """The file, piece by piece as the rows come."""
    text = io.StringIO()
    writer = csv.writer(text)
    text.write(_MARK)
    writer.writerow(table.labels)
    for row in table.rows:
        writer.writerow([_in_words(cell) for cell in row])
        if text.tell() >= _PIECE:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def write(table: Table, file: IO[bytes]) -> str:
    """Writes the table into an open binary file."""
    for piece in pieces(table):
        file.write(piece)
    return "csv"


def _in_words(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return "" if cell is None else cell
