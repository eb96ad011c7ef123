"""What the pages of API keys show: the columns of their lists, and who may do what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.timezone import localtime

from deskbell.accounts.models import ApiToken
from deskbell.accounts.rules import Right
from deskbell.accounts.scopes import WORDS, Scope

from ..attendant.listing import Asked, Column
from ..rights import has, words_of
from ..tenancy import PortalRequest

ACTIVE: Final = ""
REVOKED: Final = "revoked"


def scope_words(token: ApiToken) -> str:
    """What a token may do, in words; all of it in one word."""
    held = [WORDS[each] for each in Scope if each in token.scopes]
    return "Everything" if len(held) == len(Scope) else ", ".join(held)


def _day(at: datetime | None) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""


COLUMNS: Final[list[Column[ApiToken]]] = [
    Column("name", "Name", lambda row: row.name),
    Column("scopes", "It may", scope_words),
    Column("created", "Made", lambda row: _day(row.created_at), lambda row: row.created_at, "desc"),
    Column("by", "Made by", lambda row: row.created_by),
    Column(
        "used",
        "Last used",
        lambda row: _day(row.last_used_at),
        lambda row: row.last_used_at.timestamp() if row.last_used_at else 0,
        "desc",
    ),
    Column("count", "Uses", lambda row: str(row.use_count), lambda row: row.use_count, "desc"),
]


def rows_of(tokens: Sequence[ApiToken], asked: Asked) -> list[ApiToken]:
    """Those that work, or those that were revoked."""
    is_over = asked.show == REVOKED
    return [each for each in tokens if (each.revoked_at is not None) == is_over]


def manages(request: PortalRequest) -> bool:
    """Whether the person may see and make the account's tokens."""
    return has(request, Right.API_KEYS)


def look_only() -> str:
    """What somebody without that right is told."""
    return words_of(Right.API_KEYS)
