"""What goes wrong with second factors, in words for the person."""

from deskbell.foundation.errors import InvalidInput


class WrongCode(InvalidInput):
    """A code that does not count."""


class TooManyGuesses(InvalidInput):
    """Codes are not looked at for a while."""


class WrongPasskey(InvalidInput):
    """What a browser sent is not the answer of a passkey that we know to what we asked."""
