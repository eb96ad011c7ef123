"""WAV files, decoded and written in one thread of their own, off the media loop.

A file has its name only when it is whole: until then it is called `….part`, so whatever carries
recordings away after a crash finds no half ones.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import queue
import struct
import threading
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np

from .g711 import RATE, Law, to_linear

logger = logging.getLogger(__name__)

_HEADER_SIZE = 44

Form: TypeAlias = Literal["one", "mixed", "dual"]


def wav_header(samples: int, *, channels: int = 1) -> bytes:
    """The 44 bytes in front of `samples` samples of PCM16 at 8 kHz (RIFF, format 1)."""
    size = 2 * samples * channels
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", 36 + size, b"WAVE"),
        *(b"fmt ", 16, 1, channels, RATE, 2 * RATE * channels, 2 * channels, 16),
        *(b"data", size),
    )


def mixed(one: bytes, other: bytes) -> bytes:
    """The sum of two equally long pieces of PCM16, cut off at full scale."""
    total = np.frombuffer(one, "<i2").astype(np.int32) + np.frombuffer(other, "<i2")
    return bytes(np.clip(total, -32768, 32767).astype("<i2"))


def side_by_side(left: bytes, right: bytes) -> bytes:
    """Two equally long pieces of PCM16 as the channels of one."""
    both = np.stack((np.frombuffer(left, "<i2"), np.frombuffer(right, "<i2")), axis=1)
    return both.tobytes()


class WavFile:
    """One recording on its way to the disk; its methods return at once.

    A fault of the disk is logged. What was written until then is still made a whole file; where
    that fails too there is none, and `finish` reports 0 samples.
    """

    __slots__ = ("_failed", "_file", "_form", "_jobs", "_law", "_path", "_samples")

    def __init__(
        self, path: Path, law: Law, form: Form, jobs: queue.SimpleQueue[Callable[[], None]]
    ) -> None:
        self._path = path
        self._law: Law = law
        self._form: Form = form
        self._jobs = jobs
        self._samples = 0
        self._file: FileIO | None = None
        self._failed = False

    def write(self, audio: bytes) -> None:
        """Appends G.711 `audio`, where the file has one direction."""
        self._jobs.put(lambda: self._append(to_linear(audio, self._law), len(audio)))

    def write_both(self, heard: bytes, sent: bytes) -> None:
        """Appends both directions' G.711 audio, equally long."""
        self._jobs.put(lambda: self._append_both(heard, sent))

    def finish(self, done: Callable[[int], None]) -> None:
        """Completes the file and then calls `done` with its samples, in the writer's thread."""
        self._jobs.put(lambda: self._finish(done))

    @property
    def _partial(self) -> Path:
        return self._path.with_name(self._path.name + ".part")

    @property
    def _channels(self) -> int:
        return 2 if self._form == "dual" else 1

    def _opened(self) -> FileIO:
        if self._file is None:
            self._file = self._partial.open("wb", buffering=0)
            _write_all(self._file, wav_header(0, channels=self._channels))
        return self._file

    def _append_both(self, heard: bytes, sent: bytes) -> None:
        join = side_by_side if self._form == "dual" else mixed
        self._append(join(to_linear(heard, self._law), to_linear(sent, self._law)), len(heard))

    def _append(self, linear: bytes, samples: int) -> None:
        if self._failed:
            return
        try:
            _write_all(self._opened(), linear)
            self._samples += samples
        except OSError as error:
            self._failed = True
            logger.error("recording %s is cut short: %s", self._path.name, error)  # noqa: TRY400 - expected

    def _finish(self, done: Callable[[int], None]) -> None:
        try:
            with self._opened() as file:
                file.truncate(_HEADER_SIZE + 2 * self._samples * self._channels)
                file.seek(0)
                _write_all(file, wav_header(self._samples, channels=self._channels))
            self._partial.replace(self._path)
        except OSError as error:
            logger.error("recording %s is lost: %s", self._path.name, error)  # noqa: TRY400 - expected
            self._samples = 0
            with contextlib.suppress(OSError):
                self._partial.unlink(missing_ok=True)
        done(self._samples)


def _write_all(file: FileIO, content: bytes) -> None:
    """A full disk takes a part first, and raises only at the next attempt."""
    if file.write(content) != len(content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Writer:
    """The thread that all recordings of a process are written in."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="recordings", daemon=True)
        self._over = False

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def open(self, path: Path, law: Law, form: Form = "one") -> WavFile:
        """A new file at `path`, whose folder must exist; touches the disk only in the thread.

        `form`: one direction; both `mixed`; or `dual`, heard on the left and sent on the right.
        """
        return WavFile(path, law, form, self._jobs)

    def stop(self) -> None:
        """Writes what is still waiting, then ends the thread."""
        self._jobs.put(self._end)
        if self._thread.is_alive():
            self._thread.join()

    def _end(self) -> None:
        self._over = True

    def _run(self) -> None:
        while not self._over:
            job = self._jobs.get()
            try:
                job()
            except Exception:
                logger.exception("a recording failed")
