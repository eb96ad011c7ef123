"""PDF: one document, or for long tables volumes of it in a ZIP archive, each bounded in memory.

The printer's memory grows with each document that it prints, and is never given back: so each
volume is printed by a process of its own (`paper.printed_apart`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any, Final
from zipfile import ZIP_STORED, ZipFile

from deskbell.paper import printed_apart
from deskbell.reports.tables import Cell, Table

TEMPLATE: Final = Path(__file__).with_name("table.typ")
# Measured: a volume of messages takes about 100 MB and two seconds.
VOLUME_ROWS: Final = 1000
VOLUME_CHARACTERS: Final = 1_000_000
# More columns than these are no longer read across a page; each row is a paragraph then.
MOST_COLUMNS: Final = 12


def write(table: Table, file: IO[bytes]) -> str:
    """Writes the table into an open binary file; gives "pdf", or "zip" for more than one volume."""
    volumes = _volumes(table.rows)
    first, second = next(volumes, []), next(volumes, None)
    if second is None:
        file.write(_printed(table, first, "", file))
        return "pdf"
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for number, rows in enumerate(chain((first, second), volumes), 1):
            printed = _printed(table, rows, f"Volume {number}", file)
            archive.writestr(f"{table.title.lower().replace(' ', '-')}-{number:04d}.pdf", printed)
    return "zip"


def _volumes(rows: Iterator[Sequence[Cell]]) -> Iterator[list[list[str]]]:
    """The rows as words, in parts that are neither too many nor too long."""
    part: list[list[str]] = []
    room = VOLUME_CHARACTERS
    for row in rows:
        words = [_in_words(cell) for cell in row]
        size = sum(map(len, words))
        if part and (len(part) == VOLUME_ROWS or size > room):
            yield part
            part, room = [], VOLUME_CHARACTERS
        part.append(words)
        room -= size
    if part:
        yield part


def _printed(table: Table, rows: Sequence[Sequence[str]], volume: str, file: IO[bytes]) -> bytes:
    labels = list(table.labels)
    data: dict[str, Any] = {"title": table.title, "volume": volume}
    if len(labels) <= MOST_COLUMNS:
        data |= {"labels": labels, "rows": rows}
    else:
        pairs = ([p for p in zip(labels, row, strict=True) if p[1]] for row in rows)
        data["paragraphs"] = list(pairs)
    # Whoever watches over the file hears that it is still being worked on.
    return printed_apart(TEMPLATE, data, meanwhile=file.flush)


def _in_words(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    return "" if cell is None else str(cell)
