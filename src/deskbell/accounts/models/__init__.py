"""The tables of accounts, the people in them, their tokens and phone numbers."""

from .numbers import NumberSpan, PhoneNumber
from .owned import Owned, OwnedManager, check_owner
from .people import (
    MOST_MESSAGE_DAYS,
    MOST_RECORDING_DAYS,
    Account,
    ApiToken,
    Membership,
    Role,
    Staff,
    User,
    UserStatus,
    UserToken,
    WrongTokens,
)

__all__ = [
    "MOST_MESSAGE_DAYS",
    "MOST_RECORDING_DAYS",
    "Account",
    "ApiToken",
    "Membership",
    "NumberSpan",
    "Owned",
    "OwnedManager",
    "PhoneNumber",
    "Role",
    "Staff",
    "User",
    "UserStatus",
    "UserToken",
    "WrongTokens",
    "check_owner",
]
