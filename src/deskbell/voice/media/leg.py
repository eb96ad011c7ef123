"""The handle on one call's audio that the voice room holds; every method may be called anywhere.

A method only leaves an order for the media thread, which takes it up within 5 ms.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...foundation.errors import InvalidInput
from . import bridge
from . import keys as keypad
from .codecs import Codec
from .datagrams import pack_address
from .events import MediaEvent
from .figures import LegFigures
from .playing import slices
from .recording import RecordingOrder, Ways
from .sending import Peer
from .stream import Stream

if TYPE_CHECKING:
    from .loop import MediaLoop
    from .rooms import Room

_ids = itertools.count(1)
_NOWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - RFC 3264 §8.4: an old way to ask for hold


class Leg:
    """One call's two-way audio on one UDP port; made by `MediaLoop.open_leg`."""

    __slots__ = ("_closed", "_loop", "_room", "_stream", "on_event", "port")

    def __init__(self, loop: MediaLoop, on_event: Callable[[MediaEvent], None], port: int) -> None:
        self.port = port
        self.on_event = on_event
        self._loop = loop
        self._closed = False
        self._room: Room | None = None
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
        self._order(lambda: self._stream.outgoing.play(play_id, payloads))
        return play_id

    def stop_playing(self) -> None:
        """Falls silent within 25 ms, or hears its bridge or room again; no `Played` follows."""
        self._order(self._stream.outgoing.stop_playing)

    def send_digits(self, keys: str) -> int:
        """Presses `keys` (0-9, *, #, A-D; w: half a second's wait): 80 ms each, 80 ms between.

        As telephone-events where the peer takes them, else as tones. A play like any other:
        returns the id that `Played` will carry. Raises InvalidInput where a key is none.
        """
        pressed, play_id = keypad.check(keys), next(_ids)
        self._order(lambda: self._stream.outgoing.send_keys(play_id, pressed))
        return play_id

    def bridge(self, other: Leg) -> None:
        """Has this peer and `other`'s hear each other, and nobody else, until `unbridge`.

        Packets are forwarded as they come, untouched where both speak one codec. Keys go on too,
        and are told as `Digit`. What is played to one of them is heard instead of the bridge until
        it ends. Closing either leg ends the bridge. Raises InvalidInput for legs of two loops.
        """
        if other._loop is not self._loop:
            raise InvalidInput("legs of two media loops cannot be bridged")
        if self._closed or other._closed:
            return
        for leg in (self, other):
            leg.enter(None)
        self._order(lambda: bridge.join(self._stream, other._stream))

    def unbridge(self) -> None:
        """Ends the bridge, or leaves the room, if the leg is in one; both peers hear silence."""
        self.enter(None)
        self._order(self._stream.part)

    def mute(self, is_muted: bool) -> None:
        """Has nobody hear the peer: neither bridge, room, recording nor tap. Keys still count."""
        self._order(lambda: self._stream.mute(is_muted=is_muted))

    def hold(self, is_held: bool) -> None:
        """Takes the peer out of its bridge or room for now: it is not heard there, and hears
        silence, or what is played to this leg. Recording and tap go on."""
        self._order(lambda: self._stream.hold(is_held=is_held))

    def tap(self, take: Callable[[bytes], None] | None) -> None:
        """Passes all that the peer says to `take` as well, until called with None.

        As 8 kHz µ-law in order, gaps and pauses filled with silence, in pieces of 20 to 60 ms,
        called in the owner's loop. One piece may still come after None.
        """
        self._order(lambda: self._stream.tap(take, time.monotonic()))

    def record(
        self,
        path: Path,
        *,
        max_seconds: float,
        silence_seconds: float,
        finish_keys: str,
        ways: Ways = "heard",
    ) -> int:
        """Records the peer into a WAV file (PCM16, 8 kHz) at `path`; returns its id.

        Several may run at once.

        `ways`: what is `heard` of the peer alone; `both`, mixed with what it is sent; `dual`, in
        stereo: the peer on the left, what it is sent on the right. Both directions begin now.
        Ends by itself after `max_seconds`, after `silence_seconds` without a voice (from the
        start too), and at any key of `finish_keys`; always with one `Recorded`. The folder of
        `path` must exist.
        """
        order = RecordingOrder(next(_ids), path, max_seconds, silence_seconds, finish_keys, ways)
        self._order(lambda: self._stream.record(order, time.monotonic()))
        return order.recording_id

    def stop_recording(self, recording_id: int | None = None) -> None:
        """Ends that recording, or the one that began last, if it runs, with `stopped`."""
        self._order(lambda: self._stream.stop_recording(recording_id))

    def figures(self) -> LegFigures:
        """The leg's figures so far."""
        return self._stream.figures()

    def close(self) -> LegFigures:
        """Ends the leg, gives its port back and returns its figures; a second call does nothing.

        A recording that runs is completed, and its `Recorded` still comes.
        """
        if not self._closed:
            self.enter(None)
            self._order(lambda: self._loop.drop(self._stream))
            self._closed = True
        return self._stream.figures()

    def attach(self, stream: Stream) -> None:
        """Called once by the loop, with the leg's other half."""
        self._stream = stream

    def enter(self, room: Room | None) -> bool:
        """Called by rooms and bridges: where the leg is from now on. False where it is closed."""
        if self._room is not None and self._room is not room:
            self._room.forget(self)
        self._room = room
        return not self._closed

    @property
    def stream(self) -> Stream:
        """The leg's other half, which only orders to the media thread may touch."""
        return self._stream

    def _order(self, act: Callable[[], None]) -> None:
        if not self._closed:
            self._loop.order(act)
