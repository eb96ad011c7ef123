"""Reads of plans, statements and payments."""

from .balances import balance, balances, due
from .bank_files import (
    bank_files,
    bank_returns,
    one_bank_file,
    payments_of_traces,
    waiting_sums,
)
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
    "bank_files",
    "bank_returns",
    "due",
    "offered",
    "one_bank_file",
    "one_plan",
    "one_statement",
    "payments_of_traces",
    "plan_of",
    "plans_on",
    "plans_with_counts",
    "runs",
    "statement_before",
    "statements",
    "subscriptions",
    "totals_of_months",
    "waiting_sums",
]
