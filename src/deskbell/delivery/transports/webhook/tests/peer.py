"""A customer's server that takes webhooks, or misbehaves in every way that matters."""

from __future__ import annotations

import contextlib
from http.server import BaseHTTPRequestHandler
from typing import Any

from deskbell.delivery.tests.example import Behaviour, Received
from deskbell.delivery.tests.http_peer import HttpPeer

_STATUS = {Behaviour.TRY_LATER: 503, Behaviour.REFUSE: 404}


class Peer(HttpPeer):
    """A real HTTP server on a free port."""

    def __init__(self) -> None:
        super().__init__()
        self.can_be_slow = True
        self.elsewhere = ""
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.received: list[Received] = []
        self.requests: list[tuple[dict[str, str], bytes]] = []

    @property
    def address(self) -> str:
        """The webhook's URL."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def settings(self) -> dict[str, Any]:
        """Webhooks need none."""
        return {}

    @property
    def private_hosts(self) -> frozenset[str]:
        """This server, which is on a private address."""
        return frozenset({f"127.0.0.1:{self.port}"})

    def handler(self) -> type[BaseHTTPRequestHandler]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                peer.take(self, headers, body)

            def log_message(self, *args: object) -> None:
                """Keeps quiet."""

        return Handler

    def take(self, handler: BaseHTTPRequestHandler, headers: dict[str, str], body: bytes) -> None:
        """Keeps a request and answers it as told."""
        self.requests.append((headers, body))
        self.received.append(Received(headers["idempotency-key"], body.decode()))
        if self.behaviour == Behaviour.HANG:
            self.freed.wait(15)
            return
        if self.behaviour == Behaviour.CUT:
            return
        if self.behaviour == Behaviour.SLOW:
            self._drip(handler)
            return
        usual = 307 if self.elsewhere else _STATUS.get(self.behaviour, 200)
        handler.send_response(self.status or usual)
        headers = {"Location": self.elsewhere} if self.elsewhere else {}
        headers |= {"Content-Length": str(len(self.body)), **self.headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(self.body)

    def _drip(self, handler: BaseHTTPRequestHandler) -> None:
        """An answer that comes byte by byte and never ends."""
        handler.send_response(200)
        handler.send_header("Content-Length", "60000")
        handler.end_headers()
        with contextlib.suppress(OSError):
            while not self.freed.wait(0.05):
                handler.wfile.write(b" ")
