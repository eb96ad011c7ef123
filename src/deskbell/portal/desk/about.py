"""What is known of the account and of the caller while a call is in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from deskbell.calls.models import Call
from deskbell.calls.queries import block_of, history
from deskbell.desk.models import DeskCall
from deskbell.desk.queries.forms import check_in_messages
from deskbell.foundation.durations import in_words
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope

from ..duty import on_call_now

MOST_EARLIER: Final = 5
MOST_READ_OUT: Final = 20


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier call of the caller's."""

    call: Call
    by: str
    lasted: str
    messages: Sequence[Message]


def about_context(desk_call: DeskCall, at: datetime) -> dict[str, Any]:
    """Who is on call, what the caller did before, whether they are blocked, what is to be read."""
    account_id = desk_call.account_id
    with account_scope(account_id):
        return {
            "levels": on_call_now(account_id, at),
            "earlier": _earlier(desk_call),
            "blocked": block_of(account_id, desk_call.caller_id),
            "check_in": list(check_in_messages(desk_call.account)[:MOST_READ_OUT]),
        }


def _earlier(desk_call: DeskCall) -> list[Earlier]:
    calls = history(desk_call.account_id, desk_call.caller_id, before=desk_call.call_id)
    by_call: dict[int | None, list[Message]] = {}
    found = Message.objects.filter(call_id__in=[each.pk for each in calls]).order_by("-created_at")
    for message in found:
        by_call.setdefault(message.call_id, []).append(message)
    return [
        Earlier(
            call=each,
            by=each.agent_name,
            lasted=in_words(each.connection_sec) if each.connection_sec else "",
            messages=by_call.get(each.pk, [])[:MOST_EARLIER],
        )
        for each in calls
    ]
