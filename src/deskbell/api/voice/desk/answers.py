"""What the desk's views have in common: documents in the dialect of whoever carries the call."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from deskbell.attendant.queries import waiting_sounds
from deskbell.attendant.ways import Way, dialect_of, links_of
from deskbell.rcml.verbs import Document, Play, Say
from deskbell.rcml.write import to_xml

from ..carriers import sid_of
from ..requests import Form, form_of
from ..steps import document
from .documents import heard


def said(what: Document, way: Way) -> HttpResponse:
    """A document as the answer."""
    return document(to_xml(what, dialect_of(way)))


def no_content() -> HttpResponse:
    """The answer to a report."""
    return HttpResponse(status=204)


def call_of(form: Form, way: Way) -> str:
    """The sid under which we keep the call that asks. Raises InvalidInput."""
    if way is Way.GATEWAY:
        return form.sid("CallSid", "CA")
    return sid_of("CA", form.text("CallSid")[:256], way)


def tone(name: str, way: Way, *, account_id: int, place: int = 0) -> list[Play | Say]:
    """What a waiting leg hears in one round: its place in line, 0 for none, and a tone (`MUSIC`,
    `RINGING`); one query."""
    links = links_of(way, account_id=account_id)
    sounds = waiting_sounds(name, place=place)
    return [heard(each, url=links.sound_url(each.prompt)) for each in sounds]


def turn_of(request: HttpRequest, *, most: int) -> int:
    """Which round of asking for a key a request belongs to; `most` for what is no number."""
    text = request.GET.get("turn", "")
    return int(text) if text.isdecimal() and len(text) <= 2 else most


def key_of(request: HttpRequest) -> str:
    """The key that was pressed; empty for none."""
    return form_of(request).text("Digits")
