"""The only writes to plans, statements and payments."""

from .payments import (
    Agreed,
    carry_out,
    refresh,
    refresh_later,
    settle,
    start_payment,
    take_event,
)
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
    "Agreed",
    "PlanFields",
    "add_plan",
    "carry_out",
    "edit_plan",
    "hold_plan",
    "offer_plan",
    "refresh",
    "refresh_later",
    "remove_plan",
    "settle",
    "start_payment",
    "subscribe",
    "take_back",
    "take_event",
    "withdraw_plan",
]
