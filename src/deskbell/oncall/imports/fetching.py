"""Getting a calendar from an address that a person names. Source: design, on call, "Feeds"."""

from __future__ import annotations

import time
from urllib.parse import urljoin

from deskbell.foundation import http
from deskbell.foundation.errors import DeskbellError, InvalidInput

from .lines import MOST_BYTES

_SECONDS = 15.0
_MOST_MOVES = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_WHOLE = 200


def fetch(url: str) -> bytes:
    """The calendar at a web address; `webcal://` is read as `https://`.

    Asks that address and up to three that it leads on to, for 15 s in all, and reads 2 MB at most.
    Raises InvalidInput, in words, for addresses on private networks, for what cannot be
    reached, and for an answer that is no calendar.
    """
    url = url.strip()
    if url[:9].lower() == "webcal://":
        url = f"https://{url[9:]}"
    deadline = time.monotonic() + _SECONDS
    for _ in range(_MOST_MOVES + 1):
        try:
            answer = http.request(
                "GET",
                url,
                headers={"Accept": "text/calendar, */*;q=0.1"},
                timeout=max(0.1, deadline - time.monotonic()),
                most=MOST_BYTES + 1,
            )
        except DeskbellError as error:
            raise InvalidInput(str(error), field="url") from error
        if answer.status not in _MOVED:
            break
        url = urljoin(url, answer.headers.get("location", ""))
    if answer.status != _WHOLE:
        raise InvalidInput(
            f"There is no calendar at this address: it answers {answer.status}", field="url"
        )
    return answer.body
