"""Looks at webhooks."""

from __future__ import annotations

from tests.looks.look import Demo, Look
from tests.looks.steps import make_nothing, open_first_row


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/webhooks/", person="alice"),
        Look("/webhooks/", open_first_row, person="alice"),
        Look("/webhooks/new/", make_nothing, person="alice"),
    ]
