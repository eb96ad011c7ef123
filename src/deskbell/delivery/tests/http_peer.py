"""The server under every peer that speaks HTTP: on a free port, from `with` to its end."""

from __future__ import annotations

import abc
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from deskbell.delivery.tests.example import Behaviour


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 100  # many ask at once

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keeps quiet about clients that went away: they are part of the tests."""


class HttpPeer(abc.ABC):
    """A real HTTP server. Whoever hangs waits for `freed`, which its end sets."""

    def __init__(self) -> None:
        self.behaviour = Behaviour.TAKE
        self.freed = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self.handler())
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
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

    @abc.abstractmethod
    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What answers its requests."""
