"""A carrier that takes texts, as Twilio's or Telnyx's, or misbehaves in every way that matters."""

from __future__ import annotations

import dataclasses
import json
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl

from deskbell.delivery.tests.example import Behaviour, Received
from deskbell.delivery.tests.http_peer import HttpPeer
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.environment import environment

TOOK_IT: tuple[int, dict[str, Any]] = (201, {"sid": "SM" + "7" * 32, "status": "queued"})
_ANSWERS: dict[Behaviour, tuple[int, dict[str, Any]]] = {
    Behaviour.TRY_LATER: (429, {"code": 20429, "message": "Too Many Requests"}),
    Behaviour.REFUSE: (400, {"code": 21211, "message": "Invalid 'To' Phone Number"}),
}


class Peer(HttpPeer):
    """A real HTTP server on a free port; `answer` is what it says instead, where it is set."""

    def __init__(self) -> None:
        super().__init__()
        self.answer: tuple[int, dict[str, Any]] | None = None
        self.received: list[Received] = []
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []

    @property
    def address(self) -> str:
        """A phone's number."""
        return "+12125550134"

    @property
    def keys(self) -> CarrierKeys:
        """What the carrier and we know of each other."""
        return CarrierKeys("AC1", "token", "token", self.url)

    @property
    def settings(self) -> dict[str, Any]:
        """With this server as the operator's own."""
        return {"ENVIRONMENT": dataclasses.replace(environment(), text_server=self.keys)}

    @property
    def private_hosts(self) -> frozenset[str]:
        """This server, which is on a private address."""
        return frozenset({self.url.removeprefix("http://")})

    def handler(self) -> type[BaseHTTPRequestHandler]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                is_json = headers["content-type"] == "application/json"
                form = json.loads(body) if is_json else parse_qsl(body, keep_blank_values=True)
                peer.take(self, headers, dict(form))

            def log_message(self, *args: object) -> None:
                """Keeps quiet."""

        return Handler

    def take(
        self, handler: BaseHTTPRequestHandler, headers: dict[str, str], form: dict[str, str]
    ) -> None:
        """Keeps a request and answers it as told."""
        self.asked.append((handler.path, headers, form))
        self.received.append(
            Received(headers.get("idempotency-key", ""), form.get("Body") or form["text"])
        )
        if self.behaviour == Behaviour.HANG:
            self.freed.wait(15)
            return
        if self.behaviour == Behaviour.CUT:
            return
        status, content = self.answer or _ANSWERS.get(self.behaviour, TOOK_IT)
        body = json.dumps(content).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
