"""An agent without sockets, and a line to it that keeps what is said."""

from __future__ import annotations

from typing import Literal

from deskbell.voice.signalling.admission import Admission, Admitted
from deskbell.voice.signalling.agent import Agent
from deskbell.voice.signalling.dialog import Dialog


class Line:
    """A flow that keeps what is sent."""

    reliable = False
    is_open = True

    def __init__(
        self,
        host: str = "192.0.2.1",
        port: int = 5070,
        kind: Literal["UDP", "TCP"] = "UDP",
    ) -> None:
        self.host = host
        self.port = port
        self.kind = kind
        self.sent: list[bytes] = []

    def send(self, data: bytes) -> None:
        self.sent.append(data)

    def watch(self, on_broken: object) -> None:
        pass

    def unwatch(self, on_broken: object) -> None:
        pass

    @property
    def codes(self) -> list[int]:
        return [int(data.split()[1]) for data in self.sent]


class Ear:
    """An agent without sockets that admits everybody."""

    def __init__(self, admission: Admission = Admitted()) -> None:  # noqa: B008 it is frozen
        self.calls: list[Dialog] = []
        self.line = Line()
        self.agent = Agent(admit=lambda *_: admission, on_call=self.calls.append)

    def hear(self, data: bytes) -> list[int]:
        """The codes that it answers with."""
        before = len(self.line.sent)
        self.agent.receive(data, self.line)
        return self.line.codes[before:]


def message(first: str, *lines: str, body: str = "", length: str = "") -> bytes:
    """A request with the lines that every request has where `lines` has none of that name."""
    method = first.split(maxsplit=1)[0]
    usual = {
        "via": "Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKtorture",
        "from": "From: <sip:caller@far.test>;tag=a1",
        "to": "To: <sip:100@desk.test>",
        "call-id": "Call-ID: torture",
        "cseq": f"CSeq: 1 {method}",
        "contact": "Contact: <sip:caller@192.0.2.1:5070>",
    }
    short = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact"}
    names = {line.partition(":")[0].strip().lower() for line in lines if line[:1] not in " \t"}
    for name in names:
        usual.pop(short.get(name, name), None)
    tail = [*(["Content-Type: application/sdp"] if body and "content-type" not in names else [])]
    tail.append(f"Content-Length: {length or len(body)}")
    return "\r\n".join([first, *usual.values(), *lines, *tail, "", body]).encode()


INVITE = "INVITE sip:100@desk.test SIP/2.0"
OPTIONS = "OPTIONS sip:100@desk.test SIP/2.0"
