"""The handle on one call's audio that the voice room holds; every method may be called anywhere.

A method only leaves an order for the media thread, which takes it up within 5 ms.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .datagrams import pack_address
from .events import MediaEvent
from .figures import LegFigures
from .g711 import Codec
from .playing import slices
from .stream import Peer, RecordingOrder, Stream

if TYPE_CHECKING:
    from .loop import MediaLoop

_ids = itertools.count(1)
_NOWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - RFC 3264 §8.4: an old way to ask for hold


class Leg:
    """One call's two-way audio on one UDP port; made by `MediaLoop.open_leg`."""

    __slots__ = ("_closed", "_loop", "_stream", "on_event", "port")

    def __init__(self, loop: MediaLoop, on_event: Callable[[MediaEvent], None], port: int) -> None:
        self.port = port
        self.on_event = on_event
        self._loop = loop
        self._closed = False
        self._stream: Stream

    def connect(
        self,
        *,
        host: str,
        port: int,
        payload_type: int,
        codec: Codec,
        digits_payload_type: int | None,
    ) -> None:
        """Starts sending to `host`:`port`, and from now on hears the peer.

        Sends to where the peer's packets come from as soon as they do (RFC 4961). May be called
        again with other terms; port 0 or host 0.0.0.0 holds: nothing is sent. Raises
        InvalidInput where `host` is no IP address of the loop's family.
        """
        held = port == 0 or host in _NOWHERE
        address = b"" if held else pack_address(host, port, self._loop.family)
        peer = Peer(address, payload_type, codec, digits_payload_type)
        self._order(lambda: self._stream.connect(peer, time.monotonic()))

    def play(self, clips: Sequence[bytes], *, loop: int = 1) -> int:
        """Plays G.711 µ-law `clips` one after the other, `loop` times (0: until stopped).

        Replaces what plays now. Returns the id that `Played` will carry at the end. Nothing is
        lost before `connect`: the play begins with the first packet that is sent.
        """
        play_id = next(_ids)
        payloads = slices(clips, loop=loop)
        self._order(lambda: self._stream.play(play_id, payloads))
        return play_id

    def stop_playing(self) -> None:
        """Falls silent within 25 ms; no `Played` follows."""
        self._order(self._stream.stop_playing)

    def record(
        self, path: Path, *, max_seconds: float, silence_seconds: float, finish_keys: str
    ) -> int:
        """Records the caller into a WAV file (PCM16, 8 kHz, mono) at `path`; returns its id.

        Ends by itself after `max_seconds`, after `silence_seconds` without a voice (from the
        start too), and at any key of `finish_keys`; always with one `Recorded`. The folder of
        `path` must exist.
        """
        order = RecordingOrder(next(_ids), path, max_seconds, silence_seconds, finish_keys)
        self._order(lambda: self._stream.record(order, time.monotonic()))
        return order.recording_id

    def stop_recording(self) -> None:
        """Ends the recording, if one runs, with the reason `stopped`."""
        self._order(self._stream.stop_recording)

    def figures(self) -> LegFigures:
        """The leg's figures so far."""
        return self._stream.figures()

    def close(self) -> LegFigures:
        """Ends the leg, gives its port back and returns its figures; a second call does nothing.

        A recording that runs is completed, and its `Recorded` still comes.
        """
        if not self._closed:
            self._order(lambda: self._loop.drop(self._stream))
            self._closed = True
        return self._stream.figures()

    def attach(self, stream: Stream) -> None:
        """Called once by the loop, with the leg's other half."""
        self._stream = stream

    def _order(self, act: Callable[[], None]) -> None:
        if not self._closed:
            self._loop.order(act)
