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
