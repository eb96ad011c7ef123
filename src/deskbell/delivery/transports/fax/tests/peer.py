"""A server that takes faxes as Telnyx does, or misbehaves in every way that matters."""

from __future__ import annotations

import dataclasses
import email
import email.policy
import io
import json
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler
from typing import Any

from pypdf import PdfReader

from deskbell.delivery.tests.example import Behaviour, Received
from deskbell.delivery.tests.http_peer import HttpPeer
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.environment import environment

FAX_ID = "0ccc7b54-4df3-4bca-a65a-3da1ecc777f0"
_ANSWERS: dict[Behaviour, tuple[int, dict[str, Any]]] = {
    Behaviour.TRY_LATER: (429, {"errors": [{"code": "10011", "title": "Too many requests"}]}),
    Behaviour.REFUSE: (422, {"errors": [{"code": "10015", "title": "Invalid phone number"}]}),
}


class Peer(HttpPeer):
    """A real HTTP server on a free port: documents are uploaded first, then faxed by name.

    `answer` is what it says to a fax instead, where it is set.
    """

    is_asynchronous = True

    def __init__(self) -> None:
        super().__init__()
        self.answer: tuple[int, dict[str, Any]] | None = None
        self.taken: list[tuple[str, bytes]] = []
        self.faxes: list[dict[str, str]] = []
        self.documents: dict[str, bytes] = {}

    @property
    def received(self) -> list[Received]:
        """What was faxed; a fax has no headers, so all of it stands below them."""
        return [Received(key, f"\r\n\r\n{text_of(document)}") for key, document in self.taken]

    @property
    def address(self) -> str:
        """A fax machine's number."""
        return "+12125550134"

    @property
    def settings(self) -> dict[str, Any]:
        """With this server as Telnyx."""
        carriers = {"telnyx": CarrierKeys("", "key", "", self.url)}
        return {
            "ENVIRONMENT": dataclasses.replace(
                environment(), carriers=carriers, telnyx_fax="1234567890"
            )
        }

    @property
    def private_hosts(self) -> frozenset[str]:
        """This server, which is on a private address."""
        return frozenset({self.url.removeprefix("http://")})

    def handler(self) -> type[BaseHTTPRequestHandler]:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == "/v2/media":
                    name = peer.keep(self.headers["Content-Type"], body)
                    _answer(self, 201, {"data": {"media_name": name}})
                else:
                    peer.take(self, json.loads(body))

            def log_message(self, *args: object) -> None:
                """Keeps quiet."""

        return Handler

    def keep(self, content_type: str, body: bytes) -> str:
        """Keeps an uploaded document under its name."""
        head = f"Content-Type: {content_type}\r\n\r\n".encode()
        form = email.message_from_bytes(head + body, policy=email.policy.default)
        parts = {
            str(part.get_param("name", header="content-disposition")): part
            for part in form.iter_parts()
            if isinstance(part, EmailMessage)
        }
        name = str(parts["media_name"].get_content()).strip()
        content = parts["media"].get_payload(decode=True)
        assert isinstance(content, bytes)
        self.documents[name] = content
        return name

    def take(self, handler: BaseHTTPRequestHandler, fax: dict[str, str]) -> None:
        """Keeps a fax and answers as told."""
        self.faxes.append(fax)
        key = handler.headers.get("Idempotency-Key", "")
        self.taken.append((key, self.documents[fax["media_name"]]))
        if self.behaviour == Behaviour.HANG:
            self.freed.wait(15)
            return
        if self.behaviour == Behaviour.CUT:
            return
        took = (202, {"data": {"id": FAX_ID, "status": "queued"}})
        _answer(handler, *(self.answer or _ANSWERS.get(self.behaviour, took)))


def text_of(document: bytes) -> str:
    """What stands in a PDF."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


def _answer(handler: BaseHTTPRequestHandler, status: int, content: dict[str, Any]) -> None:
    body = json.dumps(content).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
