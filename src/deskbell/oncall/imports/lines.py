"""Reading the lines of a calendar that somebody else made, in bounded time and memory.

Only what shifts need is read, line by line: a calendar library would also work out the rules of
its time zones, and whoever wrote the file could make that last for ever. Source: RFC 5545,
section 3.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from deskbell.foundation.errors import InvalidInput

MOST_BYTES = 2_000_000
MOST_EVENTS = 1000
_MOST_LINES = 200_000
_MOST_VALUES = 5000
_MOST_LINE = 200_000
_WANTED = frozenset(
    {
        "UID", "SUMMARY", "ATTENDEE", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE",
        "EXDATE", "EXRULE", "RECURRENCE-ID", "STATUS",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Property:
    """A property's parameters, with names in capitals, and its value as it is written."""

    parameters: Mapping[str, str]
    value: str


@dataclass(slots=True)
class Component:
    """A VEVENT: its properties by name."""

    properties: dict[str, list[Property]] = field(default_factory=dict)

    def all(self, name: str) -> list[Property]:
        """The properties of a name."""
        return self.properties.get(name, [])

    def first(self, name: str) -> Property | None:
        """The first property of a name."""
        return next(iter(self.all(name)), None)

    def text(self, name: str) -> str:
        """The first property's value as text; empty where there is none."""
        found = self.first(name)
        return "" if found is None else plain(found.value)


@dataclass(frozen=True, slots=True)
class Raw:
    """A calendar as it is written: its name and its VEVENTs."""

    name: str
    events: list[Component]


def parsed(data: bytes) -> Raw:
    """The events of an .ics file. Raises InvalidInput for what is none, or is too much."""
    if len(data) > MOST_BYTES:
        raise InvalidInput(
            f"The calendar is too large: {MOST_BYTES // 1_000_000} MB at most are taken",
            field="file",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("This is not a calendar: it is not text", field="file") from error
    if text[:100].lstrip()[:15].upper() != "BEGIN:VCALENDAR":
        raise InvalidInput(
            "This is not a calendar: an .ics file begins with BEGIN:VCALENDAR", field="file"
        )
    if text.upper().count("BEGIN:VEVENT") > MOST_EVENTS:
        raise InvalidInput(
            f"The calendar has too many events: {MOST_EVENTS} at most are taken", field="file"
        )
    if text.count("\n") > _MOST_LINES:
        raise InvalidInput(
            f"The calendar has too many lines: {_MOST_LINES:,} at most are taken", field="file"
        )
    return _collected(_unfolded(text))


def _collected(lines: Iterator[str]) -> Raw:
    name = ""
    events: list[Component] = []
    inside: list[str] = []
    values = 0
    for line in lines:
        head = line[:40].upper()
        if head.startswith("BEGIN:"):
            inside.append(head)
            if head.strip() == "BEGIN:VEVENT":
                events.append(Component())
        elif head.startswith("END:"):
            del inside[-1:]  # in place: whoever nests deeply does not have it copied each time
        elif len(inside) == 1 and head.startswith(("X-WR-CALNAME", "NAME:")):
            name = plain(_split(line)[1].value)
        elif len(inside) == 2 and inside[1].strip() == "BEGIN:VEVENT":
            values += _keep(events[-1], line)
            if values > _MOST_VALUES:
                raise InvalidInput(
                    f"The calendar lists too many single days: {_MOST_VALUES} at most are taken",
                    field="file",
                )
    return Raw(name[:200], events)


def _keep(event: Component, line: str) -> int:
    """Keeps a line that is wanted; gives how many values it lists."""
    named = line.partition(":")[0].partition(";")[0].strip().upper()
    if named not in _WANTED:
        return 0
    _, found = _split(line[:_MOST_LINE])
    event.properties.setdefault(named, []).append(found)
    return found.value.count(",") + 1 if named in {"RDATE", "EXDATE", "ATTENDEE"} else 0


def _unfolded(text: str) -> Iterator[str]:
    parts: list[str] = []
    for each in text.split("\n"):
        line = each.removesuffix("\r")
        if line[:1] in {" ", "\t"}:
            parts.append(line[1:])
            continue
        if parts:
            yield "".join(parts)
        parts = [line]
    yield "".join(parts)


def _split(line: str) -> tuple[str, Property]:
    """A line's name and property. Colons and semicolons between quotes belong to a parameter."""
    pieces = []
    start, quoted = 0, False
    for place, each in enumerate(line):
        if each == '"':
            quoted = not quoted
        elif each in ";:" and not quoted:
            pieces.append(line[start:place])
            start = place + 1
            if each == ":":
                break
    parameters = {}
    for piece in pieces[1:]:
        key, _, value = piece.partition("=")
        parameters[key.strip().upper()] = value.strip().strip('"')
    return (pieces or [""])[0].strip().upper(), Property(parameters, line[start:].strip())


def plain(value: str) -> str:
    """A text value without its escapes, on one line, without control characters."""
    pieces = [
        piece.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";")
        for piece in value.split("\\\\")
    ]
    return "".join(each for each in "\\".join(pieces) if each.isprintable()).strip()
