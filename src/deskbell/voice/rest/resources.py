"""Calls as JSON, in the shape of Twilio's Call resource.

Source: https://www.twilio.com/docs/voice/api/call-resource#call-properties
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import urlencode

from ..call import Snapshot
from .asked import ROOT

VERSION: Final = "2010-04-01"


def written(at: datetime | None) -> str | None:
    """A moment as Twilio writes it (RFC 2822, UTC as +0000)."""
    return format_datetime(at) if at is not None else None


def call_resource(seen: Snapshot) -> dict[str, Any]:
    """One call."""
    uri = f"{ROOT}/{seen.account}/Calls/{seen.sid}"
    began = seen.began
    if seen.ended is not None and seen.status == "completed":
        began = seen.ended - timedelta(seconds=seen.seconds)
    return {
        "sid": seen.sid,
        "account_sid": seen.account,
        "parent_call_sid": seen.parent_sid or None,
        "from": seen.caller,
        "from_formatted": seen.caller,
        "to": seen.called,
        "to_formatted": seen.called,
        "status": seen.status,
        "direction": seen.direction,
        "answered_by": seen.answered_by or None,
        "caller_name": seen.caller_name or None,
        "forwarded_from": seen.forwarded_from or None,
        "date_created": written(seen.began),
        "date_updated": written(seen.ended or seen.began),
        "start_time": written(began) if seen.status != "queued" else None,
        "end_time": written(seen.ended),
        "duration": str(round(seen.seconds)) if seen.status == "completed" else None,
        "price": None,
        "price_unit": "USD",
        "phone_number_sid": None,
        "group_sid": None,
        "trunk_sid": None,
        "queue_time": "0",
        "annotation": None,
        "api_version": VERSION,
        "uri": f"{uri}.json",
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
    }


def page_of(
    items: list[dict[str, Any]], *, key: str, path: str, query: dict[str, str], page: int, size: int
) -> dict[str, Any]:
    """One page of a list, as Twilio's client reads lists.

    Source: https://www.twilio.com/docs/usage/twilios-response#response-formats-list-paging-information
    """

    def uri(number: int) -> str:
        return f"{path}?{urlencode(query | {'PageSize': str(size), 'Page': str(number)})}"

    start = page * size
    shown = items[start : start + size]
    return {
        key: shown,
        "page": page,
        "page_size": size,
        "start": start,
        "end": start + max(0, len(shown) - 1),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(page - 1) if page else None,
        "next_page_uri": uri(page + 1) if start + size < len(items) else None,
        "uri": uri(page),
    }
