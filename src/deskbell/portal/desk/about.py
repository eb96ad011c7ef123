"""What is known of the account and of the caller while a call is in hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from deskbell.accounts.queries import company_shown
from deskbell.calls.models import Call
from deskbell.calls.queries import block_of, history
from deskbell.contacts.queries import who_calls
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
    disposition: str
    messages: Sequence[Message]


def about_context(desk_call: DeskCall, at: datetime) -> dict[str, Any]:
    """The company, who is on call, whose number calls, what the caller did before, whether they are
    blocked, and what is to be read out."""
    account_id = desk_call.account_id
    with account_scope(account_id):
        return {
            "business": company_shown(desk_call.account, desk_call.number),
            "levels": on_call_now(account_id, at),
            "contact": who_calls(desk_call.caller_id, country=desk_call.account.country),
            "earlier": _earlier(desk_call),
            "blocked": block_of(account_id, desk_call.caller_id),
            "check_in": _to_read_out(desk_call)[:MOST_READ_OUT],
        }


def _to_read_out(desk_call: DeskCall) -> list[Message]:
    """What waits for the account to call in; whoever leaves it in this call knows it."""
    waiting = check_in_messages(desk_call.account)
    return [each for each in waiting if each.call_id != desk_call.call_id]


def _earlier(desk_call: DeskCall) -> list[Earlier]:
    calls = history(desk_call.account_id, desk_call.caller_id, before=desk_call.call_id)
    by_call: dict[int | None, list[Message]] = {}
    found = Message.objects.filter(call_id__in=[each.pk for each in calls]).order_by("-created_at")
    for message in found:
        by_call.setdefault(message.call_id, []).append(message)
    went = _dispositions(each.pk for each in calls)
    return [
        Earlier(
            call=each,
            by=each.agent_name,
            lasted=in_words(each.connection_sec) if each.connection_sec else "",
            disposition=went.get(each.pk, ""),
            messages=by_call.get(each.pk, [])[:MOST_EARLIER],
        )
        for each in calls
    ]


def _dispositions(call_ids: Iterable[int]) -> dict[int | None, str]:
    """How calls went, as receptionists noted it, by the ids of their records."""
    found = DeskCall.objects.filter(call_id__in=list(call_ids)).exclude(disposition="")
    return dict(found.order_by("pk").values_list("call_id", "disposition"))
