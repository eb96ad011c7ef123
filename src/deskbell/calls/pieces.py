"""Pieces of recordings that are still on their way, in Django's storage until they are whole.

A gateway sends a long recording in pieces, in order; after a failure it asks how much is here and
goes on from there. Each piece is a file named by its offset. The last one is never written: what
is here is always less than the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FOLDER: Final = "recording-pieces"
KEPT_FOR: Final = timedelta(days=7)


def received(sid: str) -> int:
    """How many bytes of a recording are here, from its beginning on without a gap."""
    end = 0
    for offset, size in _pieces(sid):
        if offset != end:
            break
        end = offset + size
    return end


def add(sid: str, offset: int, piece: bytes) -> None:
    """Keeps a piece. Writes a file."""
    default_storage.save(_path(sid, offset), ContentFile(piece))


def content(sid: str) -> bytes:
    """All that is here of a recording, in order."""
    end, found = 0, bytearray()
    for offset, size in _pieces(sid):
        if offset != end:
            break
        with default_storage.open(_path(sid, offset)) as file:
            found += file.read()
        end = offset + size
    return bytes(found)


def forget(sid: str) -> None:
    """Removes a recording's pieces."""
    names = _listed(f"{FOLDER}/{sid}")[1]
    for name in names:
        default_storage.delete(f"{FOLDER}/{sid}/{name}")
    if names:
        default_storage.delete(f"{FOLDER}/{sid}")


def forget_old(at: datetime) -> int:
    """Removes the pieces of recordings that nobody completes any more; of how many."""
    old = [sid for sid in _listed(FOLDER)[0] if _is_old(sid, at)]
    for sid in old:
        forget(sid)
    return len(old)


def _is_old(sid: str, at: datetime) -> bool:
    folder = f"{FOLDER}/{sid}"
    names = _listed(folder)[1]
    times = [default_storage.get_modified_time(f"{folder}/{name}") for name in names]
    return all(at - time > KEPT_FOR for time in times)


def _pieces(sid: str) -> Iterator[tuple[int, int]]:
    """Offset and size of each piece, in order."""
    for name in sorted(_listed(f"{FOLDER}/{sid}")[1]):
        if name.isdigit():
            yield int(name), default_storage.size(f"{FOLDER}/{sid}/{name}")


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """The folders and the files in a folder; none where there is no such folder."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return list(folders), list(files)


def _path(sid: str, offset: int) -> str:
    return f"{FOLDER}/{sid}/{offset:012d}"
