"""Looks at to-dos."""

from __future__ import annotations

from tests.looks.look import Demo, Look
from tests.looks.steps import open_delete, open_first_row, save_empty


def looks(demo: Demo) -> list[Look]:
    """The pages, and what they look like while somebody works with them."""
    return [
        Look("/to-dos/", person="alice"),
        Look("/to-dos/", open_first_row, person="alice"),
        Look("/to-dos/", open_delete, person="alice"),
        Look("/to-dos/?q=zebra", person="alice"),
        Look("/to-dos/new/", save_empty, person="alice"),
    ]
