"""Reads of plans, statements and payments."""

from .plans import offered, one_plan, plan_of, plans_on, plans_with_counts, subscriptions

__all__ = [
    "offered",
    "one_plan",
    "plan_of",
    "plans_on",
    "plans_with_counts",
    "subscriptions",
]
