"""One readable log of many processes in one terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TextIO

_WIDTH = 8
_COLOURS = {
    "deskbell": "1",
    "web": "36",
    "worker": "33",
    "voice": "32",
    "mail": "35",
    "postgres": "34",
    "prepare": "90",
    "assets": "90",
}
_LONGEST = 64 * 1024


def wants_colour(stream: TextIO, variables: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour: on a terminal that can, unless NO_COLOR is set (no-color.org)."""
    return stream.isatty() and not variables.get("NO_COLOR") and variables.get("TERM") != "dumb"


class Log:
    """Writes lines with the name of who said them in front."""

    def __init__(self, stream: TextIO | None = None, *, colour: bool | None = None) -> None:
        self._stream = stream or sys.stdout
        self._colour = wants_colour(self._stream) if colour is None else colour

    def line(self, name: str, text: str) -> None:
        """Writes one line of `name`'s; a terminal that has gone away is no reason to stop."""
        front = f"{name:<{_WIDTH}} │"
        if self._colour:
            front = f"\033[{_COLOURS.get(name, '37')}m{front}\033[0m"
        self.plain(f"{front} {text}")

    def plain(self, text: str) -> None:
        """Writes `text` as it is, with a line end."""
        with suppress(OSError, ValueError):
            self._stream.write(text + "\n")
            self._stream.flush()


class Lines:
    """Cuts a process's output into lines, whatever the pieces it arrives in."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> list[str]:
        """The lines that `piece` completes; what is longer than 64 KiB is cut there."""
        *whole, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > _LONGEST:
            whole.append(self._rest)
            self._rest = b""
        return [_text(line) for line in whole]

    def end(self) -> list[str]:
        """What was said after the last line end."""
        rest, self._rest = self._rest, b""
        return [_text(rest)] if rest else []


def _text(line: bytes) -> str:
    return line.rstrip(b"\r").decode(errors="replace")
