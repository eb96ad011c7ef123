"""Looks at recordings."""

from __future__ import annotations

from tests.looks.look import Demo, Look
from tests.looks.steps import open_first_row


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/recordings/", person="alice"),
        Look("/recordings/?q=zebra&from_date=x", person="alice"),
        Look("/recordings/", open_first_row, person="alice"),
    ]
