"""A directory of people made by chance, who calls them, and the telephone between.

Everything follows from a seed. Nothing of it is recorded speech of people: the speakers are Piper
(neural, American), Flite (voices cut from recordings, with pronunciations of its own) and eSpeak NG
(by rules, several accents). Deskbell takes the pronunciation of names that no dictionary has from
eSpeak NG, and Piper speaks by eSpeak NG's phonemes too: both flatter it there, Flite does not.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deskbell.speech import read_wav, to_mulaw
from deskbell.speech.audio import from_pcm, resample, to_pcm
from deskbell.speech.hearing.phonemes import folded
from deskbell.speech.programs import Program
from deskbell.speech.providers.piper import engine as piper

from .name_parts import KINDS

Samples = NDArray[np.float32]

RATE: Final = 8000
LOW_HZ, HIGH_HZ = 300.0, 3400.0
SPEECH_DB: Final = -24.0
HYPHENATED: Final = "Hyphenated"
_BEFORE, _AFTER = 0.6, 1.2  # seconds of line noise around the name


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody in the directory, or a stranger."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who calls: an engine, and its voice; `home` by kind of name where a voice speaks so."""

    name: str
    engine: str
    voice: str
    home: tuple[tuple[str, str], ...] = ()

    def speaks(self, kind: str) -> bool:
        return not self.home or kind in dict(self.home)


_AT_HOME: Final = (
    ("Slavic", "pl"),
    ("Vietnamese", "vi"),
    ("African", "sw"),
    ("Scandinavian", "sv"),
    ("Hispanic", "es-419"),
)
SPEAKERS: Final = (
    Speaker("Piper, American man", "piper", ""),
    Speaker("Flite, American woman", "flite", "slt"),
    Speaker("Flite, American man", "flite", "rms"),
    Speaker("Flite, Scottish man", "flite", "awb"),
    Speaker("eSpeak NG, American man", "espeak-ng", "en-us+m3"),
    Speaker("eSpeak NG, American woman", "espeak-ng", "en-us+f2"),
    Speaker("eSpeak NG, British woman", "espeak-ng", "en-gb+f4"),
    Speaker("eSpeak NG, Scottish man", "espeak-ng", "en-gb-scotland+m1"),
    Speaker("eSpeak NG, Caribbean man", "espeak-ng", "en-029+m7"),
    Speaker("eSpeak NG, names as at home", "espeak-ng", "", _AT_HOME),
)


def people(count: int, *, seed: int) -> list[Name]:
    """`count` names, as many of each kind, no two alike; the last kind joins two surnames."""
    chance = random.Random(seed)
    kinds = [*KINDS, HYPHENATED]
    made: dict[str, Name] = {}
    while len(made) < count:
        kind = kinds[len(made) % len(kinds)]
        text = _made(kind, chance)
        made.setdefault(folded(text), Name(text, kind))
    return list(made.values())


def strangers(count: int, directory: Sequence[Name], *, seed: int) -> list[Name]:
    """People who are not in the directory; most share a given name or a surname with some there."""
    known = {folded(name.text) for name in directory}
    others = people(count + len(directory), seed=seed)
    return [name for name in others if folded(name.text) not in known][:count]


def present() -> list[Speaker]:
    """The speakers whose engines are installed."""
    return [
        speaker
        for speaker in SPEAKERS
        if (
            piper.PIPER.is_installed()
            if speaker.engine == "piper"
            else shutil.which(speaker.engine)
        )
    ]


def call(name: Name, speaker: Speaker, *, snr_db: float, seed: int) -> tuple[bytes, int]:
    """The line's sound while `speaker` says `name`, µ-law at 8 kHz, and where its speech ends.

    The end is a place in those bytes. Pitch, speed and loudness vary by `seed`.
    """
    chance = random.Random(f"{seed} {name.text} {speaker.name} {snr_db}")
    speech = _telephone_band(_spoken(name, speaker, chance.randrange(4)))
    heard = np.flatnonzero(np.abs(speech) > 0.02 * np.abs(speech).max())
    speech = speech[heard[0] : heard[-1] + 1]
    speech *= 10 ** ((SPEECH_DB + chance.uniform(-6, 4)) / 20) / _rms(speech)
    before, after = int(_BEFORE * RATE), int(_AFTER * RATE)
    line = np.pad(speech, (before, after))
    noise = _noise(len(line), np.random.default_rng(chance.randrange(1 << 30)))
    line += noise * (_rms(speech) * 10 ** (-snr_db / 20) / _rms(noise))
    return to_mulaw(to_pcm(line.astype(np.float32))), before + len(speech)


def _made(kind: str, chance: random.Random) -> str:
    if kind != HYPHENATED:
        given, family = KINDS[kind]
        return f"{chance.choice(given.split())} {chance.choice(family.split())}"
    one, other = chance.sample(sorted(KINDS), 2)
    first = chance.choice(KINDS[one][0].split())
    families = [chance.choice(KINDS[each][1].split()) for each in (one, other)]
    return f"{first} {'-'.join(families)}"


def _rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2))) or 1e-9


def _telephone_band(samples: Samples) -> Samples:
    """What a line lets through, by a filter whose edges fall off within some 100 Hz."""
    spectrum = np.fft.rfft(np.pad(samples, RATE // 10))
    hertz = np.fft.rfftfreq(len(samples) + 2 * (RATE // 10), 1 / RATE)
    gain = 1 / (1 + np.exp(-(hertz - LOW_HZ) / 20)) / (1 + np.exp((hertz - HIGH_HZ) / 30))
    return np.fft.irfft(spectrum * gain, len(samples) + 2 * (RATE // 10)).astype(np.float32)


def _noise(count: int, chance: np.random.Generator) -> Samples:
    """Pink noise in the telephone band that swells a little, as a street or an office does."""
    spectrum = np.fft.rfft(chance.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(hertz, 50)), count).astype(np.float32)
    swell = 1 + 0.3 * np.sin(np.arange(count) / RATE * 2 * np.pi * 0.7 + chance.uniform(0, 6))
    return (_telephone_band(pink)[RATE // 10 :][:count] * swell).astype(np.float32)


def _spoken(name: Name, speaker: Speaker, variant: int) -> Samples:
    """The name at 8 kHz, in one of four ways of pitch and speed; kept in a temporary folder."""
    voice = dict(speaker.home).get(name.kind, speaker.voice)
    key = hashlib.sha256(f"2 {name.text} {speaker.engine} {voice} {variant}".encode()).hexdigest()
    folder = Path(tempfile.gettempdir()) / "deskbell-bench-names"
    path = folder / f"{key[:24]}.pcm"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        sound = _ENGINES[speaker.engine](name.text, voice, variant)
        path.write_bytes(to_pcm(sound))
    return from_pcm(path.read_bytes())


def _piper(text: str, _voice: str, variant: int) -> Samples:
    model = piper.PIPER.model("Man")
    request = {"texts": [folded(text)], "model": str(model), "config": f"{model}.json"}
    slowness = (0.9, 1.0, 1.1, 1.25)[variant]
    fields, pcm = _program().ask({**request, "length_scale": slowness}, seconds=60)
    return resample(from_pcm(pcm), int(fields["rate"]))


def _flite(text: str, voice: str, variant: int) -> Samples:
    slowness = (0.9, 1.0, 1.1, 1.25)[variant]
    # It reads plain letters only.
    words = folded(text)
    return _by_file(
        ["flite", "-voice", voice, "--setf", f"duration_stretch={slowness}", "-t", words, "-o"]
    )


def _espeak(text: str, voice: str, variant: int) -> Samples:
    speed, pitch = ((150, 40), (165, 50), (140, 60), (180, 45))[variant]
    words = text if voice[:2] not in {"en"} else folded(text)
    return _by_file(["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), words, "-w"])


def _by_file(command: list[str]) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "name.wav"
        subprocess.run([*command, str(path)], check=True, capture_output=True)
        return from_pcm(read_wav(path.read_bytes()))


@cache
def _program() -> Program:
    return Program("Piper", [str(Path(piper.__file__).with_name("program.py"))])


_ENGINES: Final = {"piper": _piper, "flite": _flite, "espeak-ng": _espeak}
