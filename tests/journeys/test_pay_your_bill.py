"""Pay Your Bill as somebody pays it, in a demo with real processes; and that no number stays.

What is typed is looked for afterwards wherever it could have been left: in every table, in the log
of all processes, and in every file of the data folder.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import SOON, sign_in
from tests.house import House, text_of, until
from tests.left_behind import no_number_stays

pytestmark = [pytest.mark.journey]
CARD, CVV = "378282246310005", "9173"
BANK = "000123456789"
CARD_AS_TYPED, BANK_AS_TYPED = "3782 822463 10005", "0001-2345-6789"
TYPED = (CARD, CARD_AS_TYPED, BANK, BANK_AS_TYPED, "110000000")


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    """A window of the person who owns the demo's first account; its console says nothing."""
    complaints: list[str] = []
    context = browser.new_context(
        base_url=house.http, viewport={"width": 1440, "height": 900}, locale="en-US"
    )
    tab = context.new_page()
    tab.set_default_timeout(SOON)
    tab.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    owner = next(each for each in house.account["users"] if each["email"].startswith("alice@"))
    sign_in(tab, owner["email"], owner["password"])
    expect(tab.get_by_role("link", name="Billing", exact=True)).to_be_visible()
    yield tab
    context.close()
    assert [each for each in complaints if "500" not in each and "422" not in each] == []


def fill_card(page: Page, *, cvv: str = CVV) -> None:
    page.get_by_label("Credit Card (1.5% convenience fee)").check()
    page.get_by_label("Amount, in dollars").fill("25.00")
    for label, value in {
        "Name on the Card": "Alice Archer",
        "Credit Card Number": CARD_AS_TYPED,
        "Expiration Date (MM/YY)": "12/39",
        "CVV": cvv,
        "Address": "1 Main Street",
        "City": "Pittsfield",
        "Zip Code": "01201",
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("State", exact=True).select_option("MA")
    page.get_by_label("I agree to the terms and conditions").check()


def fill_bank(page: Page) -> None:
    page.get_by_label("Bank Account/ACH (No convenience fee)").check()
    page.get_by_label("Amount, in dollars").fill("6")
    page.get_by_label("Name on the account").fill("Acme Dental")
    page.get_by_label("Bank Routing Number").fill("110000000")
    page.get_by_label("Bank Account Number", exact=True).fill(BANK)
    page.get_by_label("Re-enter Bank Account Number").fill(BANK_AS_TYPED)
    page.get_by_label("I agree to the terms and conditions").check()


def test_a_bill_is_paid_by_card_and_by_bank_and_no_number_stays(page: Page, house: House) -> None:
    page.goto("/billing/")
    expect(page.get_by_text("Sandbox: no money moves.")).to_be_visible()
    # the fields of one method at a time, without a script of ours
    expect(page.get_by_label("Bank Routing Number")).to_be_visible()
    expect(page.get_by_label("Credit Card Number")).to_be_hidden()

    fill_card(page, cvv="917")
    page.get_by_role("button", name="Submit Credit Card Info").click()
    expect(page.get_by_text("The CVV of American Express is 4 digits")).to_be_visible()
    expect(page.get_by_label("Credit Card Number")).to_have_value("")
    fail_in_the_middle(page, house)

    page.goto("/billing/")
    fill_card(page)
    page.get_by_role("button", name="Submit Credit Card Info").click()
    expect(page.get_by_role("heading", name="Confirm Payment Info")).to_be_visible()
    for words in ("American Express ending in 0005", "$25.00", "$0.38"):
        expect(page.get_by_text(words).first).to_be_visible()
    page.get_by_role("button", name="Pay $25.38").dblclick()
    expect(page.get_by_text("Thank you. The payment is made.")).to_be_visible()
    assert payments(house) == [(2500, 38, "card", "succeeded")]

    page.goto("/billing/")
    fill_bank(page)
    page.get_by_label("Sign up for automatic monthly payment").check()
    page.get_by_role("button", name="Submit Bank Info").click()
    page.get_by_role("button", name="Pay $6.00").click()
    expect(page.get_by_text("Your bank is asked for the money")).to_be_visible()
    assert payments(house)[1] == (600, 0, "ach", "processing")

    page.goto("/billing/payments/")
    for words in ("American Express ending in 0005", "Sandbox Bank ending in 6789"):
        expect(page.get_by_text(words)).to_be_visible()
    subjects = until(lambda: receipts(house), 60, "the mails about both payments came")
    assert any(subject.startswith("Receipt for your payment of $25.38") for subject in subjects)
    assert any(subject.startswith("Automatic payment began") for subject in subjects)

    page.goto("/billing/")
    page.get_by_role("link", name="End it").click()
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("Nothing is paid by itself from now on.")).to_be_visible()
    no_number_stays(house, TYPED)


def fail_in_the_middle(page: Page, house: House) -> None:
    """The server breaks while it has the numbers: a table is missing for the one request."""
    page.goto("/billing/")
    fill_card(page)
    house.do("ALTER TABLE billing_payment RENAME TO billing_payment_away")
    try:
        with page.expect_response(lambda answer: answer.url.endswith("/billing/")) as answered:
            page.get_by_role("button", name="Submit Credit Card Info").click()
        assert answered.value.status == 500
    finally:
        house.do("ALTER TABLE billing_payment_away RENAME TO billing_payment")


def payments(house: House) -> list[tuple[int, int, str, str]]:
    rows = house.rows(
        "SELECT cents, fee_cents, method, state FROM billing_payment WHERE account_id = %s"
        " AND once NOT LIKE 'demo%%' ORDER BY id",
        house.account["id"],
    )
    return [tuple(row) for row in rows]


def receipts(house: House) -> list[str]:
    found = [str(mail["Subject"]) for mail in house.inbox.mails if "/billing/" in text_of(mail)]
    return found if len(found) > 2 else []
