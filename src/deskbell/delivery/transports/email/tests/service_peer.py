"""A mail service with an API: takes Postmark's and Mailgun's requests and answers as they do.

Sources: https://postmarkapp.com/developer/api/email-api,
https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages
"""

from __future__ import annotations

import email
import email.policy
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its path, its headers in small letters, and what it says."""

    path: str
    headers: dict[str, str]
    content: dict[str, Any]


class ServicePeer:
    """A real HTTP server on a free port."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.status = 200
        self.answer: dict[str, Any] | None = None
        self.silent = False
        self._freed = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

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
    def url(self) -> str:
        """Where its API is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                peer.asked.append(Asked(self.path, headers, _read(headers["content-type"], body)))
                if peer.silent:
                    peer._freed.wait(10)
                    return
                content = json.dumps(peer.answer or _usual(self.path)).encode()
                self.send_response(peer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: object) -> None:
                """Keeps quiet."""

        return Handler


def _read(kind: str, body: bytes) -> dict[str, Any]:
    if kind.startswith("application/json"):
        found = json.loads(body)
        return dict(found)
    if kind.startswith("application/x-www-form-urlencoded"):
        return {name: values[0] for name, values in parse_qs(body.decode()).items()}
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    parts = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_content()
        for part in parts.iter_parts()
    }


def _usual(path: str) -> dict[str, Any]:
    """The documented answer to a mail that was taken."""
    if path.startswith("/email"):
        return {
            "To": "alice@example.com",
            "SubmittedAt": "2026-03-04T10:00:02.0000000-05:00",
            "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817",
            "ErrorCode": 0,
            "Message": "OK",
        }
    return {"id": "<20260304150002.1.ABC@mg.example.com>", "message": "Queued. Thank you."}
