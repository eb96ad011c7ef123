"""Reads of plans, statements and payments."""

from .balances import balance, balances, due
from .plans import offered, one_plan, plan_of, plans_on, plans_with_counts, subscriptions
from .statements import (
    adjustments_waiting,
    all_statements,
    one_statement,
    runs,
    statement_before,
    statements,
    totals_of_months,
)

__all__ = [
    "adjustments_waiting",
    "all_statements",
    "balance",
    "balances",
    "due",
    "offered",
    "one_plan",
    "one_statement",
    "plan_of",
    "plans_on",
    "plans_with_counts",
    "runs",
    "statement_before",
    "statements",
    "subscriptions",
    "totals_of_months",
]
