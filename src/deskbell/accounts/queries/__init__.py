"""Reads of accounts, people, tokens and numbers."""

from .numbers import number_for, numbers_written, usage
from .people import (
    account_by_sid,
    accounts_of,
    can_hear_recordings,
    membership,
    rights,
    use_api_token,
    user_by_token,
)

__all__ = [
    "account_by_sid",
    "accounts_of",
    "can_hear_recordings",
    "membership",
    "number_for",
    "numbers_written",
    "rights",
    "usage",
    "use_api_token",
    "user_by_token",
]
