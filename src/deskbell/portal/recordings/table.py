"""The list of recordings as a table for spreadsheets: what is known of each, and no audio."""

from __future__ import annotations

from typing import Final

from django.utils.timezone import localtime

from deskbell.accounts.models import Account
from deskbell.calls.queries import recordings

from ..attendant.listing import Column
from .asked import Asked, meant
from .shown import Heard, heard

MOST_IN_CSV: Final = 10_000
CSV: Final[list[Column[Heard]]] = [
    Column("id", "ID", lambda line: str(line.recording.pk)),
    Column(
        "started_at",
        "Recorded",
        lambda line: f"{localtime(line.recording.started_at):%Y-%m-%d %H:%M:%S}",
    ),
    Column("name", "Caller", lambda line: line.recording.call.caller_name),
    Column("from", "From", lambda line: line.number),
    Column("number", "Number called", lambda line: line.called),
    Column("agent", "Taken by", lambda line: line.recording.call.agent_name),
    Column("seconds", "Seconds", lambda line: f"{line.seconds:.0f}"),
    Column("message", "Message", lambda line: str(line.message_id or "")),
    Column("transcript", "What was said", lambda line: line.recording.transcript),
]


def everything(account: Account, asked: Asked) -> list[Heard] | None:
    """The rows of all pages, 10,000 at most; two queries, and one where a number is asked for.

    None where a filter is wrong: without it there would be more than was meant.
    """
    means = meant(account, asked)
    if means.errors:
        return None
    found = recordings(means.wanted, sort=asked.sort, descending=asked.dir == "desc")
    return heard(found[:MOST_IN_CSV])
