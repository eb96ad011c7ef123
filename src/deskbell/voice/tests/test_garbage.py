"""Whatever comes in, the gateway goes on, counts it, and forgets it.

`DESKBELL_FUZZ=20000` sends that many bad messages instead of a few hundred.
"""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

import pytest

from deskbell.voice.signalling import timers
from deskbell.voice.signalling.flows import Flow
from deskbell.voice.signalling.tcp import TcpEndpoint
from deskbell.voice.tests.garbage import Garbage
from deskbell.voice.tests.stage import NUMBER, free_port, spoken, staged, until
from tests.patience import patience

MESSAGES = int(os.environ.get("DESKBELL_FUZZ", "600"))


def test_garbage_is_counted_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "GIVE_UP", 3.0)

    async def play() -> None:
        verbs = "<Gather timeout='60'><Say>Press a key</Say></Gather>"
        async with staged(tmp_path, verbs, media_timeout=3.0) as stage:
            call = await stage.phone.call(NUMBER)
            assert call.rtp.peer is not None
            host, port = call.rtp.peer
            with socket.socket(type=socket.SOCK_DGRAM) as stranger:
                stranger.bind(("127.0.0.1", 0))
                garbage = Garbage(7, port=stranger.getsockname()[1])
                for sent in range(MESSAGES):
                    stranger.sendto(garbage.sip(), (host, stage.environment.sip.port))
                    stranger.sendto(garbage.rtp(), (host, port))
                    stranger.sendto(garbage.rtcp(), (host, port + 1))
                    if not sent % 10:
                        await asyncio.sleep(0.005)  # more would be lost on the way
            await call.hears(spoken("Press a key"))
            left = ("calls", "dialogs", "legs")
            await until(lambda: {stage.health[name] for name in left} == {1}, within=30)
            assert stage.health["sip_dropped"] > MESSAGES // 10
            assert stage.health["rtp_dropped"] > MESSAGES // 10
            second = await stage.phone.call(NUMBER)
            await second.hears(spoken("Press a key"))
            call.hang_up()
            second.hang_up()

    asyncio.run(play())


def test_nobody_keeps_others_out_by_connecting() -> None:
    async def play() -> None:
        heard: list[bytes] = []

        def receive(data: bytes, _flow: Flow) -> None:
            heard.append(data)

        port = free_port()
        endpoint = TcpEndpoint(receive, most=3)
        await endpoint.listen("127.0.0.1", port)
        lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        lines[0][1].write(b"OPTIONS x SIP/2.0\r\n\r\n")
        await until(lambda: len(heard) == 1)
        lines.append(await asyncio.open_connection("127.0.0.1", port))
        async with patience(5):
            assert await lines[1][0].read() == b"", "the one without a message for longest"
        for line in (lines[0], lines[3]):
            line[1].write(b"OPTIONS x SIP/2.0\r\n\r\n")
        await until(lambda: len(heard) == 3)
        assert endpoint.refused == 1
        for _, writer in lines:
            writer.close()
        endpoint.close()

    asyncio.run(play())


def test_a_peer_that_does_not_read_is_cut() -> None:
    async def play() -> None:
        heard: list[bytes] = []

        def receive(data: bytes, flow: Flow) -> None:
            heard.append(data)
            for _ in range(400):
                flow.send(b"x" * 60_000)

        port = free_port()
        endpoint = TcpEndpoint(receive)
        await endpoint.listen("127.0.0.1", port)
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", port))
            deaf.sendall(b"OPTIONS x SIP/2.0\r\n\r\n")
            await until(lambda: bool(heard) and endpoint.connections == 0)
        endpoint.close()

    asyncio.run(play())
