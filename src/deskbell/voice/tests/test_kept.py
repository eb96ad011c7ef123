"""Kept calls on the disk, and the ports that an earlier gateway's peers still send to."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

import pytest

from deskbell.foundation.environment import PortRange
from deskbell.voice.kept import keeper
from deskbell.voice.kept.keeper import read_journal
from deskbell.voice.media.datagrams import NoPortLeft, PortPairs
from deskbell.voice.tests.stage import NUMBER, staged, until
from tests.running import rtp_range

TALK = "<Say>Hello</Say><Pause length='60'/>"


def test_a_line_that_is_no_call_stops_nothing_and_a_call_that_ends_is_forgotten(
    tmp_path: Path,
) -> None:
    async def play() -> None:
        journal = tmp_path / "voice" / "calls.jsonl"
        journal.parent.mkdir(parents=True)
        journal.write_text('{"sid": "CA1", "dialog": ')
        async with staged(tmp_path, TALK) as stage:
            assert journal.read_bytes() == b""
            assert journal.stat().st_mode & 0o077 == 0
            call = await stage.phone.call(NUMBER)
            await until(lambda: len(read_journal(journal.read_bytes())) == 1)
            call.hang_up()
            await until(lambda: b"over" in journal.read_bytes())
            assert not read_journal(journal.read_bytes())

    asyncio.run(play())


def test_a_gateway_that_stops_leaves_no_call_to_be_taken_up(tmp_path: Path) -> None:
    async def play() -> None:
        journal = tmp_path / "voice" / "calls.jsonl"
        async with staged(tmp_path, TALK) as stage:
            await stage.phone.call(NUMBER)
            await until(lambda: len(read_journal(journal.read_bytes())) == 1)
        assert journal.read_bytes()
        assert not read_journal(journal.read_bytes())

    asyncio.run(play())


def test_the_journal_is_written_anew_before_it_grows_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "LARGEST", 4000)

    async def play() -> None:
        journal = tmp_path / "voice" / "calls.jsonl"
        async with staged(tmp_path, TALK) as stage:
            stays = await stage.phone.call(NUMBER)
            for _ in range(4):
                call = await stage.phone.call(NUMBER)
                await until(lambda: len(read_journal(journal.read_bytes())) == 2)
                call.hang_up()
                await until(lambda: len(read_journal(journal.read_bytes())) == 1)
            assert len(journal.read_bytes()) < 6000
            assert not stays.is_over

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
