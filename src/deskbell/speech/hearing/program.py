"""The program that recognises, for listeners.py; the only one that imports PocketSphinx.

It reads one JSON line a request, `{"hints": [...], "bytes": n}` and n bytes of µ-law at 8 kHz, and
answers `{"text", "confidence", "alternatives": [[text, confidence], ...]}`. It ends when its
standard input does. With `--behind-everything` it has the lowest priority: nobody waits for it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, BinaryIO

from deskbell.speech.hearing.phonemes import folded
from deskbell.speech.hearing.recogniser import Free, Recogniser

BEHIND = "--behind-everything"
LOWEST = 19
_KEPT = 16
_LOG = logging.getLogger("recogniser")
_ready: OrderedDict[tuple[str, ...], Recogniser | Free] = OrderedDict()


def recogniser_for(hints: tuple[str, ...]) -> Recogniser | Free:
    """The recogniser for a list of hints, for anything where there are none; the last are kept."""
    found = _ready.pop(hints, None) or (Recogniser(hints) if any(map(folded, hints)) else Free())
    _ready[hints] = found
    while len(_ready) > _KEPT:
        _ready.popitem(last=False)
    return found


def answer(request: Mapping[str, Any], sound: bytes) -> dict[str, object]:
    """The fields of the answer to one request."""
    try:
        recogniser = recogniser_for(tuple(request["hints"]))
        return {} if request.get("prepare") else recogniser.hear(sound)
    except Exception as error:  # noqa: BLE001  a fault over one caller must not cost the others
        _LOG.exception("the recogniser failed")
        return {"error": f"{type(error).__name__}: {error}"}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers request after request until there are no more."""
    while line := requests.readline():
        request = json.loads(line)
        sound = requests.read(request.get("bytes", 0))
        try:
            answers.write(json.dumps(answer(request, sound)).encode() + b"\n")
            answers.flush()
        except BrokenPipeError:
            return


if __name__ == "__main__":
    if BEHIND in sys.argv:
        os.nice(LOWEST)
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    serve(sys.stdin.buffer, channel)
