"""The program that speaks with Piper, for engine.py's process; the only file that imports Piper.

Piper is GPL-3.0, and its model takes seconds to load: so it lives in a process of its own, which
stays. It reads one JSON line a request, `{"texts": [...], "model": path, "config": path}`, with
`"length_scale"` where it is to speak slower (above 1) or faster than the voice does by itself. It
answers with one JSON line, `{"rate": hertz, "bytes": n}` and n bytes of PCM16 mono, or
`{"error": words}`. It ends when its standard input does, so it never outlives whom it serves.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any, BinaryIO

from piper import PiperVoice
from piper.config import SynthesisConfig

_PAUSE_SECONDS = 0.2
_BEHIND_LIVE_CALLS = 5

_LOG = logging.getLogger("piper")
_voices: dict[str, PiperVoice] = {}


def voice_at(model: str, config: str) -> PiperVoice:
    """The voice in the file `model`; loaded once."""
    if model not in _voices:
        _voices[model] = PiperVoice.load(model, config)
    return _voices[model]


def speak(request: dict[str, Any]) -> tuple[int, bytes]:
    """The rate and the sound that `request` asks for, a short pause between its sentences."""
    voice = voice_at(request["model"], request["config"])
    rate = voice.config.sample_rate
    pause = bytes(2 * int(rate * _PAUSE_SECONDS))
    slower = request.get("length_scale", 1.0)
    manner = SynthesisConfig(length_scale=voice.config.length_scale * slower)
    sentences = [
        chunk.audio_int16_bytes
        for text in request["texts"]
        for chunk in voice.synthesize(text, manner)
    ]
    return rate, pause.join(sentences)


def answer(line: bytes) -> bytes:
    """The whole answer to one line of request."""
    try:
        rate, sound = speak(json.loads(line))
    except Exception as error:  # noqa: BLE001  a fault over one text must not cost the voice
        _LOG.exception("Piper failed")
        return json.dumps({"error": f"{type(error).__name__}: {error}"}).encode() + b"\n"
    return json.dumps({"rate": rate, "bytes": len(sound)}).encode() + b"\n" + sound


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers request after request until there are no more."""
    for line in requests:
        try:
            answers.write(answer(line))
            answers.flush()
        except BrokenPipeError:
            return


if __name__ == "__main__":
    os.nice(_BEHIND_LIVE_CALLS)
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the answers
    serve(sys.stdin.buffer, channel)
