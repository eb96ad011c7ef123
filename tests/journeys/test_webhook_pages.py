"""Webhooks as people work with them: made, tested, looked into, with and without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from deskbell.accounts.models import Account, User
from deskbell.delivery.transports.webhook.tests.peer import Peer
from deskbell.foundation import dialling
from deskbell.foundation.clock import now
from deskbell.foundation.environment import environment
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope
from deskbell.webhooks import actions
from deskbell.webhooks.checking import is_from_deskbell
from deskbell.webhooks.models import Subscription
from tests.browser import SOON, sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    with Peer() as peer:
        allowed = replace(environment(), private_hosts=peer.private_hosts)
        monkeypatch.setattr(dialling, "environment", lambda: allowed)
        yield peer


def send(acme: Account) -> None:
    """What a worker does."""
    with account_scope(acme.pk):
        actions.send_due(subscription_id=Subscription.objects.get().pk, at=now())


def make(tab: Page, url: str) -> str:
    """Makes a webhook; gives its secret."""
    tab.goto("/webhooks/")
    tab.get_by_role("link", name=re.compile("New webhook|Make the first webhook")).click()
    tab.get_by_label("URL").fill(url)
    tab.get_by_role("button", name="Make it").click()
    secret = tab.get_by_role("textbox", name="Secret").input_value()
    tab.get_by_role("link", name="I have copied it").click()
    return secret


def test_from_the_first_webhook_to_sending_again(
    tab: Page, acme: Account, alice: User, receiver: Peer, take: Callable[..., Message]
) -> None:
    sign_in(tab)
    secret = make(tab, receiver.address)
    expect(tab.get_by_text("Nothing sent yet")).to_be_visible()
    tab.get_by_role("button", name="Send a test").click()
    expect(tab.get_by_role("status").first).to_contain_text("A test is on its way")
    send(acme)
    row = tab.get_by_role("row", name=re.compile("^Test"))
    expect(row).to_contain_text("Sent")  # without a reload
    expect(tab.get_by_text("Working")).to_be_visible()
    [(headers, body)] = receiver.requests
    assert is_from_deskbell(secret, body, headers["deskbell-signature"])

    receiver.status, receiver.body = 500, b"<b>out of order</b>"
    message = take("The crown came off")
    send(acme)
    expect(tab.get_by_text("Failing", exact=True)).to_be_visible()
    tab.get_by_role("link", name=f"Taken message {message.pk}").click()
    expect(tab.get_by_role("table", name="Attempts")).to_contain_text("500")
    expect(tab.get_by_label("Body", exact=True)).to_contain_text("The crown came off")
    receiver.status = 200
    tab.get_by_role("button", name="Send again").click()
    send(acme)
    told = tab.get_by_role("row", name=re.compile(f"^Taken message {message.pk}"))
    expect(told).to_contain_text("2 attempts")
    expect(told).to_contain_text("Sent")

    tab.get_by_role("link", name="Pause").click()
    tab.get_by_role("dialog").get_by_role("button", name="Pause").click()
    expect(tab.get_by_role("button", name="Resume")).to_be_visible()
    tab.get_by_role("button", name="Resume").click()
    tab.get_by_role("link", name="New secret").click()
    tab.get_by_role("dialog").get_by_role("button", name="Make a new secret").click()
    expect(tab.get_by_role("textbox", name="Secret")).not_to_have_value(secret)
    tab.get_by_role("link", name="I have copied it").click()
    tab.get_by_role("link", name="Delete").click()
    tab.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(tab.get_by_text("Nobody is told yet")).to_be_visible()


def test_without_a_script_and_on_a_narrow_screen(
    browser: Browser, live_server: object, acme: Account, alice: User, receiver: Peer
) -> None:
    context = browser.new_context(
        base_url=live_server.url,  # type: ignore[attr-defined]
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
    )
    tab = context.new_page()
    tab.set_default_timeout(SOON)
    sign_in(tab)
    tab.goto("/webhooks/new/")
    tab.get_by_role("button", name="Make it").click()
    expect(tab.get_by_text("Where shall it be sent?")).to_be_visible()
    make(tab, receiver.address)
    tab.get_by_role("button", name="Send a test").click()
    send(acme)
    tab.reload()
    expect(tab.get_by_role("row", name=re.compile("^Test"))).to_contain_text("Sent")
    tab.get_by_role("link", name="Delete").click()
    tab.get_by_role("button", name="Delete").click()
    expect(tab.get_by_text("Nobody is told yet")).to_be_visible()
    context.close()
