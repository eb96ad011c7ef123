"""One request that tells a receiver a notice: signed, sent, and what came back in words.

Signed as our delivery webhooks are. Touches no rows, so that several may be under way at once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from deskbell.delivery.transports.webhook.signature import HEADER, sign
from deskbell.delivery.transports.webhook.transport import retry_after
from deskbell.delivery.wording import one_line
from deskbell.foundation import http
from deskbell.foundation.errors import Refused, Unreachable

from .rules import ANSWER_LIMIT, SIDE_BY_SIDE, is_success

log = logging.getLogger(__name__)
MOST_QUOTED = 400
_MOST_READ = 4 * MOST_QUOTED


@dataclass(frozen=True, slots=True)
class Request:
    """What goes out: the body as it is signed, and the notice's own names."""

    url: str
    secret: str
    body: str
    uuid: UUID
    happening: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status (None where nothing did), in words, how long it took."""

    status: int | None
    words: str
    took: timedelta = timedelta(0)
    retry_after: timedelta | None = None
    is_final: bool = False

    @property
    def is_success(self) -> bool:
        """Whether the receiver took it."""
        return is_success(self.status)

    @property
    def is_silence(self) -> bool:
        """Whether the receiver gave no answer at all."""
        return self.status is None and not self.is_final


def post_all(requests: Sequence[Request]) -> list[Answer]:
    """Sends them side by side, in ten seconds at most; the answers in their order. Never raises."""
    if len(requests) == 1:
        return [post(requests[0])]
    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="webhooks") as threads:
        return list(threads.map(post, requests))


def post(request: Request) -> Answer:
    """Sends one. Never raises: what goes wrong is an answer in words."""
    began = time.monotonic()
    try:
        found = _read(_ask(request), request.sent_at)
    except Refused as error:
        found = Answer(None, one_line(str(error), MOST_QUOTED), is_final=True)
    except Unreachable as error:
        found = Answer(None, one_line(str(error), MOST_QUOTED))
    except Exception:  # a fault of ours with one notice must not stop the others
        log.exception("A webhook could not be sent")
        found = Answer(None, "A fault of ours, which was written down")
    took = timedelta(seconds=time.monotonic() - began)
    return Answer(found.status, found.words, took, found.retry_after, found.is_final)


def _ask(request: Request) -> http.Answer:
    body = request.body.encode()
    return http.request(
        "POST",
        request.url,
        body=body,
        headers={
            "Content-Type": "application/json",
            "User-Agent": "Deskbell/1",
            "Idempotency-Key": str(request.uuid),
            "Deskbell-Event": request.happening,
            HEADER: sign(request.secret, body, request.sent_at),
        },
        timeout=ANSWER_LIMIT.total_seconds(),
        most=_MOST_READ,
    )


def _read(answer: http.Answer, sent_at: datetime) -> Answer:
    words = one_line(answer.body.decode("utf-8", "replace"), MOST_QUOTED)
    if 300 <= answer.status < 400:
        words = "It leads elsewhere, and redirects are not followed; give the final address"
    wait = None
    if not is_success(answer.status):
        wait = retry_after(answer.headers.get("retry-after", ""), sent_at)
    return Answer(answer.status, words, retry_after=wait)
