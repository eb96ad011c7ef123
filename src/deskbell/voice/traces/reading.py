"""Finds a call's lines, and those of the calls that it dialled, in gateways' folders."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from deskbell.foundation.errors import InvalidInput, NotFound

from .keeper import KEPT_DAYS

_SID: Final = re.compile(r"CA[0-9a-f]{32}")
NTH: Final = "nth"  # where in its file a line stands
Line = dict[str, Any]


@dataclass
class Traced:
    """One call as it stands on disk: its lines by time, and the calls that it dialled."""

    sid: str
    lines: list[Line] = field(default_factory=list)
    children: list[Traced] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether its end was written."""
        return any(line["event"] == "over" for line in self.lines)

    def first(self, event: str) -> Line:
        """The first line of that event; empty where there is none."""
        return next((line for line in self.lines if line["event"] == event), {})


def find(sid: str, folders: Sequence[Path]) -> Traced:
    """The call `sid` in the data folders `folders`, each a gateway's or one above gateways'.

    Raises InvalidInput for what is no call's sid, NotFound, in words, where nobody kept it.
    """
    if not _SID.fullmatch(sid):
        raise InvalidInput(f"A call's sid is CA and 32 hex digits; not {sid!r}")
    places = [place for folder in folders for place in _places(folder)]
    for place in places:
        call = _call_in(place, sid)
        if call.lines:
            return call
    looked = ", ".join(str(folder) for folder in folders)
    raise NotFound(
        f"No trace of {sid} in {looked}. Traces are kept for {KEPT_DAYS} days, in the data folder "
        "of the gateway that had the call: name that folder, or one above several, after the sid"
    )


def _places(folder: Path) -> list[Path]:
    """The folders of traces in `folder` and in the folders right below it."""
    found = [folder / "voice" / "traces", *sorted(folder.glob("*/voice/traces"))]
    return [place for place in found if place.is_dir()]


def _call_in(place: Path, sid: str) -> Traced:
    """Reads the newest files first, and on until one that has nothing of the call."""
    kept: dict[str, list[Line]] = {}
    wanted = {sid}
    files = sorted(place.glob("????-??-??.jsonl"), reverse=True)
    for path in files:
        found = _lines_of(path, wanted)
        if kept and not found:
            break
        for line in found:
            kept.setdefault(line["call"], []).append(line)
    return _assembled(sid, kept)


def _lines_of(path: Path, wanted: set[str]) -> list[Line]:
    """The lines of the calls `wanted` in a file; calls that they dialled become wanted too."""
    found: list[Line] = []
    taken: set[str] = set()
    while batch := wanted - taken:
        taken |= batch
        for line in _matching(path, [sid.encode() for sid in batch]):
            if line["call"] in batch:
                found.append(line)
            elif line.get("parent") in batch:
                wanted.add(line["call"])
    return found


def _matching(path: Path, names: Sequence[bytes]) -> Iterable[Line]:
    with path.open("rb") as file:
        for nth, data in enumerate(file):
            if any(name in data for name in names):
                line = _read(data)
                if line is not None:
                    yield line | {NTH: nth}


def _read(data: bytes) -> Line | None:
    """A line; None for one that a killed gateway left half written."""
    try:
        line = json.loads(data)
    except ValueError:
        return None
    has_all = isinstance(line, dict) and {"at", "call", "event"} <= line.keys()
    return line if has_all else None


def _assembled(sid: str, kept: dict[str, list[Line]]) -> Traced:
    call = Traced(sid, sorted(kept.get(sid, []), key=_at))
    children = [
        _assembled(other, kept)
        for other, lines in kept.items()
        if any(line.get("parent") == sid for line in lines if line["event"] == "begins")
    ]
    call.children = sorted(children, key=lambda child: _at(child.lines[0]))
    return call


def _at(line: Line) -> float:
    return float(line["at"])
