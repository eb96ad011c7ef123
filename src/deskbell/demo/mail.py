"""The demo's SMTP server: takes every mail for anybody, and keeps it for the mailbox page.

Run as `python -m deskbell.demo.mail`; listens where DESKBELL_EMAIL_URL says.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from urllib.parse import urlsplit

from aiosmtpd.smtp import SMTP, Envelope, Session

from deskbell.foundation.environment import environment
from deskbell.foundation.logs import set_up_logging

from .folders import MAILBOX

log = logging.getLogger(__name__)
MAX_BYTES = 20 * 1024 * 1024


class Mailbox:
    """Keeps what arrives, as aiosmtpd's handler."""

    async def handle_DATA(  # noqa: N802 aiosmtpd names it
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Takes one mail; answers as SMTP does."""
        content = envelope.content or b""
        data = content if isinstance(content, bytes) else content.encode()
        await asyncio.to_thread(MAILBOX.keep, data)
        log.info("Mail for %s", ", ".join(envelope.rcpt_tos))
        return "250 Kept"


async def serve(host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: SMTP(Mailbox(), data_size_limit=MAX_BYTES, enable_SMTPUTF8=True, loop=loop),
        host,
        port,
    )
    log.info("The demo's mail server listens on %s:%s", host, port)
    await stop.wait()
    server.close()


def main() -> None:
    """Reads where to listen, and serves."""
    set_up_logging(debug=environment().debug, as_json=environment().logs_as_json)
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    parts = urlsplit(environment().email_url)
    asyncio.run(serve(parts.hostname or "127.0.0.1", parts.port or 25))


if __name__ == "__main__":
    main()
