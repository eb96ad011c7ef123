"""Webhooks over the API: who is told of what happens to messages, and what they were told.

Source: design, portal API, "Messages". A webhook's content is not shown here, because a token that
may look at webhooks need not be one that may read messages.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Query, Router

from deskbell import audit
from deskbell.foundation import clock
from deskbell.webhooks import actions, queries
from deskbell.webhooks.bodies import in_api
from deskbell.webhooks.models import Attempt, Notice, Subscription

from . import rows, shapes
from . import webhook_shapes as shown
from .auth import Scope, TokenRequest, needs
from .paging import Paging, lead_on
from .parameters import Id

router = Router(tags=["Webhooks"])
READ = needs(Scope.WEBHOOKS_READ)
WRITE = needs(Scope.WEBHOOKS_WRITE)
FAULTS = {401: shapes.Fault, 403: shapes.Fault}
OF_ONE = {**FAULTS, 404: shapes.Fault}
GIVEN = {400: shapes.Fault, 422: shapes.Fault}


@router.get(
    "/webhooks",
    response={200: shown.WebhooksAnswer, **FAULTS, 422: shapes.Fault},
    summary="List webhooks",
    **READ,
)
def list_webhooks(request: TokenRequest, paging: Query[Paging]) -> HttpResponse:
    """The account's webhooks, in the order in which they were made; twenty at most."""
    found = queries.subscriptions()
    answer = rows.many(paging.of(found), shown.Webhook)
    lead_on(answer, request, paging, found.count())
    return answer


@router.post(
    "/webhooks",
    response={201: shown.SecretAnswer, **FAULTS, **GIVEN, 409: shapes.Fault},
    summary="Make a webhook",
    **WRITE,
)
def make_webhook(request: TokenRequest, given: shown.NewWebhook) -> HttpResponse:
    """Has an address told of what happens, from now on, by signed requests.

    The answer has the secret, which is never shown again. 409 where the account has as many as it
    may.
    """
    made, secret = actions.subscribe(
        account_id=request.auth.account_id,
        url=given.url,
        events=given.events,
        by=request.auth.name or "an API token",
        at=clock.now(),
    )
    audit.note(request, subject=f"webhook {made.pk}", changes={"url": ("", made.url)})
    return _with_secret(made, secret, status=201)


@router.get(
    "/webhooks/{webhook_id}",
    response={200: shown.WebhookAnswer, **OF_ONE},
    summary="Get a single webhook",
    **READ,
)
def get_webhook(request: TokenRequest, webhook_id: Id) -> HttpResponse:  # noqa: ARG001 ninja passes it
    """One webhook, and how its last attempt went."""
    return rows.one(queries.subscriptions().filter(pk=webhook_id), shown.Webhook)


@router.patch(
    "/webhooks/{webhook_id}",
    response={200: shown.WebhookAnswer, **OF_ONE, **GIVEN},
    summary="Change, pause or resume a webhook",
    **WRITE,
)
def change_webhook(
    request: TokenRequest,
    webhook_id: Id,
    given: shown.WebhookChanges,
) -> HttpResponse:
    """Changes what is given, and answers the webhook as it then is."""
    before, at = queries.one(webhook_id), clock.now()
    found = actions.edit(subscription=before, url=given.url, events=given.events, at=at)
    if given.is_paused is not None and given.is_paused != found.is_paused:
        change = actions.pause if given.is_paused else actions.resume
        change(subscription=found, at=at)
        audit.note(request, changes={"is_paused": (before.is_paused, given.is_paused)})
    audit.note(request, changes=audit.differences(before, found, "url", "events"))
    return rows.one(queries.subscriptions().filter(pk=webhook_id), shown.Webhook)


@router.delete(
    "/webhooks/{webhook_id}",
    response={204: None, **OF_ONE},
    summary="Delete a webhook",
    **WRITE,
)
def delete_webhook(request: TokenRequest, webhook_id: Id) -> HttpResponse:  # noqa: ARG001 ninja passes it
    """Takes a webhook away, with all it was told; nothing more is sent."""
    actions.remove(subscription=queries.one(webhook_id), at=clock.now())
    return HttpResponse(status=204)


@router.post(
    "/webhooks/{webhook_id}/new_secret",
    response={200: shown.SecretAnswer, **OF_ONE},
    summary="Give a webhook a new secret",
    **WRITE,
)
def give_new_secret(request: TokenRequest, webhook_id: Id) -> HttpResponse:  # noqa: ARG001 ninja passes it
    """Signs with another secret from now on, which the answer has, and which is never shown
    again."""
    found = queries.one(webhook_id)
    return _with_secret(*actions.new_secret(subscription=found, at=clock.now()), status=200)


@router.post(
    "/webhooks/{webhook_id}/send_test",
    response={202: shown.NoticeAnswer, **OF_ONE, 409: shapes.Fault},
    summary="Send a test",
    **WRITE,
)
def send_test(request: TokenRequest, webhook_id: Id) -> HttpResponse:  # noqa: ARG001 ninja passes it
    """Sends one request with the event `webhook.test`, and does not repeat it.

    409 for a webhook that is paused, and while another test is under way.
    """
    made = actions.send_test(subscription=queries.one(webhook_id), at=clock.now())
    return JsonResponse({"data": _shown(made)}, status=202)


@router.get(
    "/webhooks/{webhook_id}/notices",
    response={200: shown.NoticesAnswer, **OF_ONE, 422: shapes.Fault},
    summary="List what a webhook was told",
    **READ,
)
def list_notices(request: TokenRequest, webhook_id: Id, paging: Query[Paging]) -> HttpResponse:
    """What it was told in the last thirty days, newest first, with every attempt."""
    found = queries.notices(queries.one(webhook_id))
    answer = JsonResponse({"data": [_shown(each) for each in paging.of(found)]})
    lead_on(answer, request, paging, found.count())
    return answer


@router.get(
    "/webhooks/{webhook_id}/notices/{notice_id}",
    response={200: shown.NoticeAnswer, **OF_ONE},
    summary="Get a single notice",
    **READ,
)
def get_notice(request: TokenRequest, webhook_id: Id, notice_id: UUID) -> HttpResponse:  # noqa: ARG001 ninja passes it
    """One thing that it was told, with every attempt."""
    found = queries.notice(queries.one(webhook_id), notice_id)
    return JsonResponse({"data": _shown(found)})


@router.post(
    "/webhooks/{webhook_id}/notices/{notice_id}/send_again",
    response={202: shown.NoticeAnswer, **OF_ONE, 409: shapes.Fault},
    summary="Send a notice again",
    **WRITE,
)
def send_again(request: TokenRequest, webhook_id: Id, notice_id: UUID) -> HttpResponse:  # noqa: ARG001 ninja passes it
    """Sends it once more, with the same id and the same body, and tries that for a day.

    409 for a webhook that is paused, and for a notice that is being sent at this moment.
    """
    found = queries.notice(queries.one(webhook_id), notice_id)
    actions.send_again(notice=found, at=clock.now())
    again = queries.notice(found.subscription, notice_id)
    return JsonResponse({"data": _shown(again)}, status=202)


def _with_secret(subscription: Subscription, secret: str, *, status: int) -> HttpResponse:
    return JsonResponse({"data": {**_webhook(subscription), "secret": secret}}, status=status)


def _webhook(subscription: Subscription) -> dict[str, Any]:
    found = {name: getattr(subscription, name) for name in shown.Webhook.model_fields}
    return {
        name: in_api(each) if isinstance(each, datetime) else each for name, each in found.items()
    }


def _shown(notice: Notice) -> dict[str, Any]:
    return {
        "id": str(notice.uuid),
        "event": notice.happening,
        "message_id": notice.message_id,
        "state": notice.state,
        "tries": notice.tries,
        "created_at": in_api(notice.created_at),
        "finished_at": in_api(notice.finished_at) if notice.finished_at else None,
        "attempts": [_attempt(each) for each in notice.attempts.all()],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "at": in_api(attempt.at),
        "milliseconds": attempt.milliseconds,
        "status": attempt.status,
        "answer": attempt.answer,
    }
