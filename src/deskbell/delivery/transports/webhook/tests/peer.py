"""A customer's server that takes webhooks, or misbehaves in every way that matters."""

from __future__ import annotations

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from deskbell.delivery.tests.example import Behaviour, Received

_STATUS = {Behaviour.TRY_LATER: 503, Behaviour.REFUSE: 404}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keeps quiet about clients that went away: they are part of the tests."""


class Peer:
    """A real HTTP server on a free port."""

    def __init__(self) -> None:
        self.behaviour = Behaviour.TAKE
        self.can_be_slow = True
        self.elsewhere = ""
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.received: list[Received] = []
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self._freed = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._port = self._server.server_port
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
        self._freed.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        """The webhook's URL."""
        return f"http://127.0.0.1:{self._port}/hook"

    @property
    def settings(self) -> dict[str, Any]:
        """Webhooks need none."""
        return {}

    @property
    def private_hosts(self) -> frozenset[str]:
        """This server, which is on a private address."""
        return frozenset({f"127.0.0.1:{self._port}"})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
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
            self._freed.wait(15)
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
            while not self._freed.wait(0.05):
                handler.wfile.write(b" ")
