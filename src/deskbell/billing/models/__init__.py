"""Plans, what accounts owe by them, and what they paid. Money is integer cents."""

from .payments import AutomaticPayment, Method, Payment, PaymentState, ProviderEvent
from .plans import Plan, Subscription
from .returns import BankFile, BankReturn
from .statements import (
    Adjustment,
    LineKind,
    Statement,
    StatementLine,
    StatementRun,
    StatementState,
)

__all__ = [
    "Adjustment",
    "AutomaticPayment",
    "BankFile",
    "BankReturn",
    "LineKind",
    "Method",
    "Payment",
    "PaymentState",
    "Plan",
    "ProviderEvent",
    "Statement",
    "StatementLine",
    "StatementRun",
    "StatementState",
    "Subscription",
]
