"""WAV files of ours after they are made: mended where they were cut short, trimmed of silence.

All are PCM16 at 8 kHz with a header of 44 bytes, as the media room writes them; with one channel,
or two. Everything here reads or writes the disk: not for the event loop.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

import numpy as np

RATE: Final = 8000
HEADER_BYTES: Final = 44
FRAME_SECONDS: Final = 0.02
KEPT_SECONDS: Final = 0.2  # around what is heard: a soft beginning is speech too
QUIET_LEVEL: Final = 330  # RMS of 16-bit samples: -40 dB


def mend_wav(path: Path) -> float:
    """Makes the header of a WAV file that was cut short fit; its seconds."""
    size = path.stat().st_size - HEADER_BYTES
    if size <= 0:
        return 0.0
    with path.open("rb") as file:
        file.seek(22)
        frame = 2 * max(1, int.from_bytes(file.read(2), "little"))
    size -= size % frame
    _write_sizes(path, size)
    return size / frame / RATE


def trim_wav(path: Path) -> float:
    """Cuts the silence off both ends of a WAV file; its seconds from now on.

    A file that is silent throughout stays as it is.
    """
    content = path.read_bytes()
    header, sound = content[:HEADER_BYTES], content[HEADER_BYTES:]
    channels = max(1, int.from_bytes(header[22:24], "little"))
    samples = np.frombuffer(sound[: len(sound) - len(sound) % (2 * channels)], "<i2")
    samples = samples.reshape(-1, channels)
    begin, end = _heard(samples)
    kept = samples[begin:end].tobytes()
    if len(kept) < len(sound):
        whole = path.with_suffix(".trimmed")
        whole.write_bytes(header + kept)
        _write_sizes(whole, len(kept))
        whole.replace(path)
    return (end - begin) / RATE


def _heard(samples: np.ndarray[tuple[int, int], np.dtype[np.int16]]) -> tuple[int, int]:
    """The first and last sample to keep."""
    step = int(RATE * FRAME_SECONDS)
    count = len(samples) // step
    frames = samples[: count * step].astype(np.float32).reshape(count, step * samples.shape[1])
    loud = np.flatnonzero(np.sqrt(np.mean(frames**2, axis=1)) > QUIET_LEVEL).tolist()
    if not loud:
        return 0, len(samples)
    margin = int(KEPT_SECONDS * RATE)
    begin = max(0, loud[0] * step - margin)
    return begin, min(len(samples), (loud[-1] + 1) * step + margin)


def _write_sizes(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        file.truncate(HEADER_BYTES + size)
        file.seek(4)
        file.write(struct.pack("<I", size + HEADER_BYTES - 8))
        file.seek(40)
        file.write(struct.pack("<I", size))
