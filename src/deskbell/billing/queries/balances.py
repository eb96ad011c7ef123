"""What accounts owe: what was stated, less what they paid."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Sum
from django.db.models.functions import Greatest

from deskbell.accounts.models import Account

from ..models import Payment, Statement, StatementState
from ..rules.moves import COUNTS


def balance(account: Account) -> int:
    """Cents that an account owes; below zero is a credit. Needs its scope or a system scope."""
    return balances([account.pk])[account.pk]


def due(account: Account) -> int:
    """Cents that an account has to pay, 0 where it has a credit. Scope as `balance`."""
    return max(0, balance(account))


def balances(account_ids: Iterable[int]) -> dict[int, int]:
    """What each of the accounts owes, in cents, by its id; two queries.

    Payments that are on their way count, so that nobody is asked for money twice; what was given
    back does not. Needs a system scope, or that of the only account.
    """
    found = dict.fromkeys(account_ids, 0)
    stated = Statement.objects.filter(account_id__in=found, state=StatementState.ISSUED)
    for account_id, cents in stated.values_list("account_id").annotate(n=Sum("total_cents")):
        found[account_id] += cents
    paid = Payment.objects.filter(account_id__in=found, state__in=COUNTS)
    kept = Sum(Greatest(F("cents") - F("refunded_cents"), 0))  # the fee may be given back as well
    for account_id, cents in paid.values_list("account_id").annotate(n=kept):
        found[account_id] -= cents
    return found
