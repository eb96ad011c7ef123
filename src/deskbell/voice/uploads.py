"""Recordings on their way to the web side: whole, or in pieces where it takes them.

A long recording is asked about first (HEAD): a web side that keeps pieces answers with
`Upload-Offset`, how much it has already, so an upload that broke off goes on from there, also by
another process. Every piece is signed by itself; `offset` and `size` stand in the query, which the
signature covers.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from deskbell.foundation.errors import Unreachable

from .web import Reply, WebSide, with_query

PIECE_BYTES: Final = 1024 * 1024
MOST_CONFLICTS: Final = 5
_KIND: Final = "audio/wav"


async def upload(web: WebSide, url: str, path: Path) -> Reply:
    """Sends a WAV file; the last answer. Raises Unreachable, FileNotFoundError."""
    size = (await asyncio.to_thread(path.stat)).st_size
    if size > PIECE_BYTES:
        has = await web.head(url)
        if has.is_good and has.offset is not None:
            return await _in_pieces(web, url, path, size, has)
    return await web.put(url, await asyncio.to_thread(path.read_bytes), _KIND)


async def _in_pieces(web: WebSide, url: str, path: Path, size: int, has: Reply) -> Reply:
    """From what the web side has to the end; it may say at any time that it has another part."""
    conflicts = 0
    while has.offset is not None and has.offset < size:
        offset = has.offset
        piece = await asyncio.to_thread(_piece, path, offset)
        target = with_query(url, {"offset": str(offset), "size": str(size)})
        has = await web.put(target, piece, _KIND)
        conflicts += has.offset == offset or has.status == 409
        if conflicts > MOST_CONFLICTS:
            raise Unreachable(f"{url} does not go on from byte {offset}")
        if not has.is_good and has.status != 409:
            break
    return has


def _piece(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(PIECE_BYTES)
