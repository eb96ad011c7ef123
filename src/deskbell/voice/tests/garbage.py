"""What strangers and broken phones send: SIP and RTP that is random, mutated or only odd."""

from __future__ import annotations

import random
import struct
from typing import Final

_METHODS: Final = ("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO", "UPDATE", "REGISTER", "X")
_ODD: Final = (
    "", "0", "-1", "65536", "99999999999999999999", "²", "\x00", "\x1b[2J", "é", "\ufffd", "%00",
    "<", ">", '"', "[", "]", "[::1", "::1", "@", ";", ";;tag=", ";tag=", ";rport;rport", ",", ", ,",
    "sip:", "tel:+12125550100", "sips:a@b:0", "sip:@:", "sip:a@[::1]:99999", "*", "a" * 3000,
)  # fmt: skip
_SDP: Final = (
    "v=0\r\no=p 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
)


class Garbage:
    """A source of bad messages that a seed repeats; `port` is where answers may go."""

    def __init__(self, seed: int, *, port: int) -> None:
        self._random = random.Random(seed)
        self._port = port
        self._calls = ["one@fuzz"]

    def sip(self) -> bytes:
        """One message, seldom a good one."""
        way = self._random.randrange(10)
        if way == 0:
            return self._random.randbytes(self._random.randrange(1400))
        lines, body = self._request()
        if way < 7:
            for _ in range(self._random.randrange(1, 4)):
                self._spoil(lines)
        message = "\r\n".join([*lines, "", ""]).encode() + self._spoiled_body(body)
        return self._flipped(message) if way > 7 else message

    def rtp(self) -> bytes:
        """One datagram for an audio port, or for the RTCP port above it."""
        some = self._random
        if some.randrange(4) == 0:
            return some.randbytes(some.randrange(300))
        kind = some.choice((0, 0, 8, 13, 96, 101, 127, 200 & 0x7F, 72))
        head = struct.pack(
            "!BBHII",
            some.choice((0x80, 0x80, 0x80, 0x90, 0xA0, 0xBF, 0xC0)),
            kind | some.choice((0, 0x80)),
            some.randrange(65536),
            some.randrange(2**32),
            some.choice((1, some.randrange(2**32))),
        )
        return head + some.randbytes(some.choice((0, 1, 4, 160, 160, 160, 1400, 3000)))

    def rtcp(self) -> bytes:
        """One datagram for an RTCP port."""
        some = self._random
        head = struct.pack("!BBH", 0x80 | some.randrange(32), some.choice((200, 201, 202)), 12)
        return head + some.randbytes(some.choice((0, 4, 24, 48, 48, 200)))

    def _request(self) -> tuple[list[str], str]:
        some = self._random
        method = some.choice(_METHODS)
        if method == "INVITE":
            self._calls = [*self._calls[-20:], f"{some.randrange(10**9)}@fuzz"]
        number, call = some.choice(((1, method), (2, method))), some.choice(self._calls)
        body = _SDP.format(port=self._port) if method in {"INVITE", "UPDATE"} else ""
        lines = [
            f"{method} sip:12125550100@127.0.0.1 SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self._port};branch=z9hG4bK{some.randrange(50)};rport",
            f"From: <sip:fuzz@127.0.0.1>;tag={some.randrange(3)}",
            "To: <sip:12125550100@127.0.0.1>" + some.choice(("", "", ";tag=x")),
            f"Call-ID: {call}",
            f"CSeq: {number[0]} {number[1]}",
            f"Contact: <sip:fuzz@127.0.0.1:{self._port}>",
            "Record-Route: <sip:127.0.0.1;lr>",
            'Diversion: "A" <sip:1@b>;reason=no-answer',
            "X-Note: hello",
        ]
        if body:
            lines += ["Content-Type: application/sdp", f"Content-Length: {len(body)}"]
        return lines, body

    def _spoil(self, lines: list[str]) -> None:
        some = self._random
        at = some.randrange(len(lines))
        name, colon, value = lines[at].partition(":")
        way = some.randrange(6)
        if way == 0:
            lines.pop(at)
        elif way == 1:
            lines.insert(at, lines[some.randrange(len(lines))])
        elif way == 2:
            lines[at] = name + colon + some.choice(_ODD)
        elif way == 3:
            cut = some.randrange(len(value) + 1)
            lines[at] = name + colon + value[:cut] + some.choice(_ODD) + value[cut:]
        elif way == 4:
            lines[at] = lines[at][: some.randrange(len(lines[at]) + 1)]
        else:
            words = value.replace(";", " ; ").split(" ")
            some.shuffle(words)
            lines[at] = name + colon + " ".join(words)
        if not lines:
            lines.append("")

    def _spoiled_body(self, body: str) -> bytes:
        some = self._random
        if not body or some.randrange(2):
            return body.encode()
        lines = body.split("\r\n")
        at = some.randrange(len(lines))
        name, equals, value = lines[at].partition("=")
        lines[at] = name + equals + some.choice((*_ODD, value + some.choice(_ODD)))
        if some.randrange(3) == 0:
            lines.pop(some.randrange(len(lines)))
        return "\r\n".join(lines).encode()

    def _flipped(self, message: bytes) -> bytes:
        spoiled = bytearray(message)
        for _ in range(self._random.randrange(1, 8)):
            spoiled[self._random.randrange(len(spoiled))] = self._random.randrange(256)
        return bytes(spoiled[: self._random.randrange(len(spoiled)) or None])
