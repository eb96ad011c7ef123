"""Requests whose changes are taken back, so that one world serves many of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Takes back what was written to the database in it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
