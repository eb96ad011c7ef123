"""The parts of the desk's page that change by themselves, each with its state.

A page asks every second with the tag of what it shows. The tag has the floor's version and the
desk's own, so mostly the answer is 304 at the cost of two reads. Where only the floor changed, the
parts that all desks show alike are made once for all of them (`together`). A browser swaps only the
parts whose state is another: nothing is taken from under the hands of who types.
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
from .together import Together

# What is told of the account and the time changes without the desk.
_BUSY_SECONDS: Final = 15
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
_TAG: Final = re.compile(r'"(?P<floor>\d{1,18})-(?P<own>[\d.]+)"')


def tag_of(floor: int, request: DeskRequest, at: datetime) -> str:
    """The tag of all that the page shows: floor, desk, and the time while there is a call."""
    own = request.receptionist
    is_busy = own.standing not in {Standing.AWAY, Standing.AVAILABLE}
    turn = int(at.timestamp()) // _BUSY_SECONDS if is_busy else 0
    return f'"{floor}-{own.pk}.{own.version}.{turn}"'


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
    is_idle = request.receptionist.standing in {Standing.AWAY, Standing.AVAILABLE, Standing.RINGING}
    return {"tag": tag, "parts": parts, "now": _milliseconds(at), "refreshes": is_idle}


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def polled(request: DeskRequest) -> HttpResponse:
    """What changed since the page's tag; 304 where nothing did."""
    at = now()
    asked = _TAG.fullmatch(request.headers.get("If-None-Match", ""))
    seen = int(asked["floor"]) if asked else -1
    version = floor_version()
    common = TOGETHER.at(version, at, seen=seen) if seen != version else None
    tag = tag_of(common.version if common else version, request, at)
    if asked and asked[0] == tag:
        return _tagged(HttpResponse(status=304), tag, at)
    is_own_same = asked and f'-{asked["own"]}"' == tag[tag.index("-") :]
    parts = [] if is_own_same else list(own_parts(request).values())
    if common and common.version != seen:
        parts.append(mark_safe(common.html.decode()))  # noqa: S308 made above
    return _tagged(HttpResponse("".join(parts)), tag, at)


def _made_common() -> bytes:
    return "".join(common_parts().values()).encode()


TOGETHER: Final = Together(_made_common)


def _tagged(response: HttpResponse, tag: str, at: datetime) -> HttpResponse:
    response.headers["ETag"] = tag
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
    return _tagged(HttpResponse(parts, status=status), tag, at)
