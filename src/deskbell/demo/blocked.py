"""Callers whom the demo's accounts do not want."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from deskbell.accounts.models import Account
from deskbell.calls.actions import block

_WHO: Final = (
    ("+12125550166", True, "Sells toner, and calls every morning"),
    ("+12125550167", False, "Shouts at people; put through to the owner"),
)


def add_blocked(*, account: Account, by: str, at: datetime) -> None:
    """Blocks one caller whose calls are refused and one who is only marked. Needs the scope."""
    for days, (number, is_refused, reason) in enumerate(_WHO, start=3):
        block(
            account_id=account.pk,
            caller_id=number,
            is_refused=is_refused,
            reason=reason,
            by=by,
            at=at - timedelta(days=days),
        )
