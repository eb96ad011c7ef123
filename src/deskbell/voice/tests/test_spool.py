"""What the web side must get: nobody's broken server keeps the others' from being told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskbell.voice import spool as spools
from deskbell.voice.spool import SENDERS_EACH, Parcel, Spool
from deskbell.voice.tests.stage import SECRET, free_port, until
from deskbell.voice.tests.stage import WebSide as Heard
from deskbell.voice.web import WebSide


@asynccontextmanager
async def spooling(folder: Path) -> AsyncIterator[tuple[Spool, Heard]]:
    heard = Heard(free_port())
    await heard.start()
    side = WebSide(SECRET, timeout=60.0)
    spool = Spool(side, folder, first_wait=0.05)
    try:
        yield spool, heard
    finally:
        await spool.close()
        await side.close()
        await heard.stop()


def test_a_server_that_never_answers_holds_up_nobody_elses_parcels(tmp_path: Path) -> None:
    async def play() -> None:
        async with spooling(tmp_path) as (spool, heard):
            heard.pages["/told"] = 204
            with socket.create_server(("127.0.0.1", 0)) as deaf:
                url = f"http://127.0.0.1:{deaf.getsockname()[1]}/told"
                for _ in range(3 * SENDERS_EACH):
                    spool.send(Parcel("form", url, fields={"CallStatus": "completed"}))
                await asyncio.sleep(0)
                spool.send(Parcel("form", f"{heard.url}/told", fields={"CallStatus": "busy"}))
                assert await heard.gets("/told", within=3) == {"CallStatus": "busy"}

    asyncio.run(play())


def test_a_notice_that_nobody_has_taken_for_days_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spools, "KEPT_SECONDS", 0.0)

    async def play() -> None:
        async with spooling(tmp_path) as (spool, heard):
            heard.pages |= {"/told": 503, "/late": 204}
            spool.send(Parcel("form", f"{heard.url}/told"))
            spool.send(Parcel("form", f"{heard.url}/late"))
            await until(lambda: not spool.waiting)
            assert len(heard.of("/told")) == len(heard.of("/late")) == 1

    asyncio.run(play())
    assert list(tmp_path.glob("*.json")) == []


def test_a_recording_is_never_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spools, "KEPT_SECONDS", 0.0)

    async def play() -> None:
        async with spooling(tmp_path) as (spool, heard):
            heard.recordings_answer = 503
            (tmp_path / "RE1.wav").write_bytes(b"audio")
            url = f"{heard.url}/voice/recordings/RE1"
            spool.send(Parcel("audio", url, "PUT", audio="RE1.wav", name="RE1"))
            await until(lambda: len(heard.of("/recording")) >= 2)
            heard.recordings_answer = 201
            await until(lambda: not spool.waiting)
            assert heard.recordings["RE1"] == b"audio"

    asyncio.run(play())
