"""How far an export is, told a few times a second; and whether anybody still wants it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import IO, Any, Final, cast

from deskbell.platform.tenancy import account_scope

from .models import Export, ExportState
from .tables import Cell, Table

_SECONDS: Final = 0.4
# Asking the clock for each row would cost more than the row.
_ROWS: Final = 64


class Stopped(Exception):
    """The export was canceled, or another worker has taken it."""


class Progress:
    """Of one try at an export. Whatever looks raises Stopped once it is no longer wanted."""

    def __init__(self, export: Export, clock: Callable[[], datetime]) -> None:
        self._export = export
        self._clock = clock
        self._told = time.monotonic()
        self.rows = 0

    def expect(self, count: int | None) -> None:
        """Says how many rows it will have."""
        self._tell(rows=count)

    def of_rows(self, table: Table) -> Table:
        """The same table, whose rows count as they are read."""
        return replace(table, rows=self._counted(table.rows))

    def of_file(self, file: IO[bytes]) -> IO[bytes]:
        """The same file, looked after as it is written: some formats write most at their end."""
        return cast(IO[bytes], _Watched(file, self.look))

    def look(self) -> None:
        """Tells how far it is, if that is due. One statement at most."""
        if time.monotonic() - self._told >= _SECONDS:
            self._tell()

    def _counted(self, rows: Iterator[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            yield row
            self.rows += 1
            if self.rows % _ROWS == 0:
                self.look()

    def _tell(self, **said: Any) -> None:
        self._told = time.monotonic()
        mine = {"pk": self._export.pk, "began_at": self._export.began_at}
        with account_scope(self._export.account_id):
            found = Export.objects.filter(**mine, state=ExportState.RUNNING)
            if not found.update(rows_done=self.rows, seen_at=self._clock(), **said):
                raise Stopped


class _Watched:
    """A file that raises Stopped once; whoever tidies up after that writes into nothing."""

    def __init__(self, file: IO[bytes], look: Callable[[], object]) -> None:
        self._file = file
        self._look = look

    def write(self, piece: bytes) -> int:
        self._check()
        return self._file.write(piece)

    def flush(self) -> None:
        self._check()
        self._file.flush()

    def _check(self) -> None:
        try:
            self._look()
        except Stopped:
            self._file, self._look = BytesIO(), bool
            raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
