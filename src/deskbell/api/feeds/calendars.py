"""A feed, as calendar programs ask for it: without signing in, every quarter of an hour or so.

The token in the address is the key: it names the account whose rows may be read, and nothing else
is shown than who is on call when, and the names of levels.
Source: design, on call, "Feeds"; RFC 9110, section 13 (conditional requests).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound
from deskbell.oncall import feeds
from deskbell.platform.tenancy import account_scope


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The feed that a token opens: 304 where the caller has it, 404 for a link that is old."""
    at = now()
    try:
        named = feeds.read_token(token)
        with account_scope(named.account_id):
            feed = feeds.opened(named, at)
            if _has(request, feed.etag):
                return _closed(HttpResponseNotModified(), feed.etag)
            text = feeds.content(feed, at)
    except NotFound as error:
        return _closed(HttpResponse(f"{error}\n", status=404, content_type="text/plain"))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="on-call.ics"'
    return _closed(response, feed.etag)


def _has(request: HttpRequest, etag: str) -> bool:
    """Whether the caller has this version; tags are compared weakly."""
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    present = etag.removeprefix("W/")
    return any(each == "*" or each.removeprefix("W/") == present for each in asked)


def _closed(response: HttpResponse, etag: str = "") -> HttpResponse:
    """Keeps an answer out of shared caches and search engines, because its address is a key."""
    if etag:
        response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
