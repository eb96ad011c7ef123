"""Money and what it is owed for. Pure."""

from .prices import (
    INCREMENTS,
    MOST_CENTS,
    MOST_MINUTES,
    cents_of,
    checked_cents,
    checked_increment,
    checked_minutes,
    dollars_of,
    money,
)

__all__ = [
    "INCREMENTS",
    "MOST_CENTS",
    "MOST_MINUTES",
    "cents_of",
    "checked_cents",
    "checked_increment",
    "checked_minutes",
    "dollars_of",
    "money",
]
