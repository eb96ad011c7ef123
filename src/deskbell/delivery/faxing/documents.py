"""Documents that callers' documents name to be faxed."""

from __future__ import annotations

from typing import Final

from deskbell.foundation.errors import Refused, Unreachable
from deskbell.foundation.http import request

LARGEST: Final = 10 * 1024 * 1024


def fetched(url: str) -> bytes:
    """The PDF at a URL that a customer named, up to 10 MB.

    Raises Refused, in words, for what is not there or no PDF; Unreachable where another try may
    help.
    """
    answer = request("GET", url, most=LARGEST + 1)
    if answer.status >= 500 or answer.status in {408, 425, 429}:
        raise Unreachable(f"The document's host answered {answer.status}")
    if answer.status != 200:
        raise Refused(f"The document to fax is not there: its host answered {answer.status}")
    if len(answer.body) > LARGEST:
        raise Refused("The document to fax is larger than 10 MB")
    if not answer.body.startswith(b"%PDF-"):
        raise Refused("The document to fax is no PDF")
    return answer.body
