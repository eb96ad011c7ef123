"""Pictures of the operator's pages."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from .shot import Shot
from .steps import open_first_row, open_then

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
SHOTS = (
    Shot("operator-statements", "/operator/statements/", person="olivia"),
    Shot("operator-payments", "/operator/payments/", person="olivia"),
    Shot("operator-bank-files", "/operator/bank-files/", person="olivia"),
    Shot("operator-bank-returns", "/operator/bank-files/returns/", person="olivia"),
    Shot("audit-log-of-all", "/operator/audit/", person="olivia"),
    *(Shot(f"operator-{each}", f"/operator/{path}", do, "olivia") for each, path, do in OPERATORS),
)
