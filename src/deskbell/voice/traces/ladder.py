"""Draws a call as a ladder: who said what to whom, from top to bottom by time.

Lanes are the caller, the gateway, the web side, and one for each call that was dialled. What passes
between two of them is an arrow; what happened within the gateway stands beside the call's lane.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from .reading import NTH, Line, Traced

_TIME: Final = 10
_LONGEST: Final = 60
_CALLER, _GATEWAY, _WEB = 0, 1, 2
_HIDDEN: Final = frozenset({"at", "call", "event", "warning", "parent", "sip_call_id", NTH})


@dataclass(frozen=True, slots=True)
class _Row:
    at: float
    label: str
    ends: tuple[int, int] | None = None  # from which lane to which; None: a note
    lane: int = _GATEWAY
    is_warning: bool = False


@dataclass
class _Sheet:
    names: list[str]
    lines: list[tuple[Line, int]] = field(default_factory=list)
    calls: dict[str, str] = field(default_factory=dict)  # the lane's name of each sid

    def rows(self) -> list[_Row]:
        """All lines as rows by time; what shares a millisecond stands as it was written."""
        self.lines.sort(key=lambda each: (float(each[0]["at"]), each[0].get(NTH, 0)))
        rows = [self._named(row) for line, lane in self.lines for row in _rows(line, lane)]
        return sorted(rows, key=lambda row: row.at)

    def _named(self, row: _Row) -> _Row:
        label = row.label
        if row.ends is None:
            for sid, name in self.calls.items():
                label = label.replace(sid, name)
        return replace(row, label=label)


def draw(call: Traced, *, width: int = 120) -> str:
    """The call as text, at most about `width` columns wide where there are few lanes."""
    sheet = _Sheet(["caller", "gateway", "web side"])
    if call.first("begins").get("direction", "inbound") != "inbound":
        sheet.names[_CALLER] = "called"
    _collect(call, sheet, _CALLER)
    rows = sheet.rows()
    lane_width = max(20, min(30, (width - _TIME) // len(sheet.names)))
    first = rows[0].at
    lines = [*_headings(call), "", _names(sheet.names, lane_width)]
    lines += [_drawn(row, first, lane_width, len(sheet.names)) for row in rows]
    if not call.is_over:
        lines += ["", "Its end is not written: it is running, or its gateway was killed."]
    return "\n".join(line.rstrip() for line in lines)


def _headings(call: Traced) -> Iterator[str]:
    begins = call.first("begins")
    at = datetime.fromtimestamp(float(call.lines[0]["at"]), UTC)
    yield f"{call.sid} began {at:%Y-%m-%d %H:%M:%S} UTC"
    facts = [f"{name} {value}" for name, value in begins.items() if name not in _HIDDEN and value]
    if facts:
        yield ", ".join(facts)
    if parent := begins.get("parent"):
        yield f"dialled by {parent}"


def _collect(call: Traced, sheet: _Sheet, lane: int) -> None:
    sheet.calls[call.sid] = sheet.names[lane]
    sheet.lines += [(line, lane) for line in call.lines]
    for child in call.children:
        called = child.first("begins").get("called")
        sheet.names.append(str(called or "dialled"))
        _collect(child, sheet, len(sheet.names) - 1)


def _rows(line: Line, lane: int) -> list[_Row]:
    known = _ARROWS.get(str(line["event"]))
    if known is not None:
        return known(line, lane)
    warning = bool(line.get("warning"))
    return [_Row(float(line["at"]), _noted(line), lane=max(lane, _GATEWAY), is_warning=warning)]


def _noted(line: Line) -> str:
    seen = {name.rstrip("_"): value for name, value in line.items() if name not in _HIDDEN}
    facts = [f"{name}={_short(value)}" for name, value in seen.items()]
    return " ".join([str(line["event"]).replace("_", " "), *facts])


def _short(value: object) -> str:
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _sip(line: Line, lane: int) -> list[_Row]:
    said, (number, _, method) = str(line["line"]), str(line.get("cseq", "")).partition(" ")
    if said.startswith("SIP/2.0 "):
        label = said.removeprefix("SIP/2.0 ")
        label += f" ({method})" if method not in {"", "INVITE"} else ""
    else:
        label = said.partition(" ")[0]
        label += f" ({number})" if label == "INVITE" and number != "1" else ""
    ends = (lane, _GATEWAY) if line.get("way") == "in" else (_GATEWAY, lane)
    at = float(line["at"])
    rows = [_Row(at, label, ends)]
    if media := line.get("media"):
        rows.append(_Row(at, str(media).removesuffix(" sendrecv"), lane=min(lane, _GATEWAY)))
    return rows


def _web(line: Line, _lane: int) -> list[_Row]:
    at, seconds, status = float(line["at"]), float(line["seconds"]), int(line["status"])
    asked = f"{line['method']} {urlsplit(str(line['url'])).path}"
    answer = f"{status or 'none'} in {seconds * 1000:.0f} ms"
    return [
        _Row(at - seconds, asked, (_GATEWAY, _WEB)),
        _Row(at, answer, (_WEB, _GATEWAY), is_warning=bool(line.get("warning"))),
    ]


def _pressed(line: Line, lane: int) -> list[_Row]:
    return [_Row(float(line["at"]), f"key {line.get('key')} ({line.get('way')})", (lane, _GATEWAY))]


def _begins(line: Line, lane: int) -> list[_Row]:
    """Who calls whom stands above the ladder already, or above the lane."""
    left_out = {"caller", "called", "direction"} if lane != _CALLER else line.keys()
    facts = {name: value for name, value in line.items() if name not in left_out}
    return [_Row(float(line["at"]), _noted({"event": "begins"} | facts), lane=max(lane, _GATEWAY))]


_ARROWS: dict[str, Callable[[Line, int], list[_Row]]] = {
    "begins": _begins,
    "sip": _sip,
    "web": _web,
    "pressed": _pressed,
}


def _names(names: list[str], lane_width: int) -> str:
    cells = [name[: lane_width - 1].ljust(lane_width) for name in names]
    return " " * _TIME + "".join(cells)


def _drawn(row: _Row, first: float, lane_width: int, lanes: int) -> str:
    canvas = list(" " * (lane_width * (lanes - 1) + 1))
    for lane in range(lanes):
        canvas[lane * lane_width] = "│"
    if row.ends is not None:
        _arrow(canvas, row.ends, row.label, lane_width)
    else:
        start = row.lane * lane_width + 2
        canvas += " " * (start - len(canvas))
        canvas[start : start + len(row.label)] = row.label
    mark = "!" if row.is_warning else " "
    return f"{row.at - first:8.3f}{mark} {''.join(canvas)}"


def _arrow(canvas: list[str], ends: tuple[int, int], label: str, lane_width: int) -> None:
    left, right = (lane * lane_width for lane in sorted(ends))
    span = right - left - 1
    text = f" {label[: span - 4]} "
    line = text.center(span, "─")
    line = line[:-1] + "►" if ends[0] < ends[1] else "◄" + line[1:]
    canvas[left + 1 : right] = line
