"""Reads of plans, statements and payments."""

from .balances import balance, balances, due
from .plans import offered, one_plan, plan_of, plans_on, plans_with_counts, subscriptions

__all__ = [
    "balance",
    "balances",
    "due",
    "offered",
    "one_plan",
    "plan_of",
    "plans_on",
    "plans_with_counts",
    "subscriptions",
]
