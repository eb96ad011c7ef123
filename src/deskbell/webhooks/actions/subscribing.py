"""Who is told of what: made, changed, paused, removed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from deskbell.accounts.models import Account
from deskbell.delivery.transports.webhook.transport import WebhookTransport
from deskbell.foundation.errors import InvalidInput, MissingInput, NotFound
from deskbell.lines.vault import seal
from deskbell.platform.jobs import enqueue

from .. import jobs
from ..errors import TooMany
from ..models import Happening, Notice, Subscription
from ..queueing import queue_turn

MOST: Final = 20
EVENTS: Final = tuple(each.value for each in Happening if each is not Happening.TEST)
_CLEARED_TOGETHER = 1000


def subscribe(
    *, account_id: int, url: str, events: Iterable[str], by: str, at: datetime
) -> tuple[Subscription, str]:
    """A new subscription and its secret, which is given here and never again.

    `events` are some of EVENTS; `by` is who made it, in words. Asks the resolver for the address.
    Raises MissingInput and InvalidInput with `field` (url, events), TooMany.
    """
    checked_url, checked_events = _checked_url(url), _checked_events(events)
    secret = _new_secret()
    with transaction.atomic():
        # One after the other, so that two who make one at once do not make one too many.
        Account.objects.select_for_update(no_key=True).get(pk=account_id)
        if Subscription.objects.filter(account_id=account_id, removed_at=None).count() >= MOST:
            raise TooMany(f"An account has {MOST} webhooks at most; remove one first")
        made = Subscription(
            account_id=account_id,
            url=checked_url,
            secret=seal(secret),
            events=checked_events,
            created_by=by[:254],
            created_at=at,
            updated_at=at,
        )
        made.save()
    return made, secret


def edit(
    *,
    subscription: Subscription,
    at: datetime,
    url: str | None = None,
    events: Iterable[str] | None = None,
) -> Subscription:
    """Changes where it is sent, what it is told, or both; None leaves as it is.

    What waits is sent to the new address. Raises as `subscribe` does, NotFound.
    """
    changes: dict[str, Any] = {}
    if url is not None:
        changes["url"] = _checked_url(url)
    if events is not None:
        changes["events"] = _checked_events(events)
    with transaction.atomic():
        found = _locked(subscription)
        if changes.get("url", found.url) != found.url:
            # Another receiver, of whom nothing is known yet.
            changes |= {"held_until": None, "silences": 0, "is_slow": True, "failing_since": None}
        _change(found, at, **changes)
        if "held_until" in changes and not found.is_paused:
            queue_turn(found, at=at, when=at)
    return found


def pause(*, subscription: Subscription, at: datetime) -> Subscription:
    """Nothing is sent, and what happens is not kept for later; what waits goes on waiting, until
    its day is over. Raises NotFound."""
    with transaction.atomic():
        return _change(_locked(subscription), at, is_paused=True, paused_because="")


def resume(*, subscription: Subscription, at: datetime) -> Subscription:
    """Sends again, what waits first. Raises NotFound."""
    with transaction.atomic():
        found = _change(
            _locked(subscription),
            at,
            is_paused=False,
            paused_because="",
            failing_since=None,
            held_until=None,
            silences=0,
        )
        queue_turn(found, at=at, when=at)
    return found


def new_secret(*, subscription: Subscription, at: datetime) -> tuple[Subscription, str]:
    """Another secret in place of the old one, which no request is signed with any longer.

    Given here and never again. Raises NotFound.
    """
    secret = _new_secret()
    with transaction.atomic():
        return _change(_locked(subscription), at, secret=seal(secret)), secret


def remove(*, subscription: Subscription, at: datetime) -> None:
    """Nothing more is sent, and nobody sees it any longer; its rows go in a job. NotFound."""
    with transaction.atomic():
        found = _change(_locked(subscription), at, is_paused=True, removed_at=at)
        enqueue(jobs.clear, account_id=found.account_id, subscription_id=found.pk)


def clear(*, subscription_id: int) -> None:
    """Deletes a removed subscription and its notices, some at a time, so that nobody waits.

    Does nothing for one that is gone or was not removed.
    """
    removed = Subscription.objects.filter(pk=subscription_id).exclude(removed_at=None)
    if not removed.exists():
        return
    notices = Notice.objects.filter(subscription_id=subscription_id)
    while ids := list(notices.values_list("pk", flat=True)[:_CLEARED_TOGETHER]):
        Notice.objects.filter(pk__in=ids).delete()
    removed.delete()


def _locked(subscription: Subscription) -> Subscription:
    rows = Subscription.objects.select_for_update(no_key=True).filter(removed_at=None)
    found = rows.filter(pk=subscription.pk).first()
    if found is None:
        raise NotFound("No such webhook")
    return found


def _change(subscription: Subscription, at: datetime, **changes: Any) -> Subscription:
    for name, value in changes.items():
        setattr(subscription, name, value)
    subscription.updated_at = at
    subscription.save(update_fields=[*changes, "updated_at"])
    return subscription


def _new_secret() -> str:
    return f"whsec_{secrets.token_urlsafe(32)}"


def _checked_url(url: str) -> str:
    if not url.strip():
        raise MissingInput("Where shall it be sent? As https://example.com/hook", field="url")
    try:
        return WebhookTransport().check_address(url)
    except InvalidInput as error:
        raise InvalidInput(str(error), field="url") from error


def _checked_events(events: Iterable[str]) -> list[str]:
    """In our order, each once."""
    given = set(events)
    if not given:
        raise MissingInput(f"Choose what it is told of: {', '.join(EVENTS)}", field="events")
    if unknown := sorted(given - set(EVENTS)):
        raise InvalidInput(
            f"There is no event {unknown[0][:60]!r}; there are {', '.join(EVENTS)}", field="events"
        )
    return [each for each in EVENTS if each in given]
