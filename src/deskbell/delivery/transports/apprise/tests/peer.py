"""A server like ntfy's, which takes notifications, or misbehaves in every way that matters."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from typing import Any

from deskbell.delivery.tests.example import Behaviour, Received
from deskbell.delivery.tests.http_peer import HttpPeer

_STATUS = {Behaviour.TRY_LATER: 429, Behaviour.REFUSE: 403}


class Peer(HttpPeer):
    """A real HTTP server on a free port. `elsewhere` is where it sends whoever asks, if set."""

    def __init__(self) -> None:
        super().__init__()
        self.elsewhere = ""
        self.received: list[Received] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []

    @property
    def address(self) -> str:
        """A topic on this server."""
        return f"ntfy://127.0.0.1:{self.port}/on-call-topic"

    @property
    def settings(self) -> dict[str, Any]:
        """It needs none."""
        return {}

    @property
    def private_hosts(self) -> frozenset[str]:
        """This server, which is on a private address."""
        return frozenset({f"127.0.0.1:{self.port}"})

    def handler(self) -> type[BaseHTTPRequestHandler]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                peer.headers.append({name.lower(): text for name, text in self.headers.items()})
                peer.paths.append(self.path)
                peer.take(self, body)

            def do_GET(self) -> None:
                peer.paths.append(self.path)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Keeps quiet."""

        return Handler

    def take(self, handler: BaseHTTPRequestHandler, body: str) -> None:
        """Keeps a notification and answers it as told."""
        self.received.append(Received(handler.headers["Idempotency-Key"], body))
        if self.behaviour == Behaviour.HANG:
            self.freed.wait(15)
            return
        if self.behaviour == Behaviour.CUT:
            return
        answer = json.dumps({"id": "sPs71M8A2T", "event": "message"}).encode()
        handler.send_response(302 if self.elsewhere else _STATUS.get(self.behaviour, 200))
        if self.elsewhere:
            handler.send_header("Location", self.elsewhere)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)
