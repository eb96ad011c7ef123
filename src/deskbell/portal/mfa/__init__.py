"""Second factors: authenticator apps, passkeys, recovery codes, and who needs one.

allauth keeps the factors and leads through a sign-in; what a code has to be, the pages and their
words are ours. Sources: seed 000, "My Profile" (MFA); RFC 4226, RFC 6238; W3C WebAuthn Level 2.

This is the door for other pages. It loads what it needs when it is asked, because the package is
imported before Django's apps are ready.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Exists
    from django.http import HttpRequest

    from deskbell.accounts.models import User


def has_mfa(user: User) -> bool:
    """Whether a person has a second factor: an authenticator app or a passkey. One query."""
    from . import standing

    return standing.has_mfa(user)


def having_mfa(user_ids: Iterable[int]) -> frozenset[int]:
    """Those of the people (by id) who have a second factor; one query for a whole list."""
    from . import standing

    return standing.having_mfa(user_ids)


def in_rows() -> Exists:
    """Whether a row of people has a second factor: a condition for queries of them."""
    from . import standing

    return standing.in_rows()


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether somebody proved a second factor in this session; a trusted device alone did not."""
    from . import standing

    return standing.passed_second_factor(request)


def reset(*, user: User, by: User | None, at: datetime) -> None:
    """Removes every second factor of a person, ends their sessions, and tells them by mail.

    `by` is an operator, or an administrator of the only account that the person belongs to; None
    is whoever runs a command on the machine. Raises NotAllowed, and Conflict where there is none.
    """
    from . import resetting

    resetting.reset(user=user, by=by, at=at)


def may_reset(user: User, by: User) -> bool:
    """Whether `by` may remove the second factor of `user`."""
    from . import resetting

    return resetting.may_reset(user, by)


__all__ = ["has_mfa", "having_mfa", "in_rows", "may_reset", "passed_second_factor", "reset"]
