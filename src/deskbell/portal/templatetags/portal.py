"""What the portal's templates need beside Django's own tags."""

from __future__ import annotations

import functools
import json
from datetime import datetime, timedelta
from pathlib import Path

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from deskbell.accounts.models import Picture, User
from deskbell.foundation.clock import now
from deskbell.foundation.durations import HOUR, MINUTE, in_words, on_clock
from deskbell.foundation.numbers import for_people
from deskbell.messages.models import Message

from ..context import initials_of
from ..duty import way_of

register = template.Library()
BUNDLE = "portal/bundle"
VERSIONS = Path(__file__).parents[1] / "static" / BUNDLE / "versions.json"


@functools.cache
def _kept_versions() -> dict[str, str]:
    return _versions()


def _versions() -> dict[str, str]:
    return json.loads(VERSIONS.read_text()) if VERSIONS.exists() else {}


@register.simple_tag
def asset(name: str) -> str:
    """The URL of a bundled file; it changes with the file, so browsers may keep it."""
    versions = _versions() if settings.DEBUG else _kept_versions()
    version = versions.get(name)
    return static(f"{BUNDLE}/{name}") + (f"?v={version}" if version else "")


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """One of Tabler's icons, for the eye only: whatever it says stands in words beside it."""
    return format_html(
        '<svg class="icon {}" width="24" height="24" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        extra,
        asset("icons.svg"),
        name.replace("/", "-"),
    )


@functools.lru_cache(maxsize=4096)
def _picture_of(picture_id: int) -> str:
    """The hash by which a picture is shown; a picture never changes."""
    return str(Picture.objects.values_list("sha256", flat=True).get(pk=picture_id))


@register.inclusion_tag("portal/pictures/avatar.html")
def avatar(person: User, size: str = "sm") -> dict[str, str]:
    """A person's picture, or the initials where there is none; `size` is sm, md or xl.

    For the eye only: the person's name stands in words beside it.
    """
    url = reverse("picture", args=[_picture_of(person.picture_id)]) if person.picture_id else ""
    return {"url": url, "initials": initials_of(str(person)), "size": size}


@register.filter
def phone(number: str) -> str:
    """A phone number as people write it."""
    return for_people(number) if number else ""


@register.filter
def way(kind: str) -> str:
    """A kind of delivery method in words, inside a sentence: "email", "external API"."""
    return way_of(kind)


@register.filter
def caller(message: Message) -> str:
    """Who left a message: a name, else a phone number as people write it."""
    return for_people(message.caller_name)


@register.filter
def sender(message: Message) -> str:
    """The From column, which stands beside the number: a name, or that there is none."""
    return f"{message.first_name} {message.last_name}".strip() or "Unknown caller"


def in_zone(at: datetime, *, seconds: bool = False) -> str:
    """An instant in the time zone of the page, without the year where it is this one."""
    local = timezone.localtime(at)
    clock = local.strftime("%I:%M:%S %p" if seconds else "%I:%M %p").lstrip("0")
    year = "" if local.year == timezone.localtime(now()).year else f", {local.year}"
    return f"{local:%b} {local.day}{year}, {clock}"


def _time(at: datetime, text: str) -> SafeString:
    local = timezone.localtime(at)
    full = f"{local:%A}, {local:%B} {local.day}, {local.year}, {local:%H:%M:%S} {local:%Z}"
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), full, text)


@register.filter
def when(at: datetime | None) -> str:
    """Date and time in the page's zone; the whole of it, with the zone, as its title."""
    return "" if at is None else _time(at, in_zone(at))


@register.filter
def clock(at: datetime | None) -> str:
    """Time with seconds and the zone's name, for what happens while one looks."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    shown = local.strftime("%I:%M:%S %p").lstrip("0")
    if local.date() != timezone.localtime(now()).date():
        return _time(at, f"{in_zone(at, seconds=True)} {local:%Z}")
    return _time(at, f"{shown} {local:%Z}")


@register.filter
def since(then: datetime | None, at: datetime) -> str:
    """How long it is from one time to another: `1:05` within an hour, then `2:05 h`."""
    return spent(max(at - then, timedelta(0)) if then else timedelta(0))


@register.filter
def spent(span: timedelta | None) -> str:
    """How long something took: `1:05` within an hour, then `2:05 h`; "" where it never did."""
    if span is None:
        return ""
    seconds = int(span.total_seconds())
    if seconds < HOUR:
        return on_clock(seconds)
    return f"{seconds // HOUR}:{seconds % HOUR // MINUTE:02d} h"


register.filter("playing_time", on_clock)
register.filter("wait", in_words)
