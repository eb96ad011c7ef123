"""A gateway as it is ordered about over REST, which rings nobody: real calls are for journeys."""

from __future__ import annotations

import dataclasses
import json
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs

from deskbell.delivery.tests.example import Behaviour, Received
from deskbell.delivery.tests.http_peer import HttpPeer
from deskbell.delivery.transport import Parcel
from deskbell.delivery.transports.call.documents import message_document
from deskbell.foundation.environment import environment
from deskbell.rcml.write import to_xml

SID = "CA" + "5" * 32
_TAKEN: tuple[int, dict[str, Any]] = (201, {"sid": SID, "status": "queued"})
_ANSWERS: dict[Behaviour, tuple[int, dict[str, Any]]] = {
    Behaviour.TRY_LATER: (429, {"code": 10004, "message": "Call concurrency limit exceeded"}),
    Behaviour.REFUSE: (400, {"code": 21214, "message": "'To' cannot be reached"}),
}


class Peer(HttpPeer):
    """A real HTTP server on a free port; `answer` is what it says instead, where it is set."""

    is_asynchronous = True

    def __init__(self) -> None:
        super().__init__()
        self.answer: tuple[int, dict[str, Any]] | None = None
        self.received: list[Received] = []
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def address(self) -> str:
        """A phone's number."""
        return "+12125550134"

    @property
    def settings(self) -> dict[str, Any]:
        """With this server as the only gateway, and no carriers."""
        changed = dataclasses.replace(environment(), voice_urls=(self.url,), carriers={})
        return {"ENVIRONMENT": changed}

    @property
    def private_hosts(self) -> frozenset[str]:
        """None: our own gateways are asked anyway."""
        return frozenset()

    def told(self, parcel: Parcel) -> str:
        """What the document says that the order leads to: a call is told of it when it is up."""
        return to_xml(message_document(parcel, keys_url="keys"))

    def handler(self) -> type[BaseHTTPRequestHandler]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                peer.say(self, 200, {"ready": True})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                peer.take(self, form)

            def log_message(self, *args: object) -> None:
                """Keeps quiet."""

        return Handler

    def take(self, handler: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        """Keeps an order and answers it as told."""
        self.asked.append((handler.path, form))
        if "To" in form:
            key = handler.headers["I-Twilio-Idempotency-Token"]
            self.received.append(Received(key, form.get("Twiml", form.get("Url", ""))))
        if self.behaviour == Behaviour.HANG:
            self.freed.wait(15)
            return
        if self.behaviour != Behaviour.CUT:
            self.say(handler, *(self.answer or _ANSWERS.get(self.behaviour, _TAKEN)))

    def say(self, handler: BaseHTTPRequestHandler, status: int, content: dict[str, Any]) -> None:
        """Answers with JSON."""
        body = json.dumps(content).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
