"""A server like ntfy's, which takes notifications, or misbehaves in every way that matters."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from deskbell.delivery.tests.example import Behaviour, Received

_STATUS = {Behaviour.TRY_LATER: 429, Behaviour.REFUSE: 403}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keeps quiet about clients that went away: they are part of the tests."""


class Peer:
    """A real HTTP server on a free port. `elsewhere` is where it sends whoever asks, if set."""

    def __init__(self) -> None:
        self.behaviour = Behaviour.TAKE
        self.elsewhere = ""
        self.received: list[Received] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.freed = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Listens no longer."""
        self.freed.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

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

    def _handler(self) -> type[BaseHTTPRequestHandler]:
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
