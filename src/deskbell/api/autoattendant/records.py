"""What every record here shows first: its sid, when and by whom it was made, and its address."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from ninja import Field

from .fields import Shown, Written, written_instant

BASE = "/autoattendant"


class Kept(Protocol):
    """A row of ours that somebody made."""

    sid: Any
    created_by: Any
    created_at: Any
    updated_at: Any


class Record(Shown):
    """The first fields of a record."""

    sid: str
    date_updated: Written
    date_created: Written
    account_email: str | None = Field(
        default=None, description="The email address of whoever made it."
    )
    uri: str = Field(description="Where it can be read.")


def first_fields(row: Kept, resource: str) -> dict[str, Any]:
    """The values of a record's first fields; `resource` is its name in addresses."""
    return {
        "sid": row.sid,
        "date_updated": _at(row.updated_at),
        "date_created": _at(row.created_at),
        "account_email": row.created_by or None,
        "uri": f"{BASE}/{resource}/search/{row.sid}",
    }


def _at(instant: datetime) -> str:
    return written_instant(instant)
