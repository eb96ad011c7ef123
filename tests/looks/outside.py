"""Looks at what stands outside the portal: the demo's, the API's documents, links of mails."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.looks.look import Demo, Look


def acknowledge_there(tab: Page) -> None:
    """Acknowledges on the page of an email's link."""
    tab.get_by_role("button", name="Acknowledge").click()
    expect(tab.get_by_role("status")).to_contain_text("Nobody else is called")


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/no-such-page/", person="alice"),
        Look("/demo/mailbox"),
        Look(f"/demo/mailbox/{demo.mail}"),
        Look(f"/demo/mailbox/{demo.mail}/html"),
        Look("/demo/webhooks"),
        Look("/api/v2/docs"),
        Look(demo.link),
        Look(demo.link, acknowledge_there),
        Look("/ack/of-nobody"),
    ]
