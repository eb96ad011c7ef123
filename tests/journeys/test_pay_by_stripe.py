"""Pay Your Bill through Stripe: numbers are typed into its fields, and Deskbell never has them.

Localstripe takes the cards; what it lacks is `tests.stripe_peer`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import SOON, sign_in
from tests.house import House, running_house
from tests.left_behind import no_number_stays
from tests.localstripe import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET, LocalStripe
from tests.stripe_peer import HOSTED, StripePeer, event

pytestmark = [pytest.mark.journey]
GOOD, DECLINED, ASKS = "4242424242424242", "4000000000000341", "4000002500003155"
BANK, CVV, WRONG_ROUTING = "000123456789", "739", "110000001"


@pytest.fixture(scope="module")
def stripe() -> Iterator[StripePeer]:
    with LocalStripe() as behind, StripePeer(behind) as found:
        yield found


@pytest.fixture(scope="module")
def paid(stripe: StripePeer) -> Iterator[House]:
    """A demo whose bills are paid through Stripe; no number is left anywhere in it."""
    told = {
        "DESKBELL_PAYMENTS": "stripe",
        "DESKBELL_STRIPE_SECRET_KEY": SECRET_KEY,
        "DESKBELL_STRIPE_PUBLISHABLE_KEY": PUBLISHABLE_KEY,
        "DESKBELL_STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "DESKBELL_STRIPE_API": stripe.url,
        "DESKBELL_STRIPE_JS": f"{stripe.url}/v3/",
        "DESKBELL_PRIVATE_HOSTS": stripe.host,
    }
    with running_house(told) as running:
        yield running
        no_number_stays(running, (GOOD, DECLINED, ASKS, BANK, "0001-2345-6789"))


@pytest.fixture
def page(browser: Browser, paid: House) -> Iterator[Page]:
    """A window of the person who owns the first account; all that it sends us is looked through."""
    sent: list[str] = []
    complaints: list[str] = []
    context = browser.new_context(base_url=paid.http, viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    tab.set_default_timeout(SOON)
    tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    tab.on("request", lambda asked: sent.append(f"{asked.url} {asked.post_data or ''}"))
    owner = next(each for each in paid.account["users"] if each["email"].startswith("alice@"))
    sign_in(tab, owner["email"], owner["password"])
    expect(tab.get_by_role("link", name="Billing", exact=True)).to_be_visible()
    yield tab
    context.close()
    assert [each for each in complaints if "402" not in each] == []
    ours = [each for each in sent if each.startswith(paid.http)]
    assert not any(number in each for each in ours for number in (GOOD, DECLINED, ASKS, BANK))


def fill_card(page: Page, number: str) -> None:
    page.goto("/billing/")
    page.get_by_label("Credit Card (1.5% convenience fee)").check()
    page.get_by_label("Amount, in dollars").fill("25.00")
    for label, value in {
        "Name on the Card": "Alice Archer",
        "cardNumber": number,
        "cardExpiry": "12/39",
        "cardCvc": CVV,
        "Address": "1 Main Street",
        "City": "Pittsfield",
        "Zip Code": "01201",
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("State", exact=True).select_option("MA")
    page.get_by_label("I agree to the terms and conditions").check()
    page.get_by_role("button", name="Submit Credit Card Info").click()


def fill_bank(page: Page) -> None:
    page.goto("/billing/")
    page.get_by_label("Amount, in dollars").fill("6")
    page.get_by_label("Name on the account").fill("Acme Dental")
    page.get_by_label("Bank Routing Number").fill(WRONG_ROUTING)
    page.get_by_label("Bank Account Number", exact=True).fill(BANK)
    page.get_by_label("Re-enter Bank Account Number").fill("000123456780")
    page.get_by_label("I agree to the terms and conditions").check()
    page.get_by_label("Sign up for automatic monthly payment").check()


def newest(house: House) -> tuple[str, str]:
    """The newest payment's state, and what Stripe calls it."""
    [row] = house.rows("SELECT state, provider_id FROM billing_payment ORDER BY id DESC LIMIT 1")
    return str(row[0]), str(row[1])


def tell(house: House, kind: str, intent: dict[str, Any], event_id: str) -> int:
    body, headers = event(kind, intent, event_id)
    return httpx.post(f"{house.http}/payments/stripe", content=body, headers=headers).status_code


def test_a_card_pays_once_and_one_that_is_declined_says_so(page: Page, paid: House) -> None:
    fill_card(page, GOOD)
    expect(page.get_by_text("Visa ending in 4242")).to_be_visible()
    page.get_by_role("button", name="Pay $25.38").dblclick()
    expect(page.get_by_text("Thank you. The payment is made.")).to_be_visible()
    assert newest(paid)[0] == "succeeded"

    fill_card(page, DECLINED)
    page.get_by_role("button", name="Pay $25.38").click()
    expect(page.get_by_text("Your card was declined").first).to_be_visible()
    assert newest(paid)[0] == "failed"


def test_a_bank_that_asks_its_payer_is_heard_on_the_receipt(page: Page, paid: House) -> None:
    fill_card(page, ASKS)
    page.get_by_role("button", name="Pay $25.38").click()
    expect(page.get_by_role("heading", name="Your bank wants to hear from you")).to_be_visible()
    assert newest(paid)[0] == "needs_payer"
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Go on at your bank").click()
    expect(page.get_by_text("Thank you. The payment is made.")).to_be_visible()
    assert newest(paid)[0] == "succeeded"


def test_a_bank_account_is_proved_and_debited_and_pays_by_itself(
    page: Page, paid: House, stripe: StripePeer
) -> None:
    fill_bank(page)
    page.get_by_role("button", name="Submit Bank Info").click()
    expect(page.get_by_text("That is no bank's routing number")).to_be_visible()
    expect(page.get_by_text("The two account numbers differ")).to_be_visible()
    page.get_by_label("Bank Routing Number").fill("110000000")
    page.get_by_label("Re-enter Bank Account Number").fill("0001-2345-6789")
    page.get_by_role("button", name="Submit Bank Info").click()
    page.get_by_role("button", name="Pay $6.00").click()
    link = page.get_by_role("link", name="Type the code")
    expect(link).to_have_attribute("href", HOSTED)
    state, intent = newest(paid)
    assert state == "needs_payer"

    stripe.bank.verify(intent)
    told = stripe.bank.intents[intent]
    assert tell(paid, "payment_intent.processing", told, "evt_1") == 204
    assert newest(paid)[0] == "processing"
    stripe.bank.collect(intent)
    assert tell(paid, "payment_intent.succeeded", told, "evt_2") == 204
    # twice, and the older one once more after it
    assert tell(paid, "payment_intent.succeeded", told, "evt_2") == 204
    assert tell(paid, "payment_intent.processing", told, "evt_3") == 204
    assert newest(paid)[0] == "succeeded"
    page.goto("/billing/")
    expect(page.get_by_text("What is due is taken from STRIPE TEST BANK")).to_be_visible()


def test_what_is_not_signed_changes_nothing(paid: House) -> None:
    body, headers = event("payment_intent.succeeded", {"id": "pi_1"}, "evt_9")
    url = f"{paid.http}/payments/stripe"
    forged = headers | {"Stripe-Signature": headers["Stripe-Signature"][:-1] + "x"}
    assert httpx.post(url, content=body, headers=forged).status_code == 403
    assert httpx.post(url, content=body).status_code == 403
    assert httpx.get(url).status_code == 405
    assert httpx.post(f"{paid.http}/payments/sandbox", content=body).status_code == 404
    assert paid.rows("SELECT 1 FROM billing_providerevent WHERE event_id = 'evt_9'") == []
