"""Pictures of the operator's pages."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .shot import Shot
from .steps import OLIVIA, add_passkey, confirm, open_first_row, open_then


def ask_why(page: Page) -> None:
    """Opens the dialog that asks why the operator acts as bob."""
    page.get_by_role("link", name="bob", exact=True).click()
    page.get_by_role("link", name="Act as").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def act(page: Page) -> None:
    """Acts as bob; until somebody stops it, whatever this session asks for is bob's."""
    ask_why(page)
    page.get_by_label("Why").fill("Call of 9 March: cannot find a message")
    page.get_by_role("button", name="Act as bob").click()
    expect(page.get_by_role("form", name="Acting as somebody")).to_be_visible()


def stop(page: Page) -> None:
    """Stops acting, and works as oneself."""
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".notice")).to_be_visible()


def add_trunk(page: Page) -> None:
    """Adds a trunk, where there is none."""
    if page.get_by_text("There is no trunk yet").is_visible():
        page.goto("/operator/trunks/new/")
        page.get_by_label("Name", exact=True).fill("north")
        page.locator("[name=addresses]").fill("203.0.113.10")
        page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("table", name="Trunks")).to_be_visible()


def send_test(page: Page) -> None:
    """Sends a test message, and looks at what becomes of it."""
    page.get_by_label("Account", exact=True).fill("W0411")
    page.get_by_role("button", name="Send a test now").click()
    expect(page.locator("#test-live")).to_be_visible()


def ask_about_mfa(page: Page) -> None:
    """Opens the dialog that removes the MFA of charlie, who has one since pictures of his own."""
    page.get_by_role("link", name="charlie", exact=True).click()
    page.get_by_role("link", name="Remove it …").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def remove_mfa(page: Page) -> None:
    """Removes it."""
    ask_about_mfa(page)
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.locator(".notice")).to_be_visible()


def prove_and_open_admin(page: Page) -> None:
    """Proves a second factor, without which there is no admin, and goes there."""
    add_passkey(page, OLIVIA)
    expect(page.get_by_role("list", name="Recovery codes")).to_be_visible()
    page.goto("/admin/")


def open_rows(page: Page) -> None:
    """Opens the rows of users."""
    page.get_by_role("link", name="Users", exact=True).first.click()


def disable_mfa(page: Page) -> None:
    """Disables one's own MFA again."""
    confirm(page, OLIVIA)
    page.get_by_role("button", name="Disable MFA").click()
    expect(page.get_by_text("is disabled")).to_be_visible()


# name of the picture, path below /operator/, what to do there first
Line = tuple[str, str, Callable[[Page], object]]
OPERATORS: tuple[Line, ...] = (
    ("overview", "", Page.title),
    ("health", "health/", Page.title),
    ("deliveries", "deliveries/", Page.title),
    ("deliveries-all", "deliveries/?show=all", Page.title),
    ("test-message", "test-message/", Page.title),
    ("test-by-the-clock", "test-message/by-the-clock/", Page.title),
    ("accounts", "accounts/", Page.title),
    ("account", "accounts/", open_first_row),
    ("account-edit", "accounts/", open_then("Edit")),
    ("account-plan", "accounts/", open_then("Change the plan")),
    ("account-new", "accounts/new/", Page.title),
    ("numbers", "numbers/", Page.title),
    ("number", "numbers/", open_first_row),
    ("number-move", "numbers/", open_then("Move …")),
    ("number-new", "numbers/new/", Page.title),
    ("trunks", "trunks/", add_trunk),
    ("trunk", "trunks/", open_first_row),
    ("trunk-new", "trunks/new/", Page.title),
    ("people", "people/", Page.title),
    ("everyone", "people/?show=everyone", Page.title),
    ("person", "people/", open_first_row),
    ("invite", "people/invite/", Page.title),
    ("plans", "plans/", Page.title),
    ("plan", "plans/", open_first_row),
    ("requests", "requests/", Page.title),
    ("request", "requests/", open_first_row),
)
DIALOGS: tuple[Line, ...] = (
    ("number-remove", "numbers/", open_then("Remove …")),
    ("trunk-remove", "trunks/", open_then("Remove …")),
    ("plan-withdraw", "plans/", open_then("Withdraw …")),
    ("request-decline", "requests/", open_then("Decline …")),
    ("person-suspend", "people/?show=everyone", open_then("Suspend …")),
    ("mfa-remove", "people/?show=everyone", ask_about_mfa),
    ("act", "people/?show=everyone", ask_why),
)
# whole paths; in this order, since one begins what the next ones see
ONCE: tuple[Line, ...] = (
    ("operator-self-test", "/operator/test-message/", send_test),
    ("operator-mfa-removed", "/operator/people/?show=everyone", remove_mfa),
    ("admin", "/profile/mfa/passkeys/add/", prove_and_open_admin),
    ("admin-rows", "/admin/", open_rows),
    ("second-factors-off", "/profile/mfa/disable/", disable_mfa),
    ("acting", "/operator/people/?show=everyone", act),
    ("acting-own-hands", "/profile/sessions/", Page.title),
    ("acting-over", "/", stop),
)
SHOTS = (
    Shot("operator-statements", "/operator/statements/", person="olivia"),
    Shot("operator-payments", "/operator/payments/", person="olivia"),
    Shot("operator-bank-files", "/operator/bank-files/", person="olivia"),
    Shot("operator-bank-returns", "/operator/bank-files/returns/", person="olivia"),
    Shot("audit-log-of-all", "/operator/audit/", person="olivia"),
    *(Shot(f"operator-{each}", f"/operator/{path}", do, "olivia") for each, path, do in OPERATORS),
    *(
        Shot(f"operator-{each}", f"/operator/{path}", do, "olivia", is_long=False)
        for each, path, do in DIALOGS
    ),
    *(Shot(each, path, do, "olivia", is_once=True) for each, path, do in ONCE),
)
