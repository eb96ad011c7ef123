"""Addresses at which a recording can be heard for a while, by whoever has them.

A link is a key to one recording: it names the account whose row may be read, says until when it is
good, and is signed with the deployment's key. Nobody signs in for it, so it is made only for
somebody with the Call Recording right, or for a token with the scope.
Source: design, portal API, "Call recordings"; seed 000, "List Call Recordings" (`recording`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from deskbell.foundation.errors import InvalidInput, NotAllowed

from .models import Recording

AN_HOUR: Final = 3600
_SALT: Final = "deskbell.calls.audio"
_NUMBER: Final = re.compile(r"\d{1,18}", re.ASCII)


class LinkRefused(NotAllowed):
    """A link that opens nothing: forged, not complete, or too old."""


def audio_url(
    recording: Recording, *, at: datetime, seconds: int = AN_HOUR, as_file: bool = False
) -> str:
    """The address of a recording's audio, whole, good for `seconds` from `at` on.

    With `as_file` browsers save it instead of playing it. Asks the database nothing. Raises
    InvalidInput where it would be good for no time at all.
    """
    public_url = settings.ENVIRONMENT.public_url
    return f"{public_url}{audio_path(recording, at=at, seconds=seconds, as_file=as_file)}"


def audio_path(
    recording: Recording, *, at: datetime, seconds: int = AN_HOUR, as_file: bool = False
) -> str:
    """The same without the host, for pages, which may be open under another name of it."""
    if seconds < 1:
        raise InvalidInput("A link is good for at least one second", field="seconds")
    account, until = str(recording.account_id), str(int(at.timestamp()) + seconds)
    named = {"account": account, "until": until} | ({"file": "1"} if as_file else {})
    key = _key(recording.sid, account, until, named.get("file", ""))
    return f"/recordings/{recording.sid}.wav?{urlencode(named | {'key': key})}"


def opened(sid: str, query: Mapping[str, str], *, at: datetime) -> int:
    """The account that a link's query string names, once it proves to be ours and in time.

    Raises LinkRefused, in words.
    """
    account, until = query.get("account", ""), query.get("until", "")
    expected = _key(sid, account, until, query.get("file", ""))
    is_whole = _NUMBER.fullmatch(account) and _NUMBER.fullmatch(until)
    if not is_whole or not constant_time_compare(query.get("key", ""), expected):
        raise LinkRefused(
            "This link is not one of ours, or is not complete. Copy all of it, or ask for a new one"
        )
    if at.timestamp() >= int(until):
        raise LinkRefused("This link has expired. Ask for the recording again to get a new one")
    return int(account)


def _key(*parts: str) -> str:
    return salted_hmac(_SALT, "\n".join(parts), algorithm="sha256").hexdigest()
