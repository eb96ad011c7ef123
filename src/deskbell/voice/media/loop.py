"""The media thread: hears every leg and sends every leg a packet each 20 ms.

It wakes 200 times a second, takes orders, sends to the legs whose turn it is, a quarter of them
each time, and then reads what has arrived. So a wake-up serves many packets, and 500 packets never
leave in one burst, of which the last would be late. Turns are due at fixed instants of the
monotonic clock: lateness never adds up.
"""

from __future__ import annotations

import collections
import contextlib
import logging
import os
import resource
import select
import sys
import threading
import time
from collections.abc import Callable
from typing import ParamSpec

from ...foundation.environment import PortRange
from .datagrams import PortPairs, Receiver, Sender
from .events import MediaEvent, RoomRecorded
from .figures import Lateness, LegCounters, MediaFigures
from .g711 import PACKET_SAMPLES
from .leg import Leg
from .rooms import Mix, Room
from .rtp import HEADER_SIZE
from .stream import Stream
from .writer import Writer

P = ParamSpec("P")

logger = logging.getLogger(__name__)

_GROUPS = 4
_TURN = 0.020 / _GROUPS
_STANDSTILL = 0.1  # turns later than this are given up: a burst would not help anybody
_CHECK_EVERY = 200  # turns
_BATCH = 64
_NICE = -10  # where real-time scheduling is not allowed
_SWITCH = 0.0005  # how long a busy thread may make this one wait for the GIL


def _go_first() -> None:
    """Asks that this thread runs before all others, as far as the system allows it.

    Other load on the machine, a database's or a backup's, then makes no audio late.
    """
    try:
        policy = os.SCHED_RR | os.SCHED_RESET_ON_FORK
        os.sched_setscheduler(0, policy, os.sched_param(1))  # 0 is this thread alone: sched(7)
    except OSError:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


class MediaLoop:
    """All legs of one process.

    `host` is the address that RTP ports are bound on, `ports` the range they are taken from.
    Events reach a leg's `on_event` through `post`, which has to run what it is given in the
    owner's thread: `loop.call_soon_threadsafe`. A leg to which neither RTP nor RTCP comes for
    `media_timeout` seconds says so with `Lost`.
    """

    def __init__(
        self,
        *,
        host: str,
        ports: PortRange,
        post: Callable[[Callable[[], None]], None],
        media_timeout: float = 60.0,
    ) -> None:
        self._pairs = PortPairs(host, ports)
        self.family = self._pairs.family
        self.sender = Sender(size=HEADER_SIZE + PACKET_SAMPLES, family=self.family)
        self.writer = Writer()
        self._receiver = Receiver(family=self.family)
        self._post = post
        self._rooms: tuple[list[Mix], ...] = tuple([] for _ in range(_GROUPS))
        self._media_timeout = media_timeout
        self._orders: collections.deque[Callable[[], None]] = collections.deque()
        self._wake = threading.Event()
        self._over = False
        self._epoll = select.epoll()
        self._streams: dict[int, Stream] = {}
        self._handlers: dict[int, Callable[[bytearray, int, bytes, float], None]] = {}
        self._groups: tuple[list[Stream], ...] = tuple([] for _ in range(_GROUPS))
        self._lateness = Lateness()
        self._over_legs = LegCounters()
        self._skipped = self._faults = 0
        self._gone_sent = self._gone_received = self._gone_dropped = self._gone_unsent = 0
        self._thread = threading.Thread(target=self._run, name="media", daemon=True)

    def start(self) -> None:
        """Starts the thread.

        Also makes Python change threads more often than by default, and allows this process as
        many open files as the system lets it have: a leg has two.
        """
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH))
        self.writer.start()
        self._thread.start()

    def stop(self) -> None:
        """Closes all legs, completes their recordings and ends the thread."""
        self._over = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self.writer.stop()

    def open_leg(self, on_event: Callable[[MediaEvent], None]) -> Leg:
        """A new leg on a free even UDP port. Raises NoPortLeft."""
        media, control = self._pairs.take()
        leg = Leg(self, on_event, media.getsockname()[1])
        stream = Stream(leg, self, media, control)
        leg.attach(stream)
        self.order(lambda: self._add(stream))
        return leg

    def avoid(self, ports: frozenset[int]) -> None:
        """Opens no leg on these ports while others are free: an earlier process's peers still send
        there."""
        self._pairs.avoid(ports)

    def open_room(self, on_event: Callable[[RoomRecorded], None] | None = None) -> Room:
        """A new room with nobody in it."""
        mix = Mix()
        self.order(lambda: min(self._rooms, key=len).append(mix))
        return Room(self, mix, on_event)

    def figures(self) -> MediaFigures:
        """The figures so far; may be asked from any thread."""
        streams = list(self._streams.values())
        p50, p99, most = self._lateness.percentiles_ms()
        return MediaFigures(
            legs=len(streams),
            packets_sent=self._gone_sent + sum(stream.sent for stream in streams),
            packets_received=self._gone_received + sum(stream.received for stream in streams),
            dropped=self._gone_dropped + sum(stream.dropped for stream in streams),
            unsent=self._gone_unsent + sum(stream.unsent for stream in streams),
            faults=self._faults,
            skipped=self._skipped,
            tick_p50_ms=p50,
            tick_p99_ms=p99,
            tick_max_ms=most,
            lateness_ms=self._lateness.counter.histogram(),
            leg_jitter_ms=self._over_legs.jitter_ms.histogram(),
            leg_loss_percent=self._over_legs.loss_percent.histogram(),
            leg_mos=self._over_legs.mos.histogram(),
        )

    def order(self, act: Callable[[], None]) -> None:
        """Has `act` done in the media thread, in the order of asking."""
        self._orders.append(act)
        self._wake.set()

    def tell(self, leg: Leg, event: MediaEvent) -> None:
        """Posts `event` to the leg's owner."""
        on_event = leg.on_event
        self.post(lambda: on_event(event))

    def post(self, act: Callable[[], None]) -> None:
        """Has `act` done in the owner's thread; an owner that has gone away is no fault."""
        try:
            self._post(act)
        except RuntimeError:
            logger.debug("nobody is left to hear of an event")

    def drop(self, stream: Stream) -> None:
        """Takes `stream` out of the loop and closes it; only for the media thread."""
        if self._streams.pop(stream.fd, None) is None:
            return
        for fd in (stream.fd, stream.control.fileno()):
            self._epoll.unregister(fd)
            del self._handlers[fd]
        for group in self._groups:
            if stream in group:
                group.remove(stream)
        self._over_legs.add(stream.figures())
        self._gone_sent += stream.sent
        self._gone_received += stream.received
        self._gone_dropped += stream.dropped
        self._gone_unsent += stream.unsent
        stream.shut()

    def drop_room(self, mix: Mix) -> None:
        """Takes a room out of the loop and closes it; only for the media thread."""
        for group in self._rooms:
            if mix in group:
                group.remove(mix)
        mix.close()

    def _add(self, stream: Stream) -> None:
        self._streams[stream.fd] = stream
        for fd, handler in (
            (stream.fd, stream.receive),
            (stream.control.fileno(), stream.receive_control),
        ):
            self._handlers[fd] = handler
            self._epoll.register(fd, select.EPOLLIN)
        min(self._groups, key=len).append(stream)

    def _run(self) -> None:
        _go_first()
        due, turn = time.monotonic(), 0
        while not self._over:
            if not self._streams and not self._orders:
                self._wake.wait()
                self._wake.clear()
                due = time.monotonic()
            wait = due - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            elif wait < -_STANDSTILL:
                self._skipped += int(-wait / _TURN)
                self._lateness.add(-wait)
                due = time.monotonic()
            self._obey()
            self._send(turn)
            self._lateness.add(time.monotonic() - due)
            due += _TURN
            self._receive(due)
            if turn % _CHECK_EVERY < _GROUPS:
                self._check(turn)
            turn += 1
        self._close()

    def _obey(self) -> None:
        orders = self._orders
        while orders:
            self._safely(orders.popleft())

    def _send(self, turn: int) -> None:
        now = time.monotonic()
        for stream in self._groups[turn % _GROUPS]:
            self._safely(stream.send_next)
            if stream.is_attended:
                self._safely(stream.attend, now)
        for room in self._rooms[turn % _GROUPS]:
            self._safely(room.turn)

    def _receive(self, until: float) -> None:
        """Reads what has arrived, in batches, as long as the next turn is not due.

        One datagram of each leg in turn, and no more of them than there are legs: neither a flood
        on one leg nor a burst on all of them makes anybody wait for audio.
        """
        handlers, receiver, poll = self._handlers, self._receiver, self._epoll.poll
        receive, sender, buffer = receiver.receive, receiver.sender, receiver.buffer
        now = time.monotonic()
        for _ in range(len(handlers) // _BATCH + 1):
            ready = poll(0, _BATCH)
            for fd, _event in ready:
                size = receive(fd)
                if size >= 0:
                    self._safely(handlers[fd], buffer, size, sender(), now)
            now = time.monotonic()
            if len(ready) < _BATCH or now >= until:
                break

    def _check(self, turn: int) -> None:
        now = time.monotonic()
        for stream in self._groups[turn % _GROUPS]:
            self._safely(stream.check, now, self._media_timeout)

    def _safely(self, act: Callable[P, None], *args: P.args, **named: P.kwargs) -> None:
        """Does `act`; a fault is that leg's alone: counted, and told in full the first time."""
        try:
            act(*args, **named)
        except Exception:
            self._faults += 1
            if self._faults == 1:
                logger.exception("a leg failed; later faults are only counted")

    def _close(self) -> None:
        while self._orders:
            self._safely(self._orders.popleft())
        for room in [mix for group in self._rooms for mix in group]:
            self.drop_room(room)
        for stream in list(self._streams.values()):
            self.drop(stream)
        self._epoll.close()
