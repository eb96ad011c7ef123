"""Who may have which kind of export. Keys are those of `models.Kind`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from deskbell.accounts.rules import Right

# None is for everybody in the account.
RIGHTS: Final[Mapping[str, Right | None]] = {
    "messages": Right.MESSAGE_EXPORT,
    "usage": None,
    "audit": Right.AUDIT_LOG,
}


def kinds_for(held: Collection[Right]) -> list[str]:
    """The kinds that somebody with these rights may have, in the order of the table."""
    return [kind for kind, right in RIGHTS.items() if right is None or right in held]
