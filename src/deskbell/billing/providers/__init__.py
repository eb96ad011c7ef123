"""Who takes the money: one module each, and one line here.

A provider moves money and keeps the numbers; this room keeps what it was for. Providers know
neither each other nor what an account owes.
"""

from .provider import (
    BankNumbers,
    Browser,
    CardNumbers,
    Event,
    Means,
    Order,
    Outcome,
    OwnFields,
    Provider,
    ProviderTrouble,
)

__all__ = [
    "BankNumbers",
    "Browser",
    "CardNumbers",
    "Event",
    "Means",
    "Order",
    "Outcome",
    "OwnFields",
    "Provider",
    "ProviderTrouble",
]
