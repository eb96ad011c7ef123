"""Which mails people may want about what happens. Source: seed 000, "My Profile"."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from deskbell.foundation.errors import InvalidInput


class Notice(StrEnum):
    """A mail that is sent to those who chose it; it holds links, and nothing of any message."""

    MESSAGE_TAKEN = "message_taken"
    MESSAGE_EXHAUSTED = "message_exhausted"
    NEW_SIGN_IN = "new_sign_in"
    ACCESS_CHANGED = "access_changed"


WORDS: Final = {
    Notice.MESSAGE_TAKEN: "A message was taken in one of my accounts",
    Notice.MESSAGE_EXHAUSTED: "Nobody acknowledged a message, and all levels were tried",
    Notice.NEW_SIGN_IN: "I signed in on a device that was not seen before",
    Notice.ACCESS_CHANGED: "What I may do in an account was changed",
}
DEFAULT_NOTICES: Final = frozenset({Notice.NEW_SIGN_IN, Notice.ACCESS_CHANGED})
# Staff belong to no account: these two are about accounts that one belongs to.
OF_MEMBERS: Final = frozenset({Notice.MESSAGE_TAKEN, Notice.MESSAGE_EXHAUSTED})


def checked_notices(wanted: Iterable[str]) -> list[str]:
    """Notices as they are kept. Raises InvalidInput for a name that is none."""
    names = set(wanted)
    unknown = names - {str(each) for each in Notice}
    if unknown:
        raise InvalidInput(f"There is no notice {sorted(unknown)[0]!r}", field="notices")
    return sorted(names)
