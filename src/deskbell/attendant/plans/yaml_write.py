"""Writes a plan as YAML that people like to read and edit.

Written by hand rather than by a library: short things on one line, long texts folded, and the name
of whatever a sid leads to behind it. The same plan is always the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ..rules.actions import ActionType, Takes
from ..rules.plan_json import DAYS, to_json
from ..rules.plans import Plan
from ..rules.words import names_of

FORMAT: Final = "1"
_HEAD: Final = """\
# {title}: what callers meet, whole.
# "./deskbell export" wrote it; "./deskbell import" brings it back, or a copy of it that was edited.
# Parts name each other by sids (AN… announcements, AA… systems, MN… menus); the words behind # are
# only for reading. Times are those of the system's timezoneId.
# What each field takes: docs/how-to/export-and-import-an-attendant.md
"""
_PLAIN: Final = re.compile(r"[^\W\d_][\w .!?'()/+;=@%-]*")
_PLAIN_IN_BLOCK: Final = re.compile(r"[^\W\d_][\w .,!?'()/+;=@%-]*")
_WORDS: Final = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
_AS_IS: Final = {"startDate", "endDate"}
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_RAW: Final = re.compile("[\x20-\x7e\xa1-\u1fff\u2030-\ud7ff\ue000-\ufefe\uff00-\uffef]")
_LEADS: Final = {
    Takes.ANNOUNCEMENT: "announcementSid",
    Takes.MENU: "menuSid",
    Takes.LEVEL: "voicemailLevel",
}
_ON_ONE_LINE: Final = {"week", "specialDays", "numbers"}
_WIDTH: Final = 88


def write_yaml(plan: Plan, *, title: str, levels: Mapping[int, str]) -> str:
    """The plan as YAML with a heading that says what it is; ends with a line end.

    `levels` are the names of escalation levels.
    """
    written = to_json(plan)
    writer = _Writer(names_of(plan), {str(level): name for level, name in levels.items()})
    lines = [_HEAD.format(title=_remark(title)), f"format: {FORMAT}"]
    for name, parts in written.items():
        lines += ["", *(writer.field(name, parts, 0) if parts else [f"{name}: []"])]
    return "\n".join(lines) + "\n"


class _Writer:
    """Writes fields as lines; `names` say what sids lead to, `levels` what levels are called."""

    def __init__(self, names: Mapping[str, str], levels: Mapping[str, str]) -> None:
        self._names, self._levels = names, levels

    def field(self, name: str, value: Any, indent: int) -> Iterator[str]:
        front = f"{' ' * indent}{name}:"
        if name == "keys":
            yield front
            for key in value:
                action = self._flow(key["menuAction"])
                yield f'{" " * indent}  "{key["menuKey"]}": {action}'
        elif name in _ON_ONE_LINE:
            yield front
            yield from (f"{' ' * indent}  - {self._flow(each)}" for each in value)
        elif isinstance(value, list):
            yield front
            yield from self._items(value, indent + 2)
        elif isinstance(value, dict):
            yield f"{front} {self._flow(value)}"
        else:
            yield from self._scalar(front, value, indent)

    def _items(self, values: Sequence[Any], indent: int) -> Iterator[str]:
        for number, value in enumerate(values):
            if not isinstance(value, dict):
                yield f"{' ' * indent}- {_quoted(value)}"
                continue
            if number:
                yield ""
            lines = [line for name in value for line in self.field(name, value[name], indent + 2)]
            yield f"{' ' * indent}- {lines[0].lstrip()}"
            yield from lines[1:]

    def _scalar(self, front: str, value: Any, indent: int) -> Iterator[str]:
        block = _block(value) if isinstance(value, str) else None
        if block is None:
            remark = self._named(front.strip(" :"), value)
            yield f"{front} {_written(value, _PLAIN_IN_BLOCK)}{remark}"
            return
        style, lines = block
        yield f"{front} {style}"
        yield from (f"{' ' * indent}  {line}" if line else "" for line in lines)

    def _flow(self, value: Mapping[str, Any]) -> str:
        shown = dict(value)
        if "day" in shown and 1 <= shown["day"] <= len(DAYS):
            shown["day"] = DAYS[shown["day"] - 1]
        inside = ", ".join(
            f"{name}: {each if name in _AS_IS else _written(each)}" for name, each in shown.items()
        )
        if "actionType" in shown:
            name = _LEADS.get(ActionType(shown["actionType"]).takes, "")
            return f"{{{inside}}}{self._named(name, shown.get('actionData'))}"
        return f"{{{inside}}}{self._named('menuSid', shown.get('menuSid'))}"

    def _named(self, name: str, value: Any) -> str:
        names = self._names if name.endswith("Sid") else {}
        found = (self._levels if name == "voicemailLevel" else names).get(str(value), "")
        return f"  # {_remark(found)}" if found else ""


def _written(value: Any, plain: re.Pattern[str] = _PLAIN) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    is_plain = plain.fullmatch(value) and not value.endswith(" ")
    return value if is_plain and value.lower() not in _WORDS else _quoted(value)


def _quoted(text: str) -> str:
    return f'"{"".join(_escaped(character) for character in text)}"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _RAW.fullmatch(character):
        return character
    code = ord(character)
    return (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )


def _block(text: str) -> tuple[str, list[str]] | None:
    """A text of several lines as they are, or a long one folded; None for what has to be quoted."""
    lines = text.split("\n")
    if len(lines) > 1 and all(_is_tame(line) or not line for line in lines):
        return ("|-", lines) if lines[0] and lines[-1] else None
    if len(text) > _WIDTH and _is_tame(text) and "  " not in text:
        return ">-", _folded(text)
    return None


def _is_tame(line: str) -> bool:
    """Whether a line can stand in a block: nothing to escape, no blanks at its ends."""
    return bool(line) and line == line.strip(" ") and all(map(_RAW.fullmatch, line))


def _folded(text: str) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if len(longer) > _WIDTH and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _remark(text: str) -> str:
    """A text that can stand in a comment."""
    return " ".join("".join(each for each in text if _RAW.fullmatch(each)).split())[:60]
