"""What can go wrong with accounts and the people in them."""

from __future__ import annotations

from deskbell.foundation.errors import Conflict


class EmailTaken(Conflict):
    """Another user has this email address."""


class NumberTaken(Conflict):
    """The number, or the extension number within the account, is in use."""
