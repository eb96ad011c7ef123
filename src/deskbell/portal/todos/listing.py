"""One page of the list of To Dos, and all of it as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from deskbell.todos import queries
from deskbell.todos.models import Run, ToDo

from .. import lists
from ..attendant.listing import Column
from ..lists import Listing
from ..templatetags.portal import in_zone
from .asked import Asked
from .shown import Line, line_of

MOST_IN_CSV: Final = 10_000
CSV: Final[list[Column[Line]]] = [
    Column("id", "ID", lambda line: str(line.to_do.pk)),
    Column("kind", "Kind", lambda line: line.kind),
    Column("contact", "To", lambda line: line.contact),
    Column("says", "Says", lambda line: line.says),
    Column("when", "When", lambda line: line.when),
    Column("state", "State", lambda line: line.state),
    Column("next", "Next run", lambda line: _time(line.to_do.schedule.next_occurrence)),
    Column("last", "Last run", lambda line: _time(line.last.run.due_at if line.last else None)),
    Column("result", "Result", lambda line: line.last.state if line.last else ""),
    Column("answer", "Answer", lambda line: line.last.words if line.last else ""),
]


def listing(asked: Asked) -> Listing[Asked, Line]:
    """The rows asked for, in three queries; a page past the end gives the last one."""
    return lists.listing(_found(asked), asked, _lines)


def everything(asked: Asked) -> list[Line]:
    """The rows of all pages, 10,000 at most."""
    return _lines(list(_found(asked)[:MOST_IN_CSV]))


def _found(asked: Asked) -> QuerySet[ToDo]:
    return queries.listed(
        search=asked.q,
        state=asked.state,
        kind=asked.kind,
        sort=asked.sort,
        descending=asked.is_descending,
    )


def _lines(to_dos: Sequence[ToDo]) -> list[Line]:
    runs = Run.objects.filter(to_do__in=[each.pk for each in to_dos])
    latest = {
        each.to_do_id: each for each in runs.order_by("to_do_id", "-due_at").distinct("to_do_id")
    }
    return [line_of(each, latest.get(each.pk)) for each in to_dos]


def _time(at: datetime | None) -> str:
    return in_zone(at) if at else ""
