"""Messages over the API: find them, read one, acknowledge it, see what happened to it.

Source: seed 000, "Messages API v2"; design, portal API, "Messages".
"""

from __future__ import annotations

import functools

from django.http import HttpResponse
from ninja import Field, Query, Router

from deskbell.accounts.models import Account
from deskbell.foundation import clock
from deskbell.messages import actions, queries
from deskbell.messages.models import Message
from deskbell.platform.addresses import address_of

from . import rows, shapes
from .auth import Scope, TokenRequest, needs
from .errors import BadMessagesToken
from .paging import Paging, lead_on
from .parameters import Days, Id, Instant, Text

router = Router(tags=["Messages"])
READ = needs(Scope.MESSAGES_READ, BadMessagesToken)
WRITE = needs(Scope.MESSAGES_WRITE, BadMessagesToken)
MISSING = shapes.TokenFault | shapes.Fault


class Filters(Days):
    """Which messages to list; those that meet all that is given."""

    status: shapes.Status | None = Field(None, description="In this state.")
    q: Text = Field(
        "",
        max_length=200,
        description='All of these words and "phrases", in name, company, numbers, content,'
        " answers or notes. Letters are found whatever their case and accents.",
    )
    updated_since: Instant | None = Field(
        None, description="Changed at this instant or later, as 2026-03-04T15:00:20.671Z."
    )


@router.get(
    "/messages",
    response={
        200: shapes.MessagesAnswer,
        403: shapes.Fault,
        404: shapes.TokenFault,
        422: shapes.Fault,
    },
    summary="List messages",
    **READ,
)
def list_messages(
    request: TokenRequest, filters: Query[Filters], paging: Query[Paging]
) -> HttpResponse:
    """The account's messages, newest first.

    X-Total-Count says how many there are on all pages; Link leads to the first, previous, next and
    last page. Where filters leave more than 10,000, X-Total-Count is 10000, X-Total-Count-Exact is
    false, and Link names no last page.
    """
    wanted = _wanted(filters, request.auth.account)
    total = queries.how_many(wanted)
    if paging.page == 1 and not wanted.search:
        answer = rows.answer_of(_first_page(request.auth.account_id, wanted, paging.per_page))
    else:
        found = queries.page(wanted, start=paging.start, size=paging.per_page, total=total)
        answer = rows.many(found, shapes.Message)
    lead_on(answer, request, paging, total)
    return answer


@router.get(
    "/messages/{message_id}",
    response={200: shapes.MessageAnswer, 403: shapes.Fault, 404: MISSING},
    summary="Get a single message",
    **READ,
)
def get_message(request: TokenRequest, message_id: Id) -> HttpResponse:  # noqa: ARG001 ninja passes it
    """One message. Reading it here does not mark it as read: only a person's look does."""
    return rows.one(Message.objects.filter(pk=message_id), shapes.Message)


@router.post(
    "/messages/{message_id}/acknowledge",
    response={200: shapes.MessageAnswer, 403: shapes.Fault, 404: MISSING, 409: shapes.Fault},
    summary="Acknowledge a message",
    **WRITE,
)
def acknowledge_message(request: TokenRequest, message_id: Id) -> HttpResponse:
    """Says that somebody takes care of it, under the token's name: its escalation stops at once.

    The answer is the message as it is now. Where it was acknowledged before, the answer is 409 and
    says by whom.
    """
    message = queries.one(message_id)
    actions.acknowledge(
        message=message,
        by=request.auth.name or "an API token",
        at=clock.now(),
        through="api",
        address=address_of(request),
    )
    return rows.one(Message.objects.filter(pk=message_id), shapes.Message)


@router.get(
    "/messages/{message_id}/activities",
    response={200: shapes.ActivitiesAnswer, 403: shapes.Fault, 404: MISSING, 422: shapes.Fault},
    summary="List a message's activities",
    **READ,
)
def list_activities(request: TokenRequest, message_id: Id, paging: Query[Paging]) -> HttpResponse:
    """What happened to a message, oldest first: each delivery, escalation and acknowledgement."""
    found = queries.activities_of(queries.one(message_id))
    answer = rows.many(paging.of(found), shapes.Activity)
    lead_on(answer, request, paging, found.count())
    return answer


def _wanted(filters: Filters, account: Account) -> queries.Wanted:
    return queries.Wanted(
        search=filters.q,
        since=filters.since(account.time_zone),
        until=filters.until(account.time_zone),
        status=filters.status or "",
        updated_since=filters.updated_since,
    )


@functools.lru_cache(maxsize=1000)
def _first_page(_account_id: int, wanted: queries.Wanted, size: int) -> rows.Statement | None:
    """What asks for a list's first page, which is the one that programs ask for again and again.

    Putting it together takes as long as the database does to answer. It depends on nothing but its
    arguments and the account whose scope is entered.
    """
    return rows.statement(queries.page(wanted, start=0, size=size), shapes.Message)
