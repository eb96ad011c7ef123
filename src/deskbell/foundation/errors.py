"""One tree of errors for all rooms.

Each says in words what is wrong and what would be right; `api.errors` and the portal map the
branches to HTTP, so no room below them knows a status code.
"""

from __future__ import annotations


class DeskbellError(Exception):
    """Anything that Deskbell raises on purpose; `str(error)` is fit to show to a person."""


class InvalidInput(DeskbellError):
    """Input that cannot be accepted; `field` names the culprit where there is one."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class MissingInput(InvalidInput):
    """Something that is needed was not given; `field` says what."""


class NotFound(DeskbellError):
    """No such thing, or it belongs to somebody else: the two are never told apart."""


class NotAllowed(DeskbellError):
    """The person is known but may not do this."""


class NotSignedIn(DeskbellError):
    """No valid sign-in, token or signature came with the request."""


class Conflict(DeskbellError):
    """The thing is in a state, or in a use, that does not allow this."""


class OutOfScope(DeskbellError):
    """Rows of accounts were touched outside any tenancy scope: a fault in our code."""


class Unreachable(DeskbellError):
    """Another machine did not answer, or answered that it cannot; worth another try."""


class Refused(DeskbellError):
    """Another machine answered, and will say the same next time."""
