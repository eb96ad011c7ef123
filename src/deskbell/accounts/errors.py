"""What can go wrong with accounts and people. The codes are the Auto Attendant API's."""

from __future__ import annotations

from deskbell.foundation.errors import Conflict, InvalidInput, NotFound


class AccountNotFound(NotFound):
    """No such account, or one that is not this person's (467)."""


class EmailTaken(Conflict):
    """Another user has this email address (484)."""


class UserNotFound(NotFound):
    """No such user in this account (487)."""


class UserElsewhere(Conflict):
    """The person belongs to another account, so this one cannot change it (505)."""


class PasswordTooWeak(InvalidInput):
    """The password does not meet the portal's rule (499)."""


class NumberNotFound(NotFound):
    """No such phone number in this account (491)."""


class NotAnExtension(Conflict):
    """A number is named as an extension and is none (493)."""


class NumberTaken(Conflict):
    """The number is in use, in this account or another (510)."""


class ExtensionTaken(Conflict):
    """Another extension of this account has this extension number (512)."""
