"""Files that are there whole or not at all: whoever reads one after a crash finds no half of it."""

from __future__ import annotations

from pathlib import Path


def write_whole(path: Path, content: bytes, *, is_private: bool = False) -> None:
    """Writes `content` to `path`, making its folder; what stood there stays until all is written.

    What is private only the owner of the process reads. Raises OSError, as for a full disk; then
    nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    try:
        if is_private:
            fresh.touch(mode=0o600)
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
