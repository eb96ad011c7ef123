"""`doctor`: what callers and the people on call would stumble over."""

from __future__ import annotations

import argparse
import sys

from deskbell.accounts.models import Account
from deskbell.doctor.queries import findings
from deskbell.foundation import clock
from deskbell.platform.tenancy import account_scope

from .accounts import account_named


def doctor(chosen: argparse.Namespace) -> int:
    """Prints the findings about `chosen.account`, of every account without it; 1 for an error."""
    accounts = (
        [account_named(chosen.account)] if chosen.account else Account.objects.order_by("number")
    )
    is_well = True
    for account in accounts:
        is_well = _examine(account) and is_well
    return 0 if is_well else 1


def _examine(account: Account) -> bool:
    with account_scope(account.pk):
        found = findings(account.pk, at=clock.now())
    count = f"{len(found) or 'no'} finding{'' if len(found) == 1 else 's'}"
    sys.stdout.write(f"{account.number} {account.name}: {count}\n")
    for each in found:
        sys.stdout.write(f"  {each.severity:<7} {each.words}\n          {each.advice}\n")
    return all(each.severity != "error" for each in found)
