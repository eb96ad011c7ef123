"""Kept calls on the disk, and the ports that an earlier gateway's peers still send to."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

import pytest

from deskbell.foundation.environment import PortRange
from deskbell.voice.media.datagrams import NoPortLeft, PortPairs
from deskbell.voice.tests.stage import NUMBER, staged, until
from tests.running import rtp_range


def test_a_file_that_is_no_call_stops_nothing_and_a_call_that_ends_leaves_none(
    tmp_path: Path,
) -> None:
    async def play() -> None:
        folder = tmp_path / "voice" / "calls"
        folder.mkdir(parents=True)
        broken = folder / f"CA{'1' * 32}.json"
        broken.write_text('{"sid": "CA1", "dialog": ')
        async with staged(tmp_path, "<Say>Hello</Say><Pause length='60'/>") as stage:
            assert [path.suffix for path in folder.iterdir()] == [".unreadable"]
            call = await stage.phone.call(NUMBER)
            await until(lambda: len(list(folder.glob("CA*.json"))) == 1)
            (kept,) = folder.glob("CA*.json")
            assert kept.stat().st_mode & 0o077 == 0
            call.hang_up()
            await until(lambda: not list(folder.glob("CA*.json")))

    asyncio.run(play())


def test_a_gateway_that_stops_leaves_no_call_to_be_taken_up(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, "<Say>Hello</Say><Pause length='60'/>") as stage:
            await stage.phone.call(NUMBER)
            folder = tmp_path / "voice" / "calls"
            await until(lambda: len(list(folder.glob("CA*.json"))) == 1)
        assert not list(folder.iterdir())

    asyncio.run(play())


def test_ports_that_are_avoided_come_last() -> None:
    ports = PortRange.parse(rtp_range(6), name="DESKBELL_RTP")
    pairs = PortPairs("127.0.0.1", ports)
    firsts = list(range(ports.first + ports.first % 2, ports.last, 2))
    pairs.avoid(frozenset(firsts[:-1]))
    with ExitStack() as opened:

        def take() -> int:
            media, control = pairs.take()
            opened.callback(media.close)
            opened.callback(control.close)
            return int(media.getsockname()[1])

        assert take() == firsts[-1]
        assert {take() for _ in firsts[:-1]} == set(firsts[:-1])
        with pytest.raises(NoPortLeft):
            take()
