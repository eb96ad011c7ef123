"""Reads of accounts, people, tokens and numbers."""

from .numbers import number_for, numbers_written, usage
from .people import (
    account_by_sid,
    accounts_of,
    api_tokens,
    membership,
    rights,
    user_by_token,
)

__all__ = [
    "account_by_sid",
    "accounts_of",
    "api_tokens",
    "membership",
    "number_for",
    "numbers_written",
    "rights",
    "usage",
    "user_by_token",
]
