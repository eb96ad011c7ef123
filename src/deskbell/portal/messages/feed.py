"""The activities beside the list, newest first, and the page with all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deskbell.messages.models import Activity

from ..oncall.frame import read_id
from ..pages import page
from ..tenancy import PortalRequest
from .proof import Line, lines

PER_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Feed:
    """Some activities as they show, and whether older ones follow."""

    lines: Sequence[Line]
    has_older: bool


def recent_feed(limit: int) -> Feed:
    """The account's newest activities. One query."""
    return _feed(_newest_first(), limit)


def _newest_first() -> QuerySet[Activity]:
    return Activity.objects.order_by("-at", "-id")


def _feed(found: QuerySet[Activity], limit: int) -> Feed:
    rows = list(found[: limit + 1])
    return Feed(lines(rows[:limit]), len(rows) > limit)


@require_GET
@page
def activities(request: PortalRequest) -> HttpResponse:
    """All activities, a page at a time; `before` is the last one of the page before."""
    found = _newest_first()
    before = read_id(request.GET.get("before"))
    last = Activity.objects.filter(pk=before).first() if before else None
    if last is not None:
        found = found.filter(at__lte=last.at).filter(Q(at__lt=last.at) | Q(pk__lt=last.pk))
    feed = _feed(found, PER_PAGE)
    oldest = feed.lines[-1].activity.pk if feed.has_older else None
    context = {"feed": feed, "oldest": oldest, "is_first": last is None}
    return render(request, "portal/messages/all_activities.html", context)
