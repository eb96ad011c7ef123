"""What the list says of a schedule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from deskbell.reports.models import Export, ExportState, ScheduledExport
from deskbell.reports.queries import rhythm_of
from deskbell.reports.rules.schedules import in_words

from ..exports.shown import Shown

_MOST_NAMED: Final = 2


@dataclass(frozen=True, slots=True)
class Line:
    """A schedule as a line of the list."""

    schedule: ScheduledExport

    @property
    def when(self) -> str:
        """How often it runs, in words."""
        return in_words(rhythm_of(self.schedule))

    @property
    def last(self) -> Shown | None:
        """The last export that it asked for."""
        found: Sequence[Export] = getattr(self.schedule, "last_exports", ())
        return Shown(found[0]) if found else None

    @property
    def has_file(self) -> bool:
        """Whether the last export can be looked at."""
        last = self.last
        return last is not None and last.export.state != ExportState.REMOVED

    @property
    def recipients(self) -> str:
        """Who gets it: two addresses, and how many more."""
        to = self.schedule.recipients
        more = len(to) - _MOST_NAMED
        return ", ".join(to[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def shown(schedules: Iterable[ScheduledExport]) -> list[Line]:
    """The schedules as lines."""
    return [Line(each) for each in schedules]
