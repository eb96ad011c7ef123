"""What can go wrong with accounts and people. The codes are the Auto Attendant API's."""

from __future__ import annotations

from deskbell.foundation.errors import Conflict, DeskbellError, InvalidInput, NotFound


class Named(DeskbellError):
    """An error about something that has a sid; `sid` is empty where none is meant."""

    def __init__(self, message: str, *, sid: str = "") -> None:
        super().__init__(message)
        self.sid = sid


class AccountNotFound(Named, NotFound):
    """No such account, or one that is not this person's (467)."""


class EmailTaken(Conflict):
    """Another user has this email address (484)."""


class UserNotFound(Named, NotFound):
    """No such user in this account (487)."""


class UserElsewhere(Named, Conflict):
    """The person belongs to another account, so this one cannot change it (505)."""


class PasswordTooWeak(InvalidInput):
    """The password does not meet the portal's rule (499)."""


class NumberNotFound(Named, NotFound):
    """No such phone number in this account (491)."""


class NotAnExtension(Named, Conflict):
    """A number is named as an extension and is none (493)."""


class NumberTaken(Conflict):
    """The number is in use, in this account or another (510)."""


class ExtensionTaken(Named, Conflict):
    """Another extension of this account has this extension number (512); `sid` is its sid."""


class TooOften(DeskbellError):
    """Too many requests, or too many wrong tokens; `seconds` until the next one is answered."""

    def __init__(self, message: str, *, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class TokenNotFound(NotFound):
    """No such API token in this account, or it was revoked before."""


class LastOne(Named, Conflict):
    """The last administrator of an account, or the last operator, would be gone (505)."""


class InvitationNotFound(NotFound):
    """No invitation has this link, or not any more."""


class InvitationOver(Conflict):
    """The invitation was accepted, withdrawn, or is too old."""


class OtherPerson(Conflict):
    """Somebody else is signed in than the one who was invited."""


class SignInFirst(Conflict):
    """The invited address signs in here already, and has to before it joins."""
