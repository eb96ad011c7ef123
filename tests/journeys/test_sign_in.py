"""Signing in, in a real browser: with a password, with Google, and everything around it.

Google is a provider of OpenID Connect that runs on this machine; the browser goes there and back,
so that a policy of ours that stopped it would show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, ViewportSize, expect

from deskbell.accounts.models import AccessRequest, User
from deskbell.foundation.openid import OpenIdProvider
from deskbell.platform.jobs import run_job
from tests.browser import SOON, sign_in
from tests.openid import Provider, running_provider

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
NARROW: ViewportSize = {"width": 390, "height": 844}
NewTab = Callable[[], Page]


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


@pytest.fixture
def google(provider: Provider, settings: Any) -> Provider:
    settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
    settings.OPENID_PROVIDERS = (
        OpenIdProvider("google", "Google", provider.url, "deskbell", "a secret"),
    )
    return provider


@pytest.fixture
def another(browser: Browser, live_server: Any) -> Iterator[NewTab]:
    """Opens further browsers, as people on other devices have them."""
    made = []

    def open_one() -> Page:
        context = browser.new_context(base_url=live_server.url, locale="en-US")
        made.append(context)
        page = context.new_page()
        page.set_default_timeout(SOON)
        return page

    yield open_one
    for context in made:
        context.close()


def with_google(tab: Page, sub: str) -> None:
    """Presses the button, and says there who one is."""
    tab.goto("/sign-in/")
    tab.get_by_role("button", name="Sign in with Google").click()
    expect(tab.get_by_role("heading", name="Authorize Client")).to_be_visible()
    tab.get_by_placeholder("sub").fill(sub)
    tab.get_by_role("button", name="Authorize").click()


def dashboard(tab: Page) -> Any:
    return expect(tab.get_by_role("heading", name="Dashboard"))


def test_in_with_google_and_only_as_whom_one_is_known(
    tab: Page, google: Provider, alice: User, complaints: list[str], another: NewTab
) -> None:
    tab.goto("/messages/?tab=acknowledged")
    with_google_from_here(tab)
    expect(tab).to_have_url(re.compile(r"/messages/\?tab=acknowledged$"))
    # what the provider's own page does not find
    assert all(said.startswith("Failed to load resource") for said in complaints)
    complaints.clear()
    other = another()
    with_google(other, "stranger")
    expect(other.get_by_role("heading", name="You are not signed in")).to_be_visible()
    other.get_by_role("link", name="here to request access").click()
    expect(other.get_by_role("heading", name="Request access")).to_be_visible()
    with_google(other, "unchecked")
    expect(other.locator("main")).to_contain_text("has not checked that the email address")
    other.get_by_role("link", name="Back to sign-in").click()
    with_google(other, "shouting")
    dashboard(other).to_be_visible()
    other.go_back()  # to the provider's page, or ours: nobody is signed in twice by it
    other.goto("/")
    dashboard(other).to_be_visible()


def with_google_from_here(tab: Page) -> None:
    """On the way to a page: the button on the sign-in page that was shown instead."""
    tab.get_by_role("button", name="Sign in with Google").click()
    tab.get_by_role("button", name="alice", exact=True).click()


def test_somebody_who_is_not_registered_asks_for_access(tab: Page, olivia: User) -> None:
    tab.set_viewport_size(NARROW)
    tab.goto("/sign-in/")
    tab.get_by_role("link", name="here to request access").click()
    tab.get_by_role("button", name="Request access").click()
    expect(tab.locator("#email-error")).to_be_visible()
    tab.get_by_label("Full Name").fill("Dana Reed")
    tab.get_by_label("Email Address").fill("dana@example.net")
    tab.get_by_label("Company").fill("Reed Roofing")
    tab.get_by_label("What you need access to").fill("Our messages")
    assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    tab.get_by_role("button", name="Request access").click()
    expect(tab.get_by_role("heading", name="Thank you")).to_be_visible()
    assert AccessRequest.objects.get().company == "Reed Roofing"
    run_job("portal.send_access_requests", b"{}")
    assert mail.outbox[0].to == [olivia.email]


def test_kept_on_a_device_and_signed_out_everywhere(
    tab: Page, alice: User, another: NewTab
) -> None:
    tab.goto("/sign-in/")
    tab.get_by_label("Keep me signed in on this device").check()
    tab.get_by_label("Email Address").fill(alice.email)
    tab.get_by_label("Password").fill("Ring-the-bell-1")
    tab.keyboard.press("Enter")
    dashboard(tab).to_be_visible()
    kept = {each["name"]: each for each in tab.context.cookies()}
    assert kept["sessionid"]["expires"] > 0
    assert kept["sessionid"]["httpOnly"]
    other = another()
    sign_in(other)
    dashboard(other).to_be_visible()
    assert {each["name"]: each["expires"] for each in other.context.cookies()}["sessionid"] == -1
    tab.goto("/profile/sessions/")
    rows = tab.get_by_role("row")
    expect(rows).to_have_count(3)
    expect(tab.get_by_text("This device")).to_have_count(1)
    tab.get_by_role("button", name=re.compile("^End the session of Chrome on Linux")).click()
    expect(tab.get_by_role("status").first).to_contain_text("The session is ended")
    expect(rows).to_have_count(2)
    other.goto("/")
    expect(other).to_have_url(re.compile(r"/sign-in/\?next=/$"))
    sign_in(other)
    tab.get_by_role("link", name="Sign out everywhere …").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text("this one too")
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_be_hidden()
    tab.get_by_role("link", name="Sign out everywhere …").click()
    dialog.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_text("You are signed out everywhere")).to_be_visible()
    other.goto("/messages/")
    expect(other).to_have_url(re.compile("/sign-in/"))


def test_guessing_locks_and_a_link_opens(tab: Page, alice: User) -> None:
    for _ in range(11):
        sign_in(tab, password="wrong")
    expect(tab.get_by_role("alert").first).to_contain_text("locked after too many wrong passwords")
    tab.get_by_role("link", name="here to reset your password").click()
    tab.get_by_label("Email Address").fill(alice.email)
    tab.get_by_role("button", name="Send the link").click()
    expect(tab.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    run_job("portal.send_reset_link", b'{"user_id": %d}' % alice.pk)
    [link] = re.findall(r"/password/\S+", str(mail.outbox[0].body))
    tab.goto(link)
    tab.get_by_label("New password").fill("Fresh-brewed-7")
    tab.get_by_label("The same again").fill("Fresh-brewed-7")
    tab.get_by_role("button", name="Keep the new password").click()
    expect(tab.get_by_role("heading", name="Your password is changed")).to_be_visible()
    sign_in(tab, password="Fresh-brewed-7")
    dashboard(tab).to_be_visible()
    tab.goto(link)
    expect(tab.get_by_role("heading", name="This link no longer works")).to_be_visible()
