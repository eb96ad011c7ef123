"""Recordings become text: piece by piece, by PocketSphinx on this machine or by Google.

Nobody waits for it, so the recogniser here is a process of its own behind everything else; it is
not the one that live calls are heard by. What it writes is a help for finding, not a record.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from .audio import to_mulaw
from .errors import SpeechUnavailable
from .hearing.ear import can_hear
from .loudness import is_silent
from .programs import Program

RATE: Final = 8000
LONGEST_SECONDS: Final = 50  # a service takes a minute at most
SHORTEST_SECONDS: Final = 20
_STRETCH: Final = RATE // 5
_SECONDS_HERE: Final = 900.0  # it stands behind everything else, for long on a busy machine
_SOURCE: Final = Path(__file__).resolve().parents[2]
_PROGRAM: Final = ("-m", "deskbell.speech.hearing.program", "--behind-everything")
_MARK: Final = re.compile(r"[<\[+]\S*|\(\d+\)")


class Way(StrEnum):
    """Who writes a recording down."""

    HERE = "here"
    GOOGLE = "google"


def first_piece(pcm: bytes) -> int:
    """How many bytes of PCM16 at 8 kHz are written down at once: up to a pause, else 50 s of them.

    The cut is in the middle of the quietest fifth of a second, so that few words are torn.
    """
    samples = np.frombuffer(pcm, "<i2", count=min(len(pcm) // 2, RATE * LONGEST_SECONDS))
    if len(pcm) // 2 <= RATE * LONGEST_SECONDS:
        return len(pcm)
    start = RATE * SHORTEST_SECONDS
    stretches = samples[start:].reshape(-1, _STRETCH).astype(np.float64)
    quietest = int((stretches**2).mean(axis=1).argmin())
    return 2 * (start + quietest * _STRETCH + _STRETCH // 2)


def transcribe(pcm: bytes, *, way: Way) -> str:
    """What is said in a piece of PCM16, mono, 8 kHz, in English; empty where nothing is understood.

    Blocks, for minutes where it is done here. Raises SpeechUnavailable.
    """
    if is_silent(pcm):
        return ""
    if way == Way.GOOGLE:
        from .providers.google.hearing import write_down

        return write_down(pcm)
    if not can_hear("en-US"):
        raise SpeechUnavailable("PocketSphinx is not installed, which writes recordings down here")
    answer, _ = _program().ask({"hints": []}, to_mulaw(pcm), seconds=_SECONDS_HERE)
    return " ".join(_MARK.sub(" ", str(answer.get("text", ""))).split())


def rest() -> None:
    """Ends the recogniser here, which fills 130 MB while it waits; the next piece starts it."""
    _program().stop()


@cache
def _program() -> Program:
    variables = {"PYTHONPATH": str(_SOURCE), "OPENBLAS_NUM_THREADS": "1"}
    return Program("The recogniser of recordings", _PROGRAM, variables=variables)
