"""What a calendar looks like between two instants."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from .shapes import Bar


def picture(
    account_id: int, *, since: datetime, until: datetime, level_ids: Collection[int] | None = None
) -> list[Bar]:
    """To come."""
    raise NotImplementedError
