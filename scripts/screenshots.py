"""Takes a picture of every page, to be looked at before anything is shipped.

    ./deskbell up --demo
    .venv/bin/python scripts/screenshots.py var/demo.json /tmp/pictures
    .venv/bin/python scripts/screenshots.py var/demo.json /tmp/pictures --only messages oncall
    .venv/bin/python scripts/screenshots.py var/demo.json docs/screenshots --readme

Each page in two sizes, light and dark; `--readme` takes only the four pictures of README.md.
Leave a message by phone first: mail, webhook and link are of the newest one, and one of the
pictures acknowledges it. Needs Chromium, at /usr/bin/chromium or where CHROMIUM says.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.core.signing import TimestampSigner, b62_encode
from playwright.sync_api import Browser, Page, expect, sync_playwright
from playwright.sync_api import Error as PageFailed

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
MONTHS = 62 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, the page's path, what to do there first, and who looks."""

    name: str
    path: str
    prepare: Callable[[Page], object] = Page.title
    person: str = ""
    is_long: bool = True


def complain(text: str) -> None:
    """Says what is wrong with a page, beside its picture."""
    sys.stderr.write(f"  {text}\n")


def open_first_message(page: Page) -> None:
    """Opens the panel of the list's first message and waits until it is filled."""
    page.locator("a.open").first.click()
    expect(page.locator("#panel .panel-title")).to_be_visible()
    page.mouse.move(0, 0)


def open_with_recording(page: Page) -> None:
    """Opens the page of the newest message with a recording."""
    path = page.locator("tr:has(.has-audio) a.open").first.get_attribute("href")
    page.goto(page.url.split("/messages")[0] + (path or ""))
    expect(page.locator(".sound-toggle")).to_be_visible()
    page.wait_for_timeout(300)


def open_forwarding(page: Page) -> None:
    """Opens the form that forwards a message, in the panel of the list's first."""
    open_first_message(page)
    page.locator("#forward-open").click()
    page.locator("#forward-words").scroll_into_view_if_needed()


def tick_two(page: Page) -> None:
    """Ticks two rows, so that the bulk bar shows."""
    for index in range(2):
        page.locator("[data-tick]").nth(index).check()


def acknowledge_last(page: Page) -> None:
    """Acknowledges the last message of the list, so that the notice shows."""
    page.get_by_role("button", name="Acknowledge message").last.click()
    expect(page.locator(".notice")).to_be_visible()


def open_changes(page: Page) -> None:
    """Unfolds what changed in the first entry of the audit log that has something."""
    changes = page.locator(".audit-changes summary")
    if changes.count():
        changes.first.click()


def open_filters(page: Page) -> None:
    """Opens the filters of the messages."""
    page.locator("summary", has_text="Filters").click()


def keep_search(page: Page) -> None:
    """Saves a search, so that the menu of saved ones has it."""
    page.locator("summary", has_text="Saved").click()
    page.fill("#search-name", "Emergencies")
    page.locator("#save-search button").click()
    expect(page.locator(".notice")).to_be_visible()


def try_wrong_password(page: Page) -> None:
    """Shows what a wrong password looks like."""
    page.fill("#login", "somebody@example.com")
    page.fill("#password", "wrong")
    page.click("button.btn-primary")


def open_menu(page: Page) -> None:
    """Opens the menu where the screen is narrow."""
    button = page.locator("[data-open-menu]")
    if button.is_visible():
        button.click()
        page.wait_for_timeout(300)


def open_accounts(page: Page) -> None:
    """Opens the list of accounts to change to."""
    page.locator("summary", has_text="Change account").or_(
        page.locator("summary[aria-label^='Change']")
    ).first.click()


def open_box(page: Page) -> None:
    """Opens the panel about a menu of the call flow."""
    links = page.locator("[data-flow]:visible")
    links.nth(min(5, links.count() - 1)).click()
    expect(page.locator(".part-head")).to_be_visible()


def open_emergency(page: Page) -> None:
    """Opens the emergency switch's dialog."""
    page.get_by_role("link", name="Emergency").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def open_profile(page: Page) -> None:
    """Opens the menu with the person and sign-out."""
    page.locator("summary.avatar-button").click()


def tab_in(page: Page) -> None:
    """Goes to the first link by keyboard: the one that skips the menu."""
    page.keyboard.press("Tab")


def open_desk_keys(page: Page) -> None:
    """Opens the list of the desk's keys."""
    page.keyboard.press("Alt+k")
    expect(page.locator("#desk-keys")).to_be_visible()


def open_newest_mail(page: Page) -> None:
    """Opens the newest mail as text."""
    page.locator(".plain-line").first.click()


def open_newest_mail_as_html(page: Page) -> None:
    """Opens the newest mail as its reader's program shows it."""
    open_newest_mail(page)
    page.get_by_role("link", name="as a mail program").click()


def follow_link(page: Page) -> None:
    """Goes to the page where the newest mail's link leads."""
    open_newest_mail(page)
    found = re.search(r"/ack/[^\s\"<]+", page.content())
    page.goto(page.url.split("/demo/")[0] + (found.group() if found else "/ack/none"))


def acknowledge_by_link(page: Page) -> None:
    """Acknowledges by the newest mail's link, where nobody did yet."""
    follow_link(page)
    button = page.get_by_role("button", name="Acknowledge")
    if button.is_visible():
        button.click()


def open_first_row(page: Page) -> None:
    """Opens what a list's first row is about."""
    page.locator("a.row-open").first.click()
    expect(page.locator(".crumb")).to_be_visible()


def schedule_export(page: Page) -> None:
    """Schedules an export, where there is none."""
    if page.get_by_text("Nothing is scheduled yet").is_visible():
        page.goto("/reports/schedules/new/")
        page.get_by_label("Name", exact=True).fill("Messages of the week")
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Every Monday at 7 AM").first).to_be_visible()


def save_nothing(page: Page) -> None:
    """Sends an empty form, so that errors show beside fields."""
    page.get_by_role("button", name="Save to draft").click()
    expect(page.locator(".field-says").first).to_be_visible()


def describe_first(page: Page) -> None:
    """Changes a system, so that the draft's bar shows."""
    open_first_row(page)
    page.get_by_label("Description").fill("Answers day and night")
    page.get_by_role("button", name="Save to draft").click()
    expect(page.get_by_role("region", name="Draft")).to_be_visible()


def open_publish(page: Page) -> None:
    """Opens the dialog that publishes the draft."""
    page.get_by_role("link", name="Publish").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def open_delete(page: Page) -> None:
    """Opens the dialog that says what goes with a system."""
    open_first_row(page)
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def open_event(page: Page) -> None:
    """Opens the panel about an event that comes back."""
    page.locator("a.block[data-event]").first.click()
    expect(page.locator("#panel .panel-title")).to_be_visible()


def open_new_event(page: Page) -> None:
    """Opens the panel of a new event, and sets a rule."""
    page.get_by_role("link", name="New Event", exact=True).click()
    page.get_by_label("Repeats").select_option("monthly")
    page.get_by_label("on weekdays of the month").check()
    page.locator(".toggle", has_text="1st Sunday").click()
    page.locator(".toggle", has_text="Last Friday").click()
    expect(page.locator(".preview-dates li")).to_have_count(5)


def create_nothing(page: Page) -> None:
    """Sends a new event without anybody, so that an error shows beside its field."""
    page.get_by_role("button", name="Create").click()
    expect(page.locator(".field-says p").first).to_be_visible()


def delete_event(page: Page) -> None:
    """Opens the dialog that asks which instances are deleted."""
    open_event(page)
    page.locator("#panel").get_by_role("link", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def move_event(page: Page) -> None:
    """Moves an event by keyboard, and is asked how far that goes."""
    page.locator("a.block[data-event]").first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def open_cover(page: Page) -> None:
    """Opens the panel in which somebody is covered."""
    page.get_by_role("link", name="Cover").first.click()
    expect(page.locator("#panel .panel-title")).to_be_visible()


def open_script(page: Page) -> None:
    """Opens the editor of the first script, as staff do."""
    page.locator(".all-scripts a.row-open").first.click()
    expect(page.locator("#script-editor")).to_be_visible()


def edit_branch(page: Page) -> None:
    """Opens the form of a new branch beside the editor."""
    open_script(page)
    page.locator("#add-steps").click()
    page.locator("#panel").get_by_label("Kind").select_option("branch")
    page.locator("#panel").get_by_label("Which answer decides").select_option(index=1)


def try_script(page: Page) -> None:
    """Sends an empty form in the preview of the first script."""
    open_script(page)
    page.get_by_role("link", name="Preview").click()
    page.get_by_role("button", name="Try to send").click()
    expect(page.locator(".script-sent, .form-alert").first).to_be_visible()


def open_publication(page: Page) -> None:
    """Opens the newest publication of the first script."""
    open_script(page)
    page.get_by_role("link", name="Publications").click()
    page.locator("a.row-open").first.click()


def open_first_level(page: Page) -> None:
    """Opens the first escalation level."""
    page.locator("a.level-name").first.click()
    expect(page.locator(".crumb")).to_be_visible()


def clone_level(page: Page) -> None:
    """Opens the dialog that clones a level."""
    open_first_level(page)
    page.get_by_role("link", name="Clone").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def delete_level(page: Page) -> None:
    """Opens the dialog that says what breaks where a level is deleted."""
    open_first_level(page)
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def add_by_email(page: Page) -> None:
    """Opens the form of an email method, and sends it empty."""
    open_first_row(page)
    page.get_by_role("link", name="Email", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field-says p").first).to_be_visible()


def delete_contact(page: Page) -> None:
    """Opens the dialog that says which events lose a contact."""
    open_first_row(page)
    page.get_by_role("link", name="Delete").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def open_feed_steps(page: Page) -> None:
    """Opens the dialog with a feed's link and the steps."""
    page.get_by_role("link", name="How to use").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def open_proof(page: Page) -> None:
    """Opens the proof of the newest acknowledged message."""
    path = page.locator("a.open").first.get_attribute("href")
    page.goto(page.url.split("/messages")[0] + f"{path}proof/")
    expect(page.get_by_role("heading", name="Proof of message")).to_be_visible()


def plan_to_do(page: Page) -> None:
    """Sets a To Do's schedule, so that the next runs show."""
    page.get_by_label("Repeats").select_option("weekly")
    page.locator(".toggle", has_text="Tuesday").click()
    page.get_by_label("At", exact=True).fill("9am, 15:00")
    expect(page.locator("#preview")).to_contain_text("Tuesday at 9:00 AM and 3:00 PM")


def block_nobody(page: Page) -> None:
    """Sends the form of a blocked caller empty, so that an error stands beside its field."""
    page.get_by_role("button", name="Block", exact=True).click()
    expect(page.locator(".field-says p").first).to_be_visible()


def submit_no_card(page: Page) -> None:
    """Chooses to pay by card and types none, so that errors stand beside the fields."""
    page.get_by_label("Credit Card (1.5% convenience fee)").check()
    page.get_by_role("button", name="Submit Credit Card Info").click()
    expect(page.locator(".field-says p").first).to_be_visible()


def confirm_bank(page: Page) -> None:
    """Types a bank account of the sandbox's, and goes on to what is to be confirmed."""
    page.get_by_label("Amount, in dollars").fill("25.00")
    page.get_by_label("Name on the account").fill("Acme Dental")
    page.get_by_label("Bank Routing Number").fill("110000000")
    page.get_by_label("Bank Account Number", exact=True).fill("000123456789")
    page.get_by_label("Re-enter Bank Account Number").fill("000123456789")
    page.get_by_label("I agree to the terms and conditions").check()
    page.get_by_role("button", name="Submit Bank Info").click()
    expect(page.get_by_role("heading", name="Confirm Payment Info")).to_be_visible()


def pay_by_bank(page: Page) -> None:
    """Pays from a bank account, and sees the receipt."""
    confirm_bank(page)
    page.get_by_role("button", name="Pay $25.00").click()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()


def make_nothing(page: Page) -> None:
    """Sends the form of a webhook empty, so that an error shows beside its field."""
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".field-says p").first).to_be_visible()


def send_empty_email(page: Page) -> None:
    """Sends a To Do by email without anything, so that errors show beside fields."""
    page.get_by_label("Email", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field-says p").first).to_be_visible()


def open_then(link: str) -> Callable[[Page], None]:
    """What opens the first row, and then follows a link on its page."""

    def opened(page: Page) -> None:
        open_first_row(page)
        page.get_by_role("link", name=link, exact=True).click()
        page.wait_for_timeout(300)

    return opened


# the operator's pages below /operator/: name of the picture, path, what to do there first
OPERATORS: tuple[tuple[str, str, Callable[[Page], object]], ...] = (
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
    ("number-remove", "numbers/", open_then("Remove …")),
    ("number-new", "numbers/new/", Page.title),
    ("trunks", "trunks/", Page.title),
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
SHOTS = [
    Shot("sign-in", "/sign-in/"),
    Shot("sign-in-wrong", "/sign-in/", try_wrong_password),
    Shot("forgotten", "/password/"),
    Shot("request-access", "/request-access/"),
    Shot("sessions", "/profile/sessions/", person="alice"),
    Shot("sign-out-everywhere", "/profile/sessions/end-all/", person="alice"),
    Shot("second-factors", "/profile/mfa/", person="alice"),
    Shot("confirm", "/profile/confirm/", person="alice"),
    Shot("dashboard", "/", person="alice"),
    Shot("my-accounts", "/accounts/", person="alice"),
    Shot("my-number", "/accounts/", open_first_row, person="alice"),
    Shot("company", "/accounts/company/", person="alice"),
    Shot("retention", "/accounts/retention/", person="alice"),
    Shot("users", "/accounts/users/", person="alice"),
    Shot("user", "/accounts/users/", open_first_row, person="alice"),
    Shot("user-access", "/accounts/users/", open_then("Access"), person="alice"),
    Shot("user-suspend", "/accounts/users/", open_then("Suspend …"), "alice", is_long=False),
    Shot("invite", "/accounts/users/invite/", person="alice"),
    Shot("choose-account", "/account/choose/", person="olivia"),
    Shot("invitation-over", "/invitations/of-nobody/"),
    Shot("skip-link", "/", tab_in, person="alice", is_long=False),
    Shot("menu", "/", open_menu, person="alice", is_long=False),
    Shot("profile", "/", open_profile, person="alice", is_long=False),
    Shot("accounts", "/", open_accounts, person="olivia", is_long=False),
    Shot("messages", "/messages/", person="alice"),
    Shot("messages-ticked", "/messages/", tick_two, person="alice"),
    Shot("messages-panel", "/messages/", open_first_message, person="alice", is_long=False),
    Shot("message-page", "/messages/", open_with_recording, person="alice"),
    Shot("message-forward", "/messages/", open_forwarding, person="alice", is_long=False),
    Shot("messages-acknowledged", "/messages/?tab=acknowledged", person="alice"),
    Shot("messages-nothing-found", "/messages/?q=zebra", person="alice"),
    Shot(
        "messages-filters", "/messages/?emergency=yes&from_date=2026-01-01", open_filters, "alice"
    ),
    Shot("messages-wrong-filters", "/messages/?from_date=never&number=9", person="alice"),
    Shot("messages-saved", "/messages/?emergency=yes", keep_search, "alice", is_long=False),
    Shot("activities", "/messages/activities/", person="alice"),
    Shot("oncall", "/oncall/", person="alice"),
    Shot("oncall-week", "/oncall/?view=week", person="alice"),
    Shot("oncall-day", "/oncall/?view=day", person="alice"),
    Shot("oncall-timeline", "/oncall/?view=timeline", person="alice"),
    Shot("oncall-event", "/oncall/?view=week", open_event, person="alice", is_long=False),
    Shot("oncall-event-new", "/oncall/", open_new_event, person="alice", is_long=False),
    Shot("oncall-event-page", "/oncall/events/new/", create_nothing, person="alice"),
    Shot("oncall-event-delete", "/oncall/?view=week", delete_event, person="alice", is_long=False),
    Shot("oncall-move", "/oncall/?view=day", move_event, person="alice", is_long=False),
    Shot("oncall-cover", "/oncall/", open_cover, person="alice", is_long=False),
    Shot("oncall-covers", "/oncall/covers/", person="alice"),
    Shot("oncall-contacts", "/oncall/contacts/", person="alice"),
    Shot("oncall-contact", "/oncall/contacts/", open_first_row, person="alice"),
    Shot("oncall-method-new", "/oncall/contacts/", add_by_email, person="alice"),
    Shot("oncall-contact-delete", "/oncall/contacts/", delete_contact, "alice", is_long=False),
    Shot("oncall-merge", "/oncall/contacts/merge/", person="alice"),
    Shot("oncall-levels", "/oncall/levels/", person="alice"),
    Shot("oncall-level", "/oncall/levels/", open_first_level, person="alice"),
    Shot("oncall-level-new", "/oncall/levels/new/", person="alice"),
    Shot("oncall-level-clone", "/oncall/levels/", clone_level, person="alice", is_long=False),
    Shot("oncall-level-delete", "/oncall/levels/", delete_level, person="alice", is_long=False),
    Shot("oncall-defaults", "/oncall/levels/defaults/", person="alice"),
    Shot("oncall-planning", "/oncall/plan/", person="alice"),
    Shot("oncall-what-if", "/oncall/plan/what-if/?time=18:30", person="alice"),
    Shot("oncall-feeds", "/oncall/feeds/", person="alice"),
    Shot("oncall-feed", "/oncall/feeds/", open_feed_steps, person="alice", is_long=False),
    Shot("oncall-import", "/oncall/feeds/import/", person="alice"),
    Shot("message-proof", "/messages/?tab=acknowledged", open_proof, person="alice"),
    Shot("blocked-callers", "/callers/", person="alice"),
    Shot("usage", "/reports/usage/", person="alice"),
    Shot("export-scheduler", "/reports/schedules/", schedule_export, person="alice"),
    Shot("export-scheduler-new", "/reports/schedules/new/", save_nothing, person="alice"),
    Shot("usage-wrong", "/reports/usage/?from_date=2%2F31%2F2026&number=5", person="alice"),
    Shot("performance", "/desk/performance/", person="olivia"),
    Shot("pay-your-bill", "/billing/", person="alice"),
    Shot("pay-by-card", "/billing/", submit_no_card, person="alice"),
    Shot("pay-confirm", "/billing/", confirm_bank, person="alice"),
    Shot("pay-receipt", "/billing/", pay_by_bank, person="alice"),
    Shot("pay-history", "/billing/payments/", person="alice"),
    Shot("statements", "/billing/statements/", person="alice"),
    Shot("statement", "/billing/statements/", open_first_row, "alice"),
    Shot("operator-statements", "/operator/statements/", person="olivia"),
    Shot("operator-payments", "/operator/payments/", person="olivia"),
    Shot("operator-bank-files", "/operator/bank-files/", person="olivia"),
    Shot("operator-bank-returns", "/operator/bank-files/returns/", person="olivia"),
    Shot("audit-log", "/audit/", open_changes, person="alice"),
    Shot("audit-log-of-all", "/operator/audit/", person="olivia"),
    Shot("blocked-caller-new", "/callers/new/", block_nobody, person="alice"),
    Shot("recordings", "/recordings/", person="alice"),
    Shot("recordings-nothing-found", "/recordings/?q=zebra&to_date=tomorrow", person="alice"),
    Shot("recording", "/recordings/", open_first_row, person="alice"),
    Shot("to-dos", "/to-dos/", person="alice"),
    Shot("to-do", "/to-dos/", open_first_row, person="alice"),
    Shot("to-do-delete", "/to-dos/", open_delete, person="alice", is_long=False),
    Shot("to-do-new", "/to-dos/new/", plan_to_do, person="alice"),
    Shot("to-do-wrong", "/to-dos/new/", send_empty_email, person="alice"),
    Shot("desk-floor", "/desk/floor/", person="olivia"),
    Shot("desk-receptionists", "/desk/receptionists/", person="olivia"),
    Shot("desk-receptionist", "/desk/receptionists/", open_first_row, person="olivia"),
    Shot("desk-skills", "/desk/skills/", person="olivia"),
    Shot("desk-answering", "/desk/answering/", person="olivia"),
    Shot("desk-terms", "/desk/answering/", open_first_row, person="olivia"),
    *(Shot(f"operator-{each}", f"/operator/{path}", do, "olivia") for each, path, do in OPERATORS),
    Shot("scripts", "/scripts/", person="alice"),
    Shot("script", "/scripts/", open_first_row, person="alice"),
    Shot("scripts-of-staff", "/scripts/", person="rita"),
    Shot("script-edit", "/scripts/", open_script, person="rita"),
    Shot("script-branch", "/scripts/", edit_branch, person="rita", is_long=False),
    Shot("script-preview", "/scripts/", try_script, person="rita"),
    Shot("script-publication", "/scripts/", open_publication, person="rita"),
    Shot("webhooks", "/webhooks/", person="alice"),
    Shot("webhook", "/webhooks/", open_first_row, person="alice"),
    Shot("webhook-new", "/webhooks/new/", make_nothing, person="alice"),
    Shot("my-profile", "/profile/", person="alice"),
    Shot("api-keys", "/keys/", person="alice"),
    Shot("api-keys-look", "/keys/", person="bob"),
    Shot("api-key-new", "/keys/new/", person="alice"),
    Shot("attendant", "/attendant/", person="alice"),
    Shot("attendant-box", "/attendant/", open_box, person="alice", is_long=False),
    Shot("attendant-list", "/attendant/?as=list", person="alice"),
    Shot("attendant-emergency", "/attendant/", open_emergency, person="alice", is_long=False),
    Shot("attendant-schedule", "/attendant/schedules/", person="alice"),
    Shot("attendant-time-machine", "/attendant/time-machine/?keys=1t2", person="alice"),
    Shot("attendant-test-call", "/attendant/test-call/", person="alice"),
    Shot("attendant-systems", "/attendant/systems/", person="alice"),
    Shot("attendant-system", "/attendant/systems/", open_first_row, person="alice"),
    Shot("attendant-system-new", "/attendant/systems/new/", save_nothing, person="alice"),
    Shot("attendant-menus", "/attendant/menus/", person="alice"),
    Shot("attendant-menu", "/attendant/menus/", open_first_row, person="alice"),
    Shot("attendant-menu-new", "/attendant/menus/new/", save_nothing, person="alice"),
    Shot("attendant-announcements", "/attendant/announcements/", person="alice"),
    Shot("attendant-announcement", "/attendant/announcements/", open_first_row, person="alice"),
    Shot("attendant-numbers", "/attendant/numbers/", person="alice"),
    Shot("attendant-number", "/attendant/numbers/", open_first_row, person="alice"),
    Shot("attendant-edited", "/attendant/systems/", describe_first, person="alice"),
    Shot("attendant-changes", "/attendant/history/draft/", person="alice"),
    Shot("attendant-publish", "/attendant/systems/", open_publish, person="alice", is_long=False),
    Shot("attendant-delete", "/attendant/systems/", open_delete, person="alice", is_long=False),
    Shot("attendant-history", "/attendant/history/", person="alice"),
    Shot("attendant-publication", "/attendant/history/", open_first_row, person="alice"),
    Shot("desk", "/desk/", person="rita"),
    Shot("desk-keys", "/desk/", open_desk_keys, person="rita", is_long=False),
    Shot("desk-call-out", "/desk/call-out/", person="rita"),
    Shot("not-found", "/no-such-page/", person="alice"),
    Shot("demo-mailbox", "/demo/mailbox"),
    Shot("demo-mail", "/demo/mailbox", open_newest_mail),
    Shot("demo-mail-html", "/demo/mailbox", open_newest_mail_as_html),
    Shot("demo-handset", "/demo/handset"),
    Shot("demo-webhooks", "/demo/webhooks"),
    Shot("api-docs", "/api/v2/docs", is_long=False),
    Shot("link", "/demo/mailbox", follow_link),
    Shot("link-acknowledged", "/demo/mailbox", acknowledge_by_link),
    Shot("link-unknown", "/ack/none"),
    Shot("messages-done", "/messages/", acknowledge_last, person="alice", is_long=False),
]
README = {"attendant", "dashboard", "messages", "messages-panel"}


def expired_link(folder: Path) -> Shot:
    """The page of a link that was good for long enough, signed with the data folder's own key."""
    kept = json.loads((folder / "secrets.json").read_text())

    class Signer(TimestampSigner):
        def timestamp(self) -> str:
            return b62_encode(int(time.time()) - MONTHS)

    signer = Signer(key=kept["django"], salt="deskbell.delivery.acknowledge", fallback_keys=[])
    return Shot("link-expired", f"/ack/{signer.sign_object([1, 1, 1])}")


def password_of(demo: dict[str, Any], name: str) -> tuple[str, str]:
    """Email address and password of one of the demo's people."""
    people = itertools.chain(demo["staff"], *(each["users"] for each in demo["accounts"]))
    person = next(each for each in people if each["name"] == name)
    return person["email"], person["password"]


def sign_in(page: Page, demo: dict[str, Any], name: str) -> None:
    """Signs a person of demo.json in."""
    email, password = password_of(demo, name)
    page.goto(f"{demo['url']}/sign-in/")
    page.fill("#login", email)
    page.fill("#password", password)
    page.click("button.btn-primary")
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    expect(page.locator("main h1").first).to_be_attached()


@contextmanager
def pages(browser: Browser, size: str, theme: Theme) -> Iterator[Page]:
    """A page of a size and theme whose console must stay free of errors."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, locale="en-US"
    )
    page = context.new_page()
    page.set_default_timeout(5_000)
    page.on("console", lambda said: complain(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complain(str(error)))
    yield page
    context.close()


def take(page: Page, shot: Shot, url: str, path: Path, *, whole: bool) -> None:
    """Goes to the page, prepares it, and writes the picture."""
    page.goto(url + shot.path)
    try:
        shot.prepare(page)
    except (PageFailed, AssertionError) as error:
        complain(f"{path.name}: cannot be prepared: {str(error).splitlines()[0]}")
        return
    page.wait_for_timeout(150)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        complain(f"{path.name}: {wide} px too wide")
    page.screenshot(path=str(path), full_page=whole)


def take_all(demo: dict[str, Any], shots: Collection[Shot], folder: Path, browser: Browser) -> None:
    """Every page, both sizes, both themes, by whoever looks at it.

    Shot by shot, not size by size: what one picture acknowledges was in the others before. Who is
    not signed in comes last, since the link of a mail acknowledges what others look at.
    """
    for person in sorted(dict.fromkeys(shot.person for shot in shots), key="".__eq__):
        mine = [shot for shot in shots if shot.person == person]
        looks = list(itertools.product(SIZES, THEMES)) if mine else []
        with ExitStack() as open_pages:
            seen = {look: open_pages.enter_context(pages(browser, *look)) for look in looks}
            for page in seen.values():
                if person:
                    sign_in(page, demo, person)
            for shot, (look, page) in itertools.product(mine, seen.items()):
                path = folder / f"{'-'.join((shot.name, *look))}.png"
                take(page, shot, demo["url"], path, whole=look[0] == "narrow" and shot.is_long)


def take_readme(demo: dict[str, Any], folder: Path, browser: Browser) -> None:
    """The four pictures of README.md."""
    with pages(browser, "wide", "light") as page:
        sign_in(page, demo, "alice")
        for shot in SHOTS:
            if shot.name in README:
                take(page, shot, demo["url"], folder / f"{shot.name}.png", whole=False)


def main() -> None:
    """Reads the arguments and takes the pictures."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("demo", type=Path, help="demo.json in the data folder")
    reader.add_argument("folder", type=Path)
    reader.add_argument("--readme", action="store_true", help="only the four of README.md")
    reader.add_argument("--only", nargs="+", metavar="NAME", help="only these pictures")
    given = reader.parse_args()
    demo = json.loads(given.demo.read_text())
    shots = [*SHOTS, expired_link(given.demo.parent)]
    if given.only:
        if unknown := set(given.only) - {shot.name for shot in shots}:
            reader.error(f"no picture is named {', '.join(sorted(unknown))}")
        shots = [shot for shot in shots if shot.name in given.only]
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        if given.readme:
            take_readme(demo, given.folder, browser)
        else:
            take_all(demo, shots, given.folder, browser)
        browser.close()


if __name__ == "__main__":
    main()
