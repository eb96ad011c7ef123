"""What is paid, and the fee for paying it by card. Pure; money is integer cents."""

from __future__ import annotations

from typing import Final

from deskbell.foundation.errors import InvalidInput

from .prices import cents_of, money

MOST_PAID_CENTS: Final = 5_000_000
# Seed 000, "Select Payment Method": 1.5 % for cards, none for bank accounts.
CARD_FEE_PER_MILLE: Final = 15


def checked_amount(typed: str) -> int:
    """Cents of an amount to pay, from one cent up; more than is due becomes credit.

    Raises MissingInput, or InvalidInput for nothing, below zero, no number, or a slip of the
    finger.
    """
    cents = cents_of(typed, field="amount")
    if not 0 < cents <= MOST_PAID_CENTS:
        raise InvalidInput(
            f"An amount is {money(1)} to {money(MOST_PAID_CENTS)}; for more, call or wire it",
            field="amount",
        )
    return cents


def fee_of(cents: int, *, is_card: bool) -> int:
    """The convenience fee of a payment, half a cent rounded up."""
    return (cents * CARD_FEE_PER_MILLE + 500) // 1000 if is_card else 0
