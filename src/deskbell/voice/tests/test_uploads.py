"""Long recordings on their way: in pieces, from where they broke off, or whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from deskbell.foundation.signing import HEADER, is_signed, is_signed_body
from deskbell.voice.spool import Parcel, Spool
from deskbell.voice.tests.stage import SECRET, free_port, noise, until
from deskbell.voice.uploads import PIECE_BYTES, upload
from deskbell.voice.web import WebSide

AUDIO = noise("a long recording", 3.5 * PIECE_BYTES / 8000)


@dataclass
class Keeper:
    """A web side that keeps pieces; it falls silent once it has as many as `breaks_after`."""

    keeps_pieces: bool = True
    breaks_after: int = 100
    answers: int = 201
    kept: bytes = b""
    puts: list[int] = field(default_factory=list)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        url, signature = str(request.url), request.headers[HEADER]
        if request.method == "HEAD":
            assert is_signed(SECRET, url, signature)
            headers = {"Upload-Offset": str(len(self.kept))} if self.keeps_pieces else {}
            return web.Response(status=200 if headers else 405, headers=headers)
        body = await request.read()
        assert is_signed_body(SECRET, url, signature, body)
        if "offset" not in request.query:
            self.puts.append(-1)
            self.kept = body
            return web.Response(status=self.answers)
        return self._piece(int(request.query["offset"]), int(request.query["size"]), body)

    def _piece(self, offset: int, size: int, body: bytes) -> web.Response:
        if len(self.puts) == self.breaks_after:
            self.breaks_after = 100
            return web.Response(status=503)
        self.puts.append(offset)
        is_right = offset == len(self.kept)
        self.kept += body if is_right else b""
        headers = {"Upload-Offset": str(len(self.kept))}
        if len(self.kept) == size:
            return web.Response(status=self.answers)
        return web.Response(status=204 if is_right else 409, headers=headers)


@asynccontextmanager
async def serving(keeper: Keeper) -> AsyncIterator[WebSide]:
    port = free_port()
    keeper.url = f"http://127.0.0.1:{port}/voice/recordings/RE1?CallSid=CA1"
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", keeper.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    side = WebSide(SECRET)
    try:
        yield side
    finally:
        await side.close()
        await runner.cleanup()


def sent(folder: Path, keeper: Keeper, audio: bytes = AUDIO) -> int:
    """The last status of an upload."""
    path = folder / "RE1.wav"
    path.write_bytes(audio)

    async def send() -> int:
        async with serving(keeper) as side:
            return (await upload(side, keeper.url, path)).status

    return asyncio.run(send())


def test_a_long_recording_goes_in_pieces(tmp_path: Path) -> None:
    keeper = Keeper()
    assert sent(tmp_path, keeper) == 201
    assert keeper.kept == AUDIO
    assert keeper.puts == [0, PIECE_BYTES, 2 * PIECE_BYTES, 3 * PIECE_BYTES]


def test_a_short_one_goes_whole(tmp_path: Path) -> None:
    keeper = Keeper()
    assert sent(tmp_path, keeper, AUDIO[:1000]) == 201
    assert (keeper.kept, keeper.puts) == (AUDIO[:1000], [-1])


def test_a_web_side_that_keeps_no_pieces_gets_it_whole(tmp_path: Path) -> None:
    keeper = Keeper(keeps_pieces=False)
    assert sent(tmp_path, keeper) == 201
    assert (keeper.kept, keeper.puts) == (AUDIO, [-1])


def test_it_goes_on_from_what_the_web_side_has(tmp_path: Path) -> None:
    keeper = Keeper(kept=AUDIO[: 2 * PIECE_BYTES + 77])
    assert sent(tmp_path, keeper) == 201
    assert keeper.kept == AUDIO
    assert keeper.puts == [2 * PIECE_BYTES + 77, 3 * PIECE_BYTES + 77]


def test_what_is_there_already_is_not_sent_again(tmp_path: Path) -> None:
    keeper = Keeper(kept=AUDIO)
    assert sent(tmp_path, keeper) == 200
    assert keeper.puts == []


def test_a_refusal_in_the_middle_ends_it(tmp_path: Path) -> None:
    keeper = Keeper(answers=413)
    assert sent(tmp_path, keeper) == 413


def test_the_spool_resumes_an_upload_that_broke_off(tmp_path: Path) -> None:
    async def play() -> None:
        keeper = Keeper(breaks_after=2)
        (tmp_path / "RE1.wav").write_bytes(AUDIO)
        async with serving(keeper) as side:
            spool = Spool(side, tmp_path, first_wait=0.05)
            parcel = Parcel("audio", keeper.url, "PUT", audio="RE1.wav", name="RE1")
            spool.send(parcel)
            await until(lambda: not spool.waiting)
            await spool.close()
        assert keeper.kept == AUDIO
        assert keeper.puts == [0, PIECE_BYTES, 2 * PIECE_BYTES, 3 * PIECE_BYTES]
        assert not (tmp_path / "RE1.wav").exists()

    asyncio.run(play())
