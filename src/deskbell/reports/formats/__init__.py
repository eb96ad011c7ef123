"""How a table is written. A new format is one module here and one line in FORMATS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final

from deskbell.reports.errors import TooManyRows
from deskbell.reports.tables import Table

from . import csv, json, pdf, xlsx


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its media type, and what writes a table into an open binary file.

    `write` gives the ending of what it wrote, a key of MEDIA_TYPES. `most_rows` is how many rows it
    may have, None where any number fits; more raise `errors.TooManyRows`.
    """

    media_type: str
    write: Callable[[Table, IO[bytes]], str]
    most_rows: int | None = None

    def check(self, table: Table) -> None:
        """Raises TooManyRows where it is known before that the table does not fit."""
        if self.most_rows is not None and (table.count or 0) > self.most_rows:
            raise TooManyRows(
                f"It would have {table.count:,} rows, and a file of this kind has"
                f" {self.most_rows:,} at most: narrow it down, or choose CSV, which has no limit."
            )


FORMATS: Final = {
    "csv": Format("text/csv; charset=utf-8", csv.write),
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        xlsx.write,
        xlsx.MOST_ROWS,
    ),
    "json": Format("application/json", json.write),
    "pdf": Format("application/pdf", pdf.write),
}
# Of files by their endings: a long PDF comes as several in one archive.
MEDIA_TYPES: Final = {ending: each.media_type for ending, each in FORMATS.items()} | {
    "zip": "application/zip"
}
