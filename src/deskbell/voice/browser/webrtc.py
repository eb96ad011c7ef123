"""One page's WebRTC connection, by aiortc: audio, and a channel for events and keys.

G.711 is spoken to the page too, which every browser has to know (RFC 7874 section 3): nothing is
transcoded, and the telephone could carry no more.
"""

from __future__ import annotations

import asyncio
import contextlib
import fractions
import json
import logging
from collections.abc import Callable, Sequence
from typing import Final

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCDataChannel,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpReceiver,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, Packet
from av.stream import Stream

from deskbell import speech
from deskbell.foundation.errors import InvalidInput

from .relay import PIECE, Relay

log = logging.getLogger(__name__)
_TIME_BASE: Final = fractions.Fraction(1, 8000)
_GONE: Final = {"failed": "lost", "closed": "bye"}  # a page that is left closes its connection
MOST_EVENTS: Final = 50


class _Heard(MediaStreamTrack):
    """What the page hears: the leg's audio, as it comes."""

    kind = "audio"

    def __init__(self, relay: Relay) -> None:
        super().__init__()
        self._relay = relay
        self._at = 0

    async def recv(self) -> Packet[Stream]:
        """aiortc's call: the next 20 ms."""
        packet = Packet(await self._relay.heard())
        packet.pts = self._at
        packet.time_base = _TIME_BASE
        self._at += PIECE
        return packet


class Connection:
    """A page's connection. `on_key`, `on_connected` and `on_gone` are called in the event loop;
    `on_gone(how)` once: `bye` where the page hung up, else `lost`."""

    def __init__(
        self,
        relay: Relay,
        *,
        ice_servers: Sequence[str],
        on_connected: Callable[[], None],
        on_key: Callable[[str], None],
        on_gone: Callable[[str], None],
    ) -> None:
        servers = [RTCIceServer(urls=url) for url in ice_servers]
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self._relay = relay
        self._channel: RTCDataChannel | None = None
        self._unsent: list[str] = []
        self._listening: asyncio.Task[None] | None = None
        self._on_key = on_key
        self._on_connected = on_connected
        self._on_gone = on_gone
        self._is_gone = False
        self._peer.on("track", self._on_track)
        self._peer.on("datachannel", self._on_channel)
        self._peer.on("connectionstatechange", self._on_state)

    async def answer(self, offer: str) -> str:
        """Our answer to the page's offer. Raises InvalidInput for one that makes no sense."""
        self._peer.addTrack(_Heard(self._relay))
        known = RTCRtpReceiver.getCapabilities("audio")
        codecs = [each for each in known.codecs if each.mimeType == "audio/PCMU"] if known else []
        self._peer.getTransceivers()[0].setCodecPreferences(codecs)
        try:
            await self._peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            await self._peer.setLocalDescription(await self._peer.createAnswer())
        except Exception as error:  # aiortc raises whatever it stumbled over
            raise InvalidInput(
                "the offer is no SDP of a browser with audio by G.711, which every browser can"
            ) from error
        return str(self._peer.localDescription.sdp)

    def tell(self, event: str) -> None:
        """Sends an event to the page, now or as soon as its channel is open."""
        message = json.dumps({"event": event})
        if self._channel is not None and self._channel.readyState == "open":
            self._channel.send(message)
        elif len(self._unsent) < MOST_EVENTS:
            self._unsent.append(message)

    async def close(self) -> None:
        """Ends the connection."""
        self._is_gone = True
        if self._listening is not None:
            self._listening.cancel()
        with contextlib.suppress(Exception):  # it is over either way
            await self._peer.close()
        self._relay.close()

    # What aiortc tells

    def _on_track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and self._listening is None:
            self._listening = asyncio.create_task(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                if isinstance(frame, AudioFrame):
                    pcm = bytes(frame.planes[0])[: 2 * frame.samples]
                    self._relay.say(speech.to_mulaw(pcm))

    def _on_channel(self, channel: RTCDataChannel) -> None:
        self._channel = channel
        channel.on("message", self._on_message)
        for message in self._unsent:
            channel.send(message)
        self._unsent.clear()

    def _on_message(self, message: object) -> None:
        try:
            found = json.loads(message) if isinstance(message, str) else None
        except ValueError:
            return
        if not isinstance(found, dict):
            return
        if found.get("hang_up"):
            self._gone("bye")
        elif isinstance(found.get("press"), str):
            self._on_key(found["press"])

    def _on_state(self) -> None:
        state = self._peer.connectionState
        if state == "connected":
            self._on_connected()
        elif state in _GONE:
            self._gone(_GONE[state])

    def _gone(self, how: str) -> None:
        if not self._is_gone:
            self._is_gone = True
            self._on_gone(how)
