"""Charges and credits that the operator gives, until a statement has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import Account, User
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.text import checked_text

from ..errors import AdjustmentStated
from ..models import Adjustment, Statement
from ..rules import MOST_CENTS, money

MOST_WORDS = 200


def adjust(
    *, account: Account, cents: int, words: str, by: User | None, at: datetime
) -> Adjustment:
    """A charge, or a credit below zero, that stands on the account's next statement.

    Needs the account's scope or a system scope. Raises InvalidInput for nothing, for too much, and
    for words that are missing or too long.
    """
    if not 0 < abs(cents) <= MOST_CENTS:
        raise InvalidInput(f"Type an amount from {money(1)} to {money(MOST_CENTS)}", field="amount")
    with transaction.atomic():
        lock_account(account.pk)
        return Adjustment.objects.create(
            account=account,
            cents=cents,
            words=checked_text(words.strip(), field="words", most=MOST_WORDS, needed=True),
            created_by=by.email if by else "",
            created_at=at,
        )


def withdraw_adjustment(*, adjustment: Adjustment) -> None:
    """Takes a charge or credit away. Raises AdjustmentStated where an issued statement has it;
    one that was taken away meanwhile is left alone. Scope as `adjust`."""
    with transaction.atomic():
        lock_account(adjustment.account_id)
        found = Adjustment.objects.filter(pk=adjustment.pk).first()
        if found is None:
            return
        if found.statement is not None:
            raise AdjustmentStated(found.statement.number)
        found.delete()


def put_on(statement: Statement, adjustments: Sequence[Adjustment]) -> None:
    """These are lines of the issued statement from now on; for whoever draws it up."""
    ids = [each.pk for each in adjustments]
    Adjustment.objects.filter(pk__in=ids).update(statement=statement)
