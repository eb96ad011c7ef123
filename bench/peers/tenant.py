"""An account with somebody who may do everything in it, for what is measured over HTTP."""

from __future__ import annotations

import base64
import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Django is set up by the site
    from deskbell.accounts.models import Account

AT = datetime.datetime(2026, 3, 4, 15, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Tenant:
    """The account, and the headers that sign its administrator in."""

    account: Account
    headers: dict[str, str]


def open_tenant() -> Tenant:
    """Makes the account, its administrator and a token."""
    from deskbell.accounts.actions import add_user, join, make_user_token, open_account

    account = open_account(number="W0411", name="Acme", time_zone="America/New_York", at=AT)
    user = add_user(email="alice@example.com", name="Alice", password="Ring-the-bell-1", at=AT)
    join(user=user, account=account, role="BG_ADMIN")
    token = make_user_token(user=user, at=AT)
    credentials = base64.b64encode(f"{user.sid}:{token}".encode()).decode()
    return Tenant(account, {"Authorization": f"Basic {credentials}"})
