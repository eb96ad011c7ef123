"""Who answered a call of ours: a person, an answering machine, or a fax.

People say a word or two and wait; machines go on talking, and beep at the end. All times are those
of the audio, so what comes late or in bursts changes nothing, and tests need no clock.
Source: https://www.twilio.com/docs/voice/answering-machine-detection, whose parameters, defaults
and values of AnsweredBy these are; ITU-T T.30 section 4.3.3 for the tone of a fax that answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import numpy as np

from .media.g711 import PACKET_SAMPLES, RATE, to_linear
from .media.loudness import QUIET, Ear, level

Verdict = Literal[
    "human",
    "machine_start",
    "machine_end_beep",
    "machine_end_silence",
    "machine_end_other",
    "fax",
    "unknown",
]
SPEECH_THRESHOLD: Final = 2.4
SPEECH_END_THRESHOLD: Final = 1.2
SILENCE_TIMEOUT: Final = 5.0
TIMEOUT: Final = 30.0
_PIECE: Final = PACKET_SAMPLES / RATE
_CLICK: Final = 0.1  # voice that is no longer is none
_LEAST_BEEP: Final = 0.14
_BEEPS: Final = (350.0, 2600.0)
_FAX: Final = (2080.0, 2120.0)
_FAX_SECONDS: Final = 0.5
_SAME_TONE: Final = 30.0  # Hz
_PURE: Final = 0.9  # of a piece's energy in one tone
_BINS: Final = 1024
_WINDOW: Final = np.hanning(PACKET_SAMPLES)
_HERTZ: Final = RATE / _BINS
_LOBE: Final = round(2.2 * _BINS / PACKET_SAMPLES)  # half the width of the window's own peak


def tone_of(audio: bytes) -> float:
    """The frequency in Hz where 20 ms of G.711 µ-law are one pure tone; 0 where they are not."""
    if level(audio, "PCMU") < QUIET:
        return 0.0
    samples = np.frombuffer(to_linear(audio, "PCMU"), dtype="<i2").astype(np.float32)
    energy = np.abs(np.fft.rfft(samples * _WINDOW[: len(samples)], _BINS)) ** 2
    peak = int(energy.argmax())
    around = float(energy[max(0, peak - _LOBE) : peak + _LOBE + 1].sum())
    return peak * _HERTZ if around > _PURE * float(energy.sum()) else 0.0


class _Tone:
    """The tone that sounds now, and for how long."""

    __slots__ = ("hertz", "seconds")

    def __init__(self) -> None:
        self.hertz = self.seconds = 0.0

    def hear(self, audio: bytes) -> float:
        """Takes 20 ms; gives how long the tone lasted that has ended with them, else 0."""
        now = tone_of(audio)
        if now and abs(now - self.hertz) < _SAME_TONE:
            self.seconds += _PIECE
            return 0.0
        lasted = self.seconds if _BEEPS[0] < self.hertz < _BEEPS[1] else 0.0
        self.hertz, self.seconds = now, _PIECE if now else 0.0
        return lasted

    @property
    def is_fax(self) -> bool:
        """Whether a fax answers."""
        return _FAX[0] < self.hertz < _FAX[1] and self.seconds >= _FAX_SECONDS


class MachineEar:
    """Listens to one call from its answer on and says once who it is.

    `on_verdict` is called from `hear`. With `until_end` a machine is told of when its greeting is
    over, so that a message can be left. Times are in seconds of audio.
    """

    def __init__(
        self,
        on_verdict: Callable[[Verdict], None],
        *,
        until_end: bool = False,
        timeout: float = TIMEOUT,
        speech_threshold: float = SPEECH_THRESHOLD,
        speech_end_threshold: float = SPEECH_END_THRESHOLD,
        silence_timeout: float = SILENCE_TIMEOUT,
    ) -> None:
        self._on_verdict = on_verdict
        self._until_end = until_end
        self._timeout = timeout
        self._speech_threshold = speech_threshold
        self._speech_end_threshold = speech_end_threshold
        self._silence_timeout = silence_timeout
        self._rest = b""
        self._ear = Ear()
        self._tone = _Tone()
        self._is_over = self._is_machine = False
        self._heard = self._voiced = self._quiet = 0.0

    def hear(self, mulaw: bytes) -> None:
        """Takes the next audio of the call: G.711 µ-law, 8 kHz, any length."""
        self._rest += mulaw
        while len(self._rest) >= PACKET_SAMPLES and not self._is_over:
            piece, self._rest = self._rest[:PACKET_SAMPLES], self._rest[PACKET_SAMPLES:]
            verdict = self._judge(piece)
            if verdict is not None:
                self._is_over = True
                self._on_verdict(verdict)

    def _judge(self, piece: bytes) -> Verdict | None:
        self._heard += _PIECE
        beep = self._tone.hear(piece)
        if self._tone.is_fax:
            return "fax"
        self._measure(piece)
        if not self._is_machine:
            self._is_machine = self._voiced >= self._speech_threshold or beep >= _LEAST_BEEP
            if self._is_machine and not self._until_end:
                return "machine_start"
        return self._end_of_greeting(beep) if self._is_machine else self._no_machine_yet()

    def _no_machine_yet(self) -> Verdict | None:
        if self._voiced >= _CLICK and self._quiet >= self._speech_end_threshold:
            return "human"
        waited = self._silence_timeout if not self._voiced else self._timeout
        return "unknown" if self._heard >= waited else None

    def _measure(self, piece: bytes) -> None:
        """A pause within a greeting belongs to it; a tone is nobody's voice."""
        if self._ear.hears_voice(piece, "PCMU") and not self._tone.seconds >= _CLICK:
            self._voiced += _PIECE + (self._quiet if self._voiced else 0.0)
            self._quiet = 0.0
        else:
            self._quiet += _PIECE

    def _end_of_greeting(self, beep: float) -> Verdict | None:
        if beep >= _LEAST_BEEP:
            return "machine_end_beep"
        is_sounding = self._tone.seconds > 0
        if self._quiet >= 2 * self._speech_end_threshold and not is_sounding:
            return "machine_end_silence"
        return "machine_end_other" if self._heard >= self._timeout else None
