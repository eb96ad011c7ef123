"""One call after the other beside a load of others: when it was answered, when it was first heard.

Times are the kernel's, of the packets' arrival, so that this process may be late without any harm
to the figures.
"""

from __future__ import annotations

import secrets
import select
import socket
import struct
import time
from dataclasses import dataclass

_STAMPED = 35  # SO_TIMESTAMPNS of Linux's asm-generic/socket.h, which Python does not name
_STAMP = struct.Struct("@qq")
_SILENCE = b"\xff" * 160
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Probe:
    """Milliseconds from the INVITE to its 200, and from there to the first sound that is not
    silence; None for what never came."""

    answered: float | None
    heard: float | None


def _socket(host: str) -> socket.socket:
    opened = socket.socket(type=socket.SOCK_DGRAM)
    opened.setsockopt(socket.SOL_SOCKET, _STAMPED, 1)
    opened.bind((host, 0))
    return opened


def _receive(opened: socket.socket, until: float) -> tuple[bytes, float]:
    """A datagram and when it came, in seconds of the real-time clock; empty after `until`."""
    if not select.select([opened], [], [], max(0.0, until - time.time()))[0]:
        return b"", 0.0
    data, extra, _, _ = opened.recvmsg(4096, socket.CMSG_SPACE(_STAMP.size))
    seconds, rest = _STAMP.unpack(next(part for _, kind, part in extra if kind == _STAMPED))
    return data, seconds + rest / 1e9


class _Call:
    def __init__(self, host: str, port: int, number: str) -> None:
        self.engine = (host, port)
        self.sip, self.rtp = _socket(host), _socket(host)
        self.number = number
        self.id = secrets.token_hex(8)
        self.to = f"<sip:{number}@{host}:{port}>"
        self.audio = self.engine

    def send(self, method: str, sequence: int, *, body: str = "") -> None:
        host, port = self.sip.getsockname()
        lines = [
            f"{method} sip:{self.number}@{self.engine[0]}:{self.engine[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {host}:{port};branch=z9hG4bK{method}{self.id};rport",
            f"From: <sip:prober@{host}:{port}>;tag={self.id}",
            f"To: {self.to}",
            f"Call-ID: {self.id}@prober",
            f"CSeq: {sequence} {method}",
            f"Contact: <sip:prober@{host}:{port}>",
            "Max-Forwards: 70",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
            "",
            body,
        ]
        self.sip.sendto("\r\n".join(lines).encode(), self.engine)

    def offer(self) -> str:
        host, port = self.rtp.getsockname()
        return (
            f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:20\r\n"
        )

    def until_answered(self, until: float) -> float:
        while True:
            data, at = _receive(self.sip, until)
            if not data:
                return 0.0
            if data.startswith(b"SIP/2.0 200"):
                head = data.decode().split("\r\n")
                self.to = next(line[4:] for line in head if line.startswith("To: "))
                stream = next(line for line in head if line.startswith("m=audio "))
                self.audio = (self.engine[0], int(stream.split()[1]))
                return at

    def until_heard(self, until: float) -> float:
        """Sends silence all the time, as a phone does: some engines wait for it."""
        number = 0
        while time.time() < until:
            number += 1
            head = struct.pack("!BBHII", 0x80, 0, number, 160 * number, 1)
            self.rtp.sendto(head + _SILENCE, self.audio)
            due = time.time() + 0.02
            while (found := _receive(self.rtp, due))[0]:
                if found[0][12:] != _SILENCE:
                    return found[1]
        return 0.0

    def close(self) -> None:
        self.sip.close()
        self.rtp.close()


def probe(host: str, port: int, number: str) -> Probe:
    """Makes one call, listens for its first sound, and hangs up."""
    call = _Call(host, port, number)
    try:
        began = time.time()
        call.send("INVITE", 1, body=call.offer())
        answered = call.until_answered(began + _PATIENCE)
        if not answered:
            return Probe(None, None)
        call.send("ACK", 1)
        heard = call.until_heard(answered + _PATIENCE)
        call.send("BYE", 2)
        _receive(call.sip, time.time() + 0.2)
        shown = max(0.0, heard - answered) * 1000 if heard else None
        return Probe((answered - began) * 1000, shown)
    finally:
        call.close()


def probes(host: str, port: int, number: str, *, seconds: float, pause: float) -> list[Probe]:
    """One call after the other for `seconds`, with a `pause` between them."""
    until = time.monotonic() + seconds
    found = []
    while time.monotonic() < until:
        found.append(probe(host, port, number))
        time.sleep(pause)
    return found
