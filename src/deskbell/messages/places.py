"""From where a message can be acknowledged or passed on, in words."""

from __future__ import annotations

PLACES = {
    "portal": "in the portal",
    "receptionist": "by the receptionist",
    "desk": "when a receptionist read it out",
    "email": "by the link in an email",
    "sms": "by text",
    "call": "by a key in a call",
    "fax": "by the link on a fax",
    "webhook": "by a webhook's answer",
    "apprise": "by the link in a notification",
    "api": "over the API",
}


# An IP address is kept as proof, and is nothing to read in a list of what happened.
_WITH_ADDRESS = {"sms", "call"}


def in_words(through: str, address: str = "") -> str:
    """How somebody answered, inside a sentence: `by text from +12125550142`."""
    words = PLACES.get(through, through)
    return f"{words} from {address}" if address and through in _WITH_ADDRESS else words
