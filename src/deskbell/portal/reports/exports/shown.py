"""What the pages say of an export: its state, how far it is, and what can be done with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.humanize.templatetags.humanize import intcomma

from deskbell.reports.models import Export, ExportState

_TONES: Final = {
    ExportState.WAITING: "info",
    ExportState.RUNNING: "info",
    ExportState.DONE: "success",
    ExportState.FAILED: "danger",
}
_STATES: Final = {
    ExportState.WAITING: "Waiting",
    ExportState.RUNNING: "Running",
    ExportState.DONE: "Done",
    ExportState.FAILED: "Failed",
    ExportState.CANCELED: "Canceled",
    ExportState.REMOVED: "No longer kept",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An export as a line of the list, or as a page."""

    export: Export

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        return _STATES[ExportState(self.export.state)]

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return _TONES.get(ExportState(self.export.state), "secondary")

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or runs, so that it can be canceled."""
        return self.export.state in (ExportState.WAITING, ExportState.RUNNING)

    @property
    def is_done(self) -> bool:
        """Whether there is a file."""
        return bool(self.export.state == ExportState.DONE)

    @property
    def has_bar(self) -> bool:
        """Whether it is known how much of it is done."""
        return bool(self.is_under_way and self.export.rows)

    @property
    def rows(self) -> str:
        """How many rows it has, or how far it is, in words; "" where it has none."""
        done, whole = intcomma(self.export.rows_done), self.export.rows
        if self.export.state == ExportState.WAITING:
            return "Waits for its turn"
        if self.export.state == ExportState.RUNNING:
            return f"{done} of {intcomma(whole)} rows" if whole else f"{done} rows"
        if self.export.state in (ExportState.DONE, ExportState.REMOVED):
            return f"{done} row{'' if self.export.rows_done == 1 else 's'}"
        return ""

    @property
    def mark(self) -> tuple[object, ...]:
        """What changes of it while somebody looks."""
        return (self.export.pk, self.export.state, self.export.rows, self.export.rows_done)


def shown(exports: Iterable[Export]) -> Sequence[Shown]:
    """The exports as lines."""
    return [Shown(each) for each in exports]


def tag_of(lines: Iterable[Shown]) -> str:
    """What these lines look like now, for If-None-Match."""
    marks = repr([each.mark for each in lines])
    return f'"{hashlib.sha256(marks.encode()).hexdigest()[:24]}"'
