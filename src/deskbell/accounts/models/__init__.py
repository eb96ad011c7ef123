"""The tables of accounts, the people in them, their tokens and phone numbers."""

from .companies import Company
from .joining import AccessRequest, EmailChange, Invitation, WrongSignIns
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
    default_accesses,
)
from .pictures import Picture
from .tries import KnownDevice, SignInTries

__all__ = [
    "MOST_MESSAGE_DAYS",
    "MOST_RECORDING_DAYS",
    "AccessRequest",
    "Account",
    "ApiToken",
    "Company",
    "EmailChange",
    "Invitation",
    "KnownDevice",
    "Membership",
    "NumberSpan",
    "Owned",
    "OwnedManager",
    "PhoneNumber",
    "Picture",
    "Role",
    "SignInTries",
    "Staff",
    "User",
    "UserStatus",
    "UserToken",
    "WrongSignIns",
    "WrongTokens",
    "check_owner",
    "default_accesses",
]
