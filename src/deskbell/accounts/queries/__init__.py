"""Reads of accounts, people, tokens and numbers."""

from .accounts import account_numbered, one_account
from .companies import (
    companies_of,
    company_name,
    company_of,
    company_of_account,
    company_shown,
)
from .members import elsewhere, invitations, leads_alone, members, staff_invitations
from .numbers import number_for, numbers_written, usage
from .people import (
    account_by_sid,
    accounts_of,
    api_tokens,
    entered,
    membership,
    rights,
    rights_in,
)
from .pictures import picture_for
from .profile import open_email_change, user_tokens
from .ways_in import known_device, open_requests, wrong_sign_ins

__all__ = [
    "account_by_sid",
    "account_numbered",
    "accounts_of",
    "api_tokens",
    "companies_of",
    "company_name",
    "company_of",
    "company_of_account",
    "company_shown",
    "elsewhere",
    "entered",
    "invitations",
    "known_device",
    "leads_alone",
    "members",
    "membership",
    "number_for",
    "numbers_written",
    "one_account",
    "open_email_change",
    "open_requests",
    "picture_for",
    "rights",
    "rights_in",
    "staff_invitations",
    "usage",
    "user_tokens",
    "wrong_sign_ins",
]
