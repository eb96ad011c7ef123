"""What receptionists read: publishing the draft, what was published before, going back to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from deskbell.accounts.locks import lock_account
from deskbell.attendant.rules.differences import Difference
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, InvalidInput, NotFound
from deskbell.scripts import actions, queries
from deskbell.scripts.models import Publication, Script
from deskbell.scripts.rules import Content, faults, read

from ..attendant.history.words import difference_words
from ..tenancy import PortalRequest
from .differing import differences
from .frame import (
    Item,
    Question,
    ask,
    dialog,
    is_post,
    levels_by_id,
    notices,
    show,
    staff_page,
)
from .reading import reading_of
from .saying import spoken_for
from .words import Levels

MOST_LISTED = 12
CHANGED = "The draft was changed meanwhile, so nothing is published; look at what it says now."


@dataclass(frozen=True, slots=True)
class Line:
    """A publication in the list, and what it changed, in short."""

    publication: Publication
    is_active: bool
    changes: list[str]
    more: int


def live_content(script: Script) -> Content:
    """What receptionists read of a script; nothing before it is published."""
    return read(script.active.content) if script.active else Content()


def differs(script: Script, levels: Levels) -> list[Difference]:
    """What receptionists read differently once the draft is published."""
    return differences(live_content(script), read(script.draft), levels)


@require_http_methods(["GET", "POST"])
@staff_page
def publish(request: PortalRequest, script_id: int) -> HttpResponse:
    """Shows what changes and what is wrong; then has receptionists read the draft."""
    script = queries.one(script_id)
    if is_post(request):
        return _publish(request, script)
    levels = levels_by_id()
    context = {
        "script": script,
        "differences": differs(script, levels),
        "faults": [each.words for each in faults(read(script.draft), levels)],
        "numbers": queries.numbers_of(script),
        "back": reverse("scripts:edit", args=[script.pk]),
    }
    return dialog(request, "publish", context)


def _publish(request: PortalRequest, script: Script) -> HttpResponse:
    try:
        made = _published(request, script.pk)
    except (InvalidInput, Conflict) as error:
        notices.error(request, f"Nothing is published. {error}")
        return redirect("scripts:edit", script.pk)
    notices.success(request, f"Receptionists read publication {made.number} from now on.")
    return redirect("scripts:script", script.pk)


def _published(request: PortalRequest, script_id: int) -> Publication:
    with transaction.atomic():
        lock_account(request.account.pk)
        there = queries.one(script_id)
        if request.POST.get("revision") != str(there.revision):
            raise Conflict(CHANGED)
        return actions.publish(
            script=there, known_levels=set(levels_by_id()), by=request.user.email, at=now()
        )


@require_GET
@staff_page
def publications(request: PortalRequest, script_id: int) -> HttpResponse:
    """Everything that was published of a script, the newest first, with what it changed."""
    script = queries.one(script_id)
    rows, levels = queries.publications(script), levels_by_id()
    contents = [read(each.content) for each in rows]
    lines = []
    for place, row in enumerate(rows):
        before = contents[place + 1] if place + 1 < len(rows) else Content()
        words = [difference_words(each) for each in differences(before, contents[place], levels)]
        lines.append(Line(row, row.pk == script.active_id, words[:3], max(0, len(words) - 3)))
    return show(request, "publications", {"script": script, "lines": lines})


def _publication(script: Script, number: int) -> Publication:
    found = next((each for each in queries.publications(script) if each.number == number), None)
    if found is None:
        raise NotFound("There is no such publication")
    return found


@require_GET
@staff_page
def publication(request: PortalRequest, script_id: int, number: int) -> HttpResponse:
    """One publication: what it changed, and all that it says."""
    script = queries.one(script_id)
    found, levels = _publication(script, number), levels_by_id()
    content = read(found.content)
    earlier = [each for each in queries.publications(script) if each.number < number]
    before = read(earlier[0].content) if earlier else Content()
    context = {
        "script": script,
        "publication": found,
        "is_active": found.pk == script.active_id,
        "is_first": not earlier,
        "differences": differences(before, content, levels),
        "reading": reading_of(content, spoken_for(request.account), levels),
    }
    return show(request, "publication", context)


@require_http_methods(["GET", "POST"])
@staff_page
def roll_back(request: PortalRequest, script_id: int, number: int) -> HttpResponse:
    """Asks, saying what changes; then publishes an earlier publication again."""
    script = queries.one(script_id)
    found = _publication(script, number)
    if is_post(request):
        return _roll_back(request, script, found)
    levels = levels_by_id()
    content = read(found.content)
    wrong = faults(content, levels)
    words = [difference_words(each) for each in differences(live_content(script), content, levels)]
    more = [f"and {len(words) - MOST_LISTED} more"] if len(words) > MOST_LISTED else []
    question = Question(
        title=f"Go back to publication {number}?",
        words="Receptionists read it from now on, and it replaces the draft. This changes:"
        if words
        else "Receptionists read the same already; it replaces the draft.",
        verb="Go back to it",
        action=reverse("scripts:roll_back", args=[script.pk, number]),
        back=reverse("scripts:publication", args=[script.pk, number]),
        items=[Item(each) for each in (*words[:MOST_LISTED], *more)],
        refusal=f"It cannot be published any more: {wrong[0].words}" if wrong else "",
    )
    return ask(request, question)


def _roll_back(request: PortalRequest, script: Script, found: Publication) -> HttpResponse:
    try:
        with transaction.atomic():
            lock_account(request.account.pk)
            made = actions.roll_back(
                publication=found,
                known_levels=set(levels_by_id()),
                by=request.user.email,
                at=now(),
            )
    except (InvalidInput, Conflict) as error:
        notices.error(request, f"Nothing is published. {error}")
        return redirect("scripts:publications", script.pk)
    notices.success(request, f"Publication {found.number} is read again, as {made.number}.")
    return redirect("scripts:script", script.pk)
