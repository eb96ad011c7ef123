"""The only writes to plans, statements and payments."""

from .adjustments import MOST_WORDS, adjust, withdraw_adjustment
from .agreed import Agreed
from .agreements import MOST_FAILURES, begin_automatic, end_automatic
from .automatic import pay_statement
from .bank_files import Read, content_of, make_bank_file, read_returns
from .payments import (
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
from .recorded import BY_HAND, came_back, record_payment
from .statements import make_due_statements, make_statements, remake

__all__ = [
    "BY_HAND",
    "MAX_NAME",
    "MOST_FAILURES",
    "MOST_WORDS",
    "Agreed",
    "PlanFields",
    "Read",
    "add_plan",
    "adjust",
    "begin_automatic",
    "came_back",
    "carry_out",
    "content_of",
    "edit_plan",
    "end_automatic",
    "hold_plan",
    "make_bank_file",
    "make_due_statements",
    "make_statements",
    "offer_plan",
    "pay_statement",
    "read_returns",
    "record_payment",
    "refresh",
    "refresh_later",
    "remake",
    "remove_plan",
    "settle",
    "start_payment",
    "subscribe",
    "take_back",
    "take_event",
    "withdraw_adjustment",
    "withdraw_plan",
]
