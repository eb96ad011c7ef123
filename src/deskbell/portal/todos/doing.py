"""What is done with a To Do by a button: paused, resumed, run, deleted."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now
from deskbell.todos import actions, queries
from deskbell.todos.models import Run, ToDo
from deskbell.todos.queries import Standing, standing
from deskbell.todos.rules import in_words

from ..asking import act
from ..attendant.frame import Item, Question, is_post
from ..rights import page_with
from ..templatetags.portal import in_zone
from ..tenancy import PortalRequest
from .frame import ask
from .shown import contact_words, kind_words


@require_POST
@page_with(Right.TO_DOS)
def pause(request: PortalRequest, to_do_id: int) -> HttpResponse:
    """Lets it rest until somebody resumes it."""
    found = queries.one(to_do_id)
    act(
        request,
        lambda: actions.pause_to_do(to_do=found, at=now()),
        done="It is paused and does not run until you resume it.",
    )
    return redirect("to_dos:to_do", to_do_id)


@require_POST
@page_with(Right.TO_DOS)
def resume(request: PortalRequest, to_do_id: int) -> HttpResponse:
    """Lets it run again, from its next time on."""
    found = queries.one(to_do_id)

    act(request, lambda: actions.resume_to_do(to_do=found, at=now()), done="It runs again.")
    return redirect("to_dos:to_do", to_do_id)


@require_http_methods(["GET", "POST"])
@page_with(Right.TO_DOS)
def run(request: PortalRequest, to_do_id: int) -> HttpResponse:
    """Asks before it runs beside its schedule, for somebody gets it; then runs it."""
    found = queries.one(to_do_id)
    kind, contact = kind_words(found), contact_words(found)
    if is_post(request):
        act(
            request,
            lambda: actions.run_now(to_do=found, at=now()),
            done=f"{kind} to {contact} is on its way.",
        )
        return redirect("to_dos:to_do", to_do_id)
    question = Question(
        title="Run it now?",
        words=f"{_sends(kind)} {contact} at once. The schedule stays as it is.",
        verb="Run now",
        action=reverse("to_dos:run", args=[to_do_id]),
        back=reverse("to_dos:to_do", args=[to_do_id]),
        is_danger=False,
    )
    return ask(request, question)


@require_http_methods(["GET", "POST"])
@page_with(Right.TO_DOS)
def delete(request: PortalRequest, to_do_id: int) -> HttpResponse:
    """Asks before a To Do is deleted, saying what goes with it; then deletes it."""
    found = queries.one(to_do_id)
    kind, contact = kind_words(found), contact_words(found)
    if is_post(request):
        act(
            request,
            lambda: actions.delete_to_do(to_do=found),
            done=f"The {kind.lower()} to {contact} is deleted.",
        )
        return redirect("to_dos")
    question = Question(
        title=f"Delete the {kind.lower()} to {contact}?",
        words=f"This CANNOT be undone.{_instead(found)} With it go:",
        verb="Delete",
        action=reverse("to_dos:delete", args=[to_do_id]),
        back=reverse("to_dos:to_do", args=[to_do_id]),
        items=[Item(words) for words in _lost(found)],
    )
    return ask(request, question)


def _sends(kind: str) -> str:
    return {"Text": "A text goes to", "Email": "An email goes to"}.get(kind, "Deskbell calls")


def _instead(to_do: ToDo) -> str:
    is_active = standing(to_do) == Standing.ACTIVE
    return " To let it rest for a while, pause it instead." if is_active else ""


def _lost(to_do: ToDo) -> list[str]:
    """What goes with a To Do."""
    schedule = to_do.schedule
    words = f"Its schedule: {in_words(schedule.rule, schedule.times)}"
    if schedule.next_occurrence:
        words += f"; the next run would be {in_zone(schedule.next_occurrence)}"
    count = Run.objects.filter(to_do=to_do).count()
    if not count:
        return [f"{words}."]
    runs = "its one run" if count == 1 else f"its {count:,} runs"
    return [f"{words}.", f"The history of {runs}, with what came back."]
