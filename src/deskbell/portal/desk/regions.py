"""The parts of the desk's page that change by themselves, each with its state.

A page asks every second with the tag of what it shows. The tag has the floor's version and the
desk's own, so mostly the answer is 304 at the cost of one read (`quiet`). Where only the floor
changed, the parts that all desks show alike are made once for all of them (`together`). A browser
swaps only the parts whose state is another: nothing is taken from under the hands of who types.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from deskbell.desk.models import Standing
from deskbell.desk.queries import desk_of, floor_version
from deskbell.foundation.clock import now

from ..pages import is_partial
from .frame import DeskRequest
from .queue import queue_context
from .shown import shown
from .tags import Tag, tag_from, tag_of
from .together import Together

LABELS: Final = {
    "standing": "Availability",
    "call": "The call",
    "taken": "Messages of this call",
    "work": "Message form",
    "mine": "Calls you make",
    "about": "About the account and the caller",
    "answers": "Answers to what callers ask",
    "queue": "Who waits",
    "tasks": "Calls to make",
    "unsent": "Forms not sent yet",
}
OWN: Final = ("standing", "call", "taken", "work", "mine", "about", "answers", "unsent")
COMMON: Final = ("queue", "tasks")
_TOKEN: Final = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken" value="[^"]*">')


def region(name: str, html: str, attributes: Mapping[str, str], state: str = "") -> SafeString:
    """A part with its state: that of its words, unless `state` says which."""
    plain = state or _TOKEN.sub("", html)
    digest = hashlib.blake2b(plain.encode(), digest_size=8).hexdigest()
    more = format_html_join("", ' data-{}="{}"', attributes.items())
    return format_html(
        '<section class="desk-{0}" id="desk-{0}" data-region data-state="{1}" aria-label="{2}"{3}>'
        "{4}</section>",
        name,
        digest,
        LABELS[name],
        more,
        mark_safe(html),  # noqa: S308 a template of ours made it, and escaped what is in it
    )


def own_parts(request: DeskRequest, more: Mapping[str, Any] | None = None) -> dict[str, SafeString]:
    """The parts of one desk."""
    context = shown(desk_of(request.receptionist), now()) | dict(more or {})
    made = {}
    with context["zone_scope"]:
        for name in OWN:
            html = render_to_string(f"portal/desk/{name}.html", context, request)
            attributes = context["attributes"].get(name, {})
            made[name] = region(name, html, attributes, context["states"].get(name, ""))
    return made


def common_parts() -> dict[str, SafeString]:
    """The parts that all desks show alike, without a form's token."""
    context = queue_context(now())
    return {
        name: region(name, render_to_string(f"portal/desk/{name}.html", context), {})
        for name in COMMON
    }


def page_context(request: DeskRequest) -> dict[str, Any]:
    """All parts, for the page as a whole: its forms work without a script."""
    at = now()
    tag = tag_of(floor_version(), request, at)
    context = queue_context(at)
    parts: dict[str, SafeString] = own_parts(request)
    for name in COMMON:
        html = render_to_string(f"portal/desk/{name}.html", context, request)
        parts[name] = region(name, html, {})
    own = request.receptionist
    refreshes = own.is_idle or own.standing == Standing.RINGING
    return {"tag": tag, "parts": parts, "now": _milliseconds(at), "refreshes": refreshes}


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def polled(request: DeskRequest) -> HttpResponse:
    """What changed since the page's tag; 304 where nothing did."""
    at, seen = now(), tag_from(request)
    version, common = floor_version(), None
    if seen and TOGETHER.still_shows(seen.floor, version, at):
        version = seen.floor
    else:
        common = TOGETHER.at(version, at, seen=seen.floor if seen else -1)
        version = common.version
    tag = tag_of(version, request, at)
    parts = [] if seen and seen.is_own_same(tag) else list(own_parts(request).values())
    if common:
        parts.append(mark_safe(common.html.decode()))  # noqa: S308 made below
    return tagged(HttpResponse("".join(parts)) if parts else HttpResponse(status=304), tag, at)


def _made_common() -> bytes:
    return "".join(common_parts().values()).encode()


TOGETHER: Final = Together(_made_common)


def tagged(response: HttpResponse, tag: Tag, at: datetime) -> HttpResponse:
    """The answer with its tag and the time as it is here."""
    response.headers["ETag"] = str(tag)
    response.headers["X-Desk-Now"] = str(_milliseconds(at))
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def after_action(
    request: DeskRequest, more: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponseBase:
    """What a form brings back: the parts anew, with notices; without a script, the page."""
    if not is_partial(request):
        return redirect("desk")
    request.receptionist.refresh_from_db()
    at = now()
    tag = tag_of(floor_version(), request, at)
    parts = "".join([*own_parts(request, more).values(), *common_parts().values()])
    parts += render_to_string("portal/desk/notices.html", {}, request)
    return tagged(HttpResponse(parts, status=status), tag, at)
