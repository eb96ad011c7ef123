"""Desks where nothing changes are answered before anybody is looked up.

A hundred open desks ask a hundred times a second, and mostly the answer is 304, which says nothing
but that. A signed tag of a moment ago is enough for it; what a desk shows is given only to who is
signed in, and so is another tag.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from deskbell.desk.queries import versions_of
from deskbell.foundation.clock import now

from .regions import TOGETHER, tagged
from .tags import tag_from


class QuietDeskMiddleware:
    """Answers 304 to a desk that shows what there is; everything else goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Costs one statement for a desk that asks, and one look at a header for others."""
        return _nothing_new(request) or self.get_response(request)


def _nothing_new(request: HttpRequest) -> HttpResponse | None:
    tag, at = tag_from(request), now()
    if tag is None or request.method != "GET" or request.path != reverse("desk:live"):
        return None
    if not tag.is_good(request, at):
        return None
    there = versions_of(tag.desk)
    if there is None or there.desk != tag.version:
        return None
    if not TOGETHER.still_shows(tag.floor, there.floor, at):
        return None
    return tagged(HttpResponse(status=304), tag, at)
