"""Reads of webhooks, in the scope of an account."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from deskbell.foundation.errors import NotFound

from .models import UNFINISHED, Attempt, Notice, NoticeState, Subscription


def subscriptions() -> QuerySet[Subscription]:
    """The account's webhooks, in the order in which they were made."""
    return Subscription.objects.filter(removed_at=None).order_by("id")


def one(subscription_id: int) -> Subscription:
    """One of them. Raises NotFound."""
    found = subscriptions().filter(pk=subscription_id).first()
    if found is None:
        raise NotFound("No such webhook")
    return found


def notices(subscription: Subscription, *, state: NoticeState | None = None) -> QuerySet[Notice]:
    """What a subscription was told in the last thirty days, newest first, with its attempts."""
    found = Notice.objects.filter(subscription=subscription).order_by("-id")
    attempts = Prefetch("attempts", Attempt.objects.order_by("id"))
    return (found.filter(state=state) if state else found).prefetch_related(attempts)


def notice(subscription: Subscription, uuid: UUID) -> Notice:
    """One notice of a subscription, by its uuid. Raises NotFound."""
    found = notices(subscription).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("No such notice")
    return found


def waiting() -> dict[int, int]:
    """How many notices are still to be sent, by subscription; one query."""
    found = Notice.objects.filter(state__in=UNFINISHED).values_list("subscription_id")
    return dict(found.annotate(count=Count("pk")).order_by("subscription_id"))


def paused_by_itself() -> int:
    """How many webhooks of the account were paused because every attempt failed."""
    return subscriptions().filter(is_paused=True).exclude(paused_because="").count()
