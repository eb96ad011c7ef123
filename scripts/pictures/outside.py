"""Pictures of what stands outside the portal: the demo, the API's documents, links of mails."""

from __future__ import annotations

import json
import time
from pathlib import Path

from django.core.signing import TimestampSigner, b62_encode
from playwright.sync_api import Page

from .shot import Shot
from .steps import follow_mail

MONTHS = 62 * 24 * 3600


def open_newest_mail(page: Page) -> None:
    """Opens the newest mail as text."""
    page.locator(".plain-line").first.click()


def open_newest_mail_as_html(page: Page) -> None:
    """Opens the newest mail as its reader's program shows it."""
    open_newest_mail(page)
    page.get_by_role("link", name="as a mail program").click()


def follow_link(page: Page) -> None:
    """Goes to the page where the link in the newest mail of a message leads."""
    follow_mail(page, "Message for", r"/ack/[^\s\"<]+")


def acknowledge_by_link(page: Page) -> None:
    """Acknowledges by the newest mail's link, where nobody did yet."""
    follow_link(page)
    button = page.get_by_role("button", name="Acknowledge")
    if button.is_visible():
        button.click()


def expired_link(folder: Path) -> Shot:
    """The page of a link that was good for long enough, signed with the data folder's own key."""
    kept = json.loads((folder / "secrets.json").read_text())

    class Signer(TimestampSigner):
        def timestamp(self) -> str:
            return b62_encode(int(time.time()) - MONTHS)

    signer = Signer(key=kept["django"], salt="deskbell.delivery.acknowledge", fallback_keys=[])
    return Shot("link-expired", f"/ack/{signer.sign_object([1, 1, 1])}")


SHOTS = (
    Shot("demo-mailbox", "/demo/mailbox"),
    Shot("demo-mail", "/demo/mailbox", open_newest_mail),
    Shot("demo-mail-html", "/demo/mailbox", open_newest_mail_as_html),
    Shot("demo-handset", "/demo/handset"),
    Shot("demo-webhooks", "/demo/webhooks"),
    Shot("api-docs", "/api/v2/docs", is_long=False),
    Shot("link", "/demo/mailbox", follow_link),
    Shot("link-acknowledged", "/demo/mailbox", acknowledge_by_link),
    Shot("link-unknown", "/ack/none"),
)
