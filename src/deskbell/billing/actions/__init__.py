"""The only writes to plans, statements and payments."""

from .plans import (
    MAX_NAME,
    PlanFields,
    add_plan,
    edit_plan,
    hold_plan,
    offer_plan,
    remove_plan,
    subscribe,
    take_back,
    withdraw_plan,
)

__all__ = [
    "MAX_NAME",
    "PlanFields",
    "add_plan",
    "edit_plan",
    "hold_plan",
    "offer_plan",
    "remove_plan",
    "subscribe",
    "take_back",
    "withdraw_plan",
]
