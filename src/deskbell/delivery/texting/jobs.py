"""The work that texts queue."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound, Refused, Unreachable
from deskbell.platform import jobs

from .carriers import Report, Text, carrier_named

log = logging.getLogger(__name__)
GIVEN_UP_AFTER: Final = timedelta(minutes=10)


@jobs.job("delivery.answer_text")
def answer_text(
    *, carrier: str, sender: str, to: str, body: str, reply_to: str, heard_at: str
) -> None:
    """Answers a text by its carrier's REST, where that takes no answer in the request's own.

    Tried for ten minutes: nobody remembers the question after that.
    """
    try:
        carrier_named(carrier).send(Text(sender, to, body, key=reply_to))
    except (NotFound, Refused) as error:
        log.warning("An answer to a text did not go out: %s", error)
    except Unreachable as error:
        if now() < datetime.fromisoformat(heard_at) + GIVEN_UP_AFTER:
            raise
        log.warning("An answer to a text did not go out: %s", error)


@jobs.job("delivery.text_report")
def look_again(
    *,
    account_id: int,
    delivery_id: int,
    provider_id: str,
    has_failed: bool,
    words: str,
    is_stopped: bool,
) -> None:
    """Keeps a report that came before the text counted as sent; see `reports.take`."""
    from . import reports  # which queues this very job

    report = Report(provider_id, not has_failed, has_failed, words, is_stopped)
    reports.take(report=report, account_id=account_id, delivery_id=delivery_id, at=now())
