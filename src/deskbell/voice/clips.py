"""What was spoken once, kept on disk by its content, so that a gateway that starts again is ready.

The folder is bounded: what was not heard for longest goes first.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .files import write_whole

log = logging.getLogger(__name__)

MOST_BYTES: Final = 256 * 1024 * 1024
_LEFT_AFTER_CLEARING: Final = 0.8
_SUFFIX: Final = ".ulaw"


class ClipFolder:
    """Clips as files; from any thread. A disk that fails costs speaking anew, and no call."""

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most = most_bytes
        self._lock = threading.Lock()
        self._size: int | None = None

    def get(self, key: Sequence[str]) -> bytes | None:
        """The clip kept under `key`, None where there is none."""
        path = self._path(key)
        try:
            clip = path.read_bytes()
        except OSError:
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return clip

    def put(self, key: Sequence[str], clip: bytes) -> None:
        """Keeps a clip under `key`."""
        try:
            write_whole(self._path(key), clip)
            self._grow(len(clip))
        except OSError as error:
            log.warning("%s keeps no clips: %s", self._folder, error)

    def _path(self, key: Sequence[str]) -> Path:
        name = hashlib.sha256("\0".join(key).encode(errors="surrogatepass")).hexdigest()
        return self._folder / f"{name}{_SUFFIX}"

    def _grow(self, by: int) -> None:
        with self._lock:
            if self._size is None:
                self._size = sum(size for _, size, _ in self._kept())
            else:
                self._size += by
            if self._size > self._most:
                self._size = self._clear()

    def _clear(self) -> int:
        """Removes what was not heard for longest; what is left, in bytes."""
        kept = sorted(self._kept(), reverse=True)
        left = 0
        for _, size, path in kept:
            if left + size <= self._most * _LEFT_AFTER_CLEARING:
                left += size
            else:
                with contextlib.suppress(OSError):
                    path.unlink()
        return left

    def _kept(self) -> list[tuple[int, int, Path]]:
        found = []
        for path in self._folder.glob(f"*{_SUFFIX}"):
            with contextlib.suppress(OSError):
                about = path.stat()
                found.append((about.st_mtime_ns, about.st_size, path))
        return found
