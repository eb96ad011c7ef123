"""Reads the YAML that plans are exported as, keeping the line of everything.

Scalars stay text: what they mean is said by the field they stand in, so that a name may be `no`
and a time 09:00 without quotation marks. Aliases, tags and several documents are refused: nothing
that a plan needs takes them, and a few aliases can stand for gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from deskbell.foundation.errors import InvalidInput

from ..rules.plan_json import Place

MAX_BYTES: Final = 16 * 1024 * 1024
_MAX_DEPTH: Final = 12
_NOTHING: Final = {"", "~", "null"}
_UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Fields(dict[str, Any]):
    """Names with values; `lines` says where each name stands, from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


class Items(list[Any]):
    """A list; `lines` says where each item stands, from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


def read_yaml(text: str) -> Fields:
    """The one document of `text`. Raises InvalidInput: `line 12: …`."""
    if len(text) > MAX_BYTES:
        raise InvalidInput(f"A file of up to {MAX_BYTES // 1024 // 1024} MiB is read; not larger")
    text = text.removeprefix("\ufeff")
    unfit = _UNPRINTABLE.search(text)
    if unfit:
        line = text.count("\n", 0, unfit.start()) + 1
        raise InvalidInput(f"line {line}: a file of text has no character {unfit[0]!r}")
    try:
        return _Reading(yaml.parse(text, Loader=_LOADER)).document()
    except yaml.MarkedYAMLError as error:
        raise _in_words(error) from error
    except yaml.YAMLError as error:
        raise InvalidInput(f"The file is not YAML: {error}") from error


def line_of(document: Any, place: Place) -> int:
    """The line on which a place of the document stands, or as much of it as there is."""
    line = 1
    for step in place:
        if isinstance(document, Fields) and step in document:
            line, document = document.lines[str(step)], document[str(step)]
        elif isinstance(document, Items) and isinstance(step, int) and step < len(document):
            line, document = document.lines[step], document[step]
        else:
            break
    return line


def _in_words(error: yaml.MarkedYAMLError) -> InvalidInput:
    is_open = "end of stream" in (error.problem or "")
    mark = error.context_mark if is_open else error.problem_mark
    words = ", ".join(each for each in (error.problem, error.context) if each)
    if "alias" in words or "anchor" in words:
        words = 'what starts with * or & needs quotation marks: "*"'
    return InvalidInput(f"line {mark.line + 1 if mark else 1}: {words}")


def _refused(event: Any, words: str) -> InvalidInput:
    return InvalidInput(f"line {_line(event)}: {words}")


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _Reading:
    """One pass over the events of a document."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = self._checked(events)
        self._depth = 0

    def _checked(self, events: Iterator[Any]) -> Iterator[Any]:
        for event in events:
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _refused(event, "aliases (*) and anchors (&) are not read; write it out")
            if getattr(event, "tag", None):
                raise _refused(event, f"tags are not read; leave {event.tag} out")
            yield event

    def document(self) -> Fields:
        next(self._events)  # the stream begins
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise InvalidInput("line 1: the file is empty")
        first = next(self._events)
        found = self._value(first)
        if not isinstance(found, Fields):
            raise _refused(first, "the file takes fields: announcements, systems, numbers")
        next(self._events)  # the document ends
        more = next(self._events)
        if not isinstance(more, yaml.StreamEndEvent):
            raise _refused(more, "one document is read; a second one starts here")
        return found

    def _value(self, event: Any) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            is_nothing = event.style in {None, ""} and event.value.lower() in _NOTHING
            return None if is_nothing else event.value
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _refused(event, f"{_MAX_DEPTH} lists and fields inside one another are the most")
        is_fields = isinstance(event, yaml.MappingStartEvent)
        found = self._fields() if is_fields else self._items()
        self._depth -= 1
        return found

    def _fields(self) -> Fields:
        found = Fields()
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _refused(event, "the name of a field is text")
            if event.value in found.lines:
                raise _refused(
                    event, f"{event.value} stands on line {found.lines[event.value]} already"
                )
            found.lines[event.value] = _line(event)
            found[event.value] = self._value(next(self._events))
        return found

    def _items(self) -> Items:
        found = Items()
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            found.lines.append(_line(event))
            found.append(self._value(event))
        return found
