"""A script as the receptionist sees it, to try: it is filled in and sent, and nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from deskbell.scripts import queries
from deskbell.scripts.rules import Closing, Content, Send, ending, read, read_answers

from ..tenancy import PortalRequest
from .form_part import posted_answers
from .frame import data_of, is_post, levels_by_id, show, staff_page
from .publishing import live_content
from .reading import reading_of
from .saying import spoken_for
from .words import Levels, name_of, relay_sends, sends_of

LIVE = "published"


@dataclass(frozen=True, slots=True)
class Sent:
    """What would become of the message: its answers by label, its closing, and who gets it."""

    answers: list[tuple[str, str]]
    closing: Closing | None
    sends: str
    is_emergency: bool


@require_http_methods(["GET", "POST"])
@staff_page
def preview(request: PortalRequest, script_id: int) -> HttpResponse:
    """The draft as a form, or with `of=published` what receptionists read. Keeps nothing."""
    script = queries.one(script_id)
    is_live = request.GET.get("of") == LIVE and script.active is not None
    content = live_content(script) if is_live else read(script.draft)
    numbers = queries.numbers_of(script)
    spoken = spoken_for(
        request.account, numbers[0] if numbers else None, receptionist=str(request.user)
    )
    levels = levels_by_id()
    context: dict[str, Any] = {
        "script": script,
        "is_live": is_live,
        "content": content,
        "spoken": spoken,
        "levels": levels,
        "reading": reading_of(content, spoken, levels),
        "answers": {},
    }
    status = 200
    if is_post(request):
        answers = posted_answers(data_of(request))
        found = _tried(request, content, answers, levels)
        context |= {"answers": answers, **found}
        status = 422 if found["faults"] else 200
    return show(request, "preview", context, status=status)


def _tried(
    request: PortalRequest, content: Content, answers: dict[str, str], levels: Levels
) -> dict[str, Any]:
    got = read_answers(content, answers, region=request.account.country)
    if got.faults:
        return {"faults": dict(got.faults), "sent": None}
    end = ending(content, got.answers)
    said = [(name_of(content, key), words) for key, words in got.answers.items()]
    return {"faults": {}, "sent": Sent(said, end.closing, _sends(end, levels), end.is_emergency)}


def _sends(end: Any, levels: Levels) -> str:
    if end.send is Send.LEVEL or end.closing is None:
        return relay_sends(end, levels)
    return sends_of(end.closing, levels)
