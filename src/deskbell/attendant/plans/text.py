"""Plans as text: what `./deskbell export` writes and `./deskbell import` reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from deskbell.foundation.errors import DeskbellError, InvalidInput

from ..rules.checks import Fault, faults
from ..rules.plan_json import Misread, Place, from_json
from ..rules.plans import Plan
from .yaml_read import Fields, line_of, read_yaml
from .yaml_write import FORMAT, write_yaml


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as somebody wrote it, with where everything stands."""

    plan: Plan
    document: Fields

    def check(self, found: Iterable[Fault]) -> None:
        """Raises InvalidInput for the first of the faults, with its line in front."""
        for fault in found:
            self.refuse(fault.error, fault.place)

    def refuse(self, error: DeskbellError, place: Place) -> NoReturn:
        """Raises the error with its line in front: `line 12: …`."""
        field = error.field if isinstance(error, InvalidInput) else ""
        line = line_of(self.document, place)
        raise InvalidInput(f"line {line}: {error}", field=field) from error


def to_yaml(
    plan: Plan, *, title: str = "An auto attendant", levels: Mapping[int, str] | None = None
) -> str:
    """The plan as YAML for people.

    `title` says in its heading whose it is; `levels` are names of escalation levels, for remarks.
    """
    return write_yaml(plan, title=title, levels=levels or {})


def from_yaml(text: str) -> Plan:
    """The plan that a file holds, checked as `rules.checks.check` does.

    Raises InvalidInput that names the line: `line 12: …`.
    """
    written = read_plan(text)
    written.check(faults(written.plan))
    return written.plan


def read_plan(text: str) -> Written:
    """The plan that a file holds, unchecked: it may be at fault, and say so with its lines.

    Raises InvalidInput that names the line, for what is no plan at all.
    """
    document = read_yaml(text)
    empty = Written(Plan(), document)
    made_as = document.get("format")
    if made_as not in (None, FORMAT):
        empty.refuse(InvalidInput(f"format takes {FORMAT}; not {made_as!r}"), ("format",))
    try:
        plan = from_json({name: value for name, value in document.items() if name != "format"})
    except Misread as error:
        empty.refuse(error, error.place)
    return Written(plan, document)
