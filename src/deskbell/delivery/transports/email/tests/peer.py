"""A mail server that takes mails, or turns them away in every way that matters."""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deskbell.delivery.tests.example import Behaviour, Received

_ANSWERS = {
    Behaviour.TRY_LATER: "451 4.3.0 Try again later",
    Behaviour.REFUSE: "550 5.1.1 No such mailbox",
}


class Peer:
    """A real SMTP server on a free port."""

    def __init__(self) -> None:
        self.behaviour = Behaviour.TAKE
        self.can_be_slow = True
        self.received: list[Received] = []
        self.mails: list[bytes] = []
        self.answers: dict[str, str] = {}  # by the command that gets it
        self._controller: Controller | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def __enter__(self) -> Self:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)
        self._controller.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Listens no longer."""
        if self._controller:
            self._controller.stop(no_assert=True)
            self._controller = None

    @property
    def address(self) -> str:
        """A mailbox here."""
        return "alice@example.com"

    @property
    def settings(self) -> dict[str, Any]:
        """Django's settings for this server."""
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.port,
            "EMAIL_TIMEOUT": 1,
        }

    @property
    def private_hosts(self) -> frozenset[str]:
        """SMTP servers are the operator's own choice."""
        return frozenset()

    async def handle_MAIL(  # noqa: N802 its name there
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes or refuses a sender."""
        if answer := self.answers.get("MAIL"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 its name there
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes or refuses a recipient."""
        if answer := self.answers.get("RCPT") or _ANSWERS.get(self.behaviour):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 its name there
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keeps a mail, or falls silent once it has it."""
        if answer := self.answers.get("DATA"):
            return answer
        content = envelope.original_content or b""
        self.mails.append(content)
        text = content.decode("utf-8", "replace")
        key = text.partition("Message-ID: <")[2].partition("@")[0]
        self.received.append(Received(key, text))
        if self.behaviour == Behaviour.HANG:
            await asyncio.sleep(5)
        if self.behaviour == Behaviour.SLOW:
            await self._drip(server)
        if self.behaviour == Behaviour.CUT and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return "250 OK"

    async def _drip(self, server: SMTP) -> None:
        """An answer that comes byte by byte and never ends."""
        while isinstance(server.transport, asyncio.Transport) and not server.transport.is_closing():
            server.transport.write(b"2")
            await asyncio.sleep(0.05)
