"""A page for tests: aiortc as the browser, with the same requests that our own page makes."""

from __future__ import annotations

import asyncio
import fractions
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from deskbell import speech
from deskbell.foundation.signing import HEADER, sign, with_body_hash
from deskbell.voice.tests.stage import ACCOUNT, NUMBER, SECRET, Stage

PIECE = 160


class Microphone(MediaStreamTrack):
    """Says what it is given, then silence, 20 ms after 20 ms."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.says = b""
        self._at = 0
        self._due = 0.0

    async def recv(self) -> AudioFrame:
        """aiortc's call."""
        loop = asyncio.get_running_loop()
        self._due = self._due + 0.02 if self._due else loop.time()
        await asyncio.sleep(max(0.0, self._due - loop.time()))
        piece, self.says = self.says[:PIECE], self.says[PIECE:]
        frame = AudioFrame(format="s16", layout="mono", samples=PIECE)
        frame.planes[0].update(speech.from_mulaw(piece.ljust(PIECE, b"\xff")))
        frame.sample_rate = 8000
        frame.pts = self._at
        frame.time_base = fractions.Fraction(1, 8000)
        self._at += PIECE
        return frame


class Page:
    """A browser's half of one call."""

    def __init__(self, stage: Stage) -> None:
        self.microphone = Microphone()
        self.events: list[str] = []
        self.pcm = bytearray()
        self._url = f"http://{stage.environment.voice_http}/page-calls"
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._channel = self._peer.createDataChannel("call")
        self._channel.on("message", self._on_message)
        self._peer.on("track", self._on_track)
        self._happened = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    async def call(self, to: str = NUMBER) -> int:
        """Calls; the status of the gateway's answer."""
        self._peer.addTrack(self.microphone)
        await self._peer.setLocalDescription(await self._peer.createOffer())
        status, found = await self.post(
            {"sdp": self._peer.localDescription.sdp, "to": to, "from": "client:alice"}
        )
        if status == 200:
            answer = RTCSessionDescription(found["sdp"], "answer")
            await self._peer.setRemoteDescription(answer)
        return status

    async def post(self, fields: dict[str, Any], *, secret: str = SECRET) -> tuple[int, Any]:
        """A signed request, as the web side makes it."""
        body = json.dumps({"account": ACCOUNT} | fields).encode()
        url = with_body_hash(self._url, body)
        headers = {HEADER: sign(secret, url)}
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=body, headers=headers) as answer,
        ):
            return answer.status, await answer.json()

    def send(self, message: object) -> None:
        """Sends a message over the channel."""
        self._channel.send(message if isinstance(message, str) else json.dumps(message))

    async def until(self, event: str, *, within: float = 10.0) -> None:
        """Waits for an event."""
        async with asyncio.timeout(within):
            while event not in self.events:
                self._happened.clear()
                await self._happened.wait()

    async def hears(self, mulaw: bytes, *, within: float = 10.0) -> None:
        """Waits until `mulaw` was heard, sample for sample."""
        wanted = speech.from_mulaw(mulaw)
        async with asyncio.timeout(within):
            while wanted not in self.pcm:
                self._happened.clear()
                await self._happened.wait()

    async def close(self) -> None:
        """Leaves without a word."""
        if self._listening is not None:
            self._listening.cancel()
        await self._peer.close()

    def _on_message(self, message: str) -> None:
        self.events.append(json.loads(message)["event"])
        self._happened.set()

    def _on_track(self, track: MediaStreamTrack) -> None:
        self._listening = asyncio.create_task(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                assert isinstance(frame, AudioFrame)
                self.pcm += bytes(frame.planes[0])[: 2 * frame.samples]
                self._happened.set()
        except MediaStreamError:
            return


@asynccontextmanager
async def paged(stage: Stage) -> AsyncIterator[Page]:
    """A page before the stage's gateway."""
    page = Page(stage)
    try:
        yield page
    finally:
        await page.close()
