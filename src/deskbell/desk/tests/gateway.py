"""A gateway as hands order it about over REST: it keeps what it was asked, and answers as told."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs

from deskbell.delivery.tests.http_peer import HttpPeer

Answer = tuple[int, dict[str, Any]]
BUSY: Answer = (429, {"code": 10004, "message": "Call concurrency limit exceeded"})
AWAY: Answer = (503, {"message": "The gateway is about to stop"})
OVER: Answer = (400, {"code": 21220, "message": "Call is not in-progress"})
CUT: Answer = (0, {})  # it hangs up without an answer


class Gateway(HttpPeer):
    """A real HTTP server on a free port.

    `answers` are given in turn to requests whose path has that text in it; `during` is called with
    each request before it is answered, as what happens in a room meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.tokens: list[str] = []
        self.participants: list[dict[str, Any]] = []
        self.answers: dict[str, list[Answer]] = {}
        self.during: Callable[[str, dict[str, str]], None] | None = None

    @property
    def orders(self) -> list[str]:
        """What it was asked, in a word each."""
        return [_word(path, form) for path, form in self.asked]

    def handler(self) -> type[BaseHTTPRequestHandler]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                peer.say(self, 200, {"ready": True, "participants": peer.participants})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                peer.take(self, self.path.partition("/Accounts/")[2].partition("/")[2], form)

            def log_message(self, *args: object) -> None:
                """Keeps quiet."""

        return Handler

    def take(self, handler: BaseHTTPRequestHandler, path: str, form: dict[str, str]) -> None:
        self.asked.append((path, form))
        if self.during is not None:
            self.during(path, form)
        for part, given in self.answers.items():
            if part in path and given:
                self.say(handler, *given.pop(0))
                return
        token = handler.headers["I-Twilio-Idempotency-Token"]
        if token and token not in self.tokens:
            self.tokens.append(token)
        number = self.tokens.index(token) if token else 0
        self.say(handler, 200, {"sid": f"CA{number:032d}", "call_sid": "CA", "status": "queued"})

    def say(self, handler: BaseHTTPRequestHandler, status: int, content: dict[str, Any]) -> None:
        if not status:
            handler.close_connection = True
            return
        body = json.dumps(content).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def _word(path: str, form: dict[str, str]) -> str:
    if "Hold" in form:
        return "hold" if form["Hold"] == "true" else "unhold"
    if form.get("Status") == "completed":
        return f"end {path.partition('/')[2].removesuffix('.json')}"
    return f"call {form['To']}" if "To" in form else path
