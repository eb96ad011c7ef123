"""The editor: the draft's parts, each with its form beside it; added, changed, ordered, removed.

Every part is edited against the draft as it is now. Two people may work on different parts; of two
who change the same one, the second is told, with both values side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict
from deskbell.scripts import actions, queries
from deskbell.scripts.models import Script
from deskbell.scripts.rules import Content, Fault, faults, read

from ..pages import is_partial
from ..tenancy import PortalRequest
from . import parts
from .frame import (
    FOLDER,
    Item,
    Question,
    SheetForm,
    act,
    ask,
    data_of,
    is_post,
    levels_by_id,
    notices,
    panel,
    save,
    show,
    staff_page,
)
from .part_forms import (
    ClosingForm,
    FaqForm,
    GreetingForm,
    RelayForm,
    shown_closing,
    shown_faq,
    shown_relay,
)
from .publishing import differs
from .reading import reading_of
from .saying import spoken_for, variables_of
from .step_form import LAST, StepForm, shown_step

Change = Callable[[Content], Content]
TOO_LATE: Final = "Somebody changed this script meanwhile; this is what it says now."


@dataclass(frozen=True, slots=True)
class Shelf:
    """A kind of parts: its form for one of them or a new one, and what that form shows."""

    form: Callable[..., Any]
    shown: Callable[[Any], Mapping[str, Any]]
    new: str
    done: str


def _faq_form(data: Any, *, kept: Any, **_: Any) -> FaqForm:
    return FaqForm(data, part=shown_faq(kept) if kept else None)


def _step_form(data: Any, *, content: Content, kept: Any, after: str, **_: Any) -> StepForm:
    return StepForm(data, content=content, kept=kept, after=after)


def _closing_form(data: Any, *, content: Content, kept: Any, **_: Any) -> ClosingForm:
    return ClosingForm(data, content=content, levels=levels_by_id(), kept=kept)


def _relay_form(data: Any, *, content: Content, kept: Any, **_: Any) -> RelayForm:
    return RelayForm(data, content=content, levels=levels_by_id(), kept=kept)


SHELVES: Final = {
    "steps": Shelf(_step_form, shown_step, "New step", "The step is saved in the draft."),
    "closings": Shelf(
        _closing_form, shown_closing, "New closing", "The closing is saved in the draft."
    ),
    "relays": Shelf(
        _relay_form, shown_relay, "New relay trigger", "The trigger is saved in the draft."
    ),
    "faqs": Shelf(_faq_form, shown_faq, "New question", "The question is saved in the draft."),
}


@require_GET
@staff_page
def edit(request: PortalRequest, script_id: int) -> HttpResponse:
    """The draft of a script, with everything that is done to it."""
    return show(request, "edit", editor_context(request, queries.one(script_id)))


def editor_context(request: PortalRequest, script: Script) -> dict[str, Any]:
    """What the editor shows of a script's draft."""
    content, levels = read(script.draft), levels_by_id()
    found = faults(content, levels)
    numbers = queries.numbers_of(script)
    spoken = spoken_for(
        request.account, numbers[0] if numbers else None, receptionist=str(request.user)
    )
    return {
        "script": script,
        "reading": reading_of(content, spoken, levels, found),
        "faults": [(each.words, _anchor(content, each)) for each in found],
        "content": content,
        "greeting_form": GreetingForm(None, part={"greeting": content.greeting}),
        "variables": variables_of(spoken),
        "numbers": numbers,
        "differences": differs(script, levels),
    }


def _anchor(content: Content, fault: Fault) -> str:
    """Where on the page a fault is."""
    name, _, place = fault.where.partition(".")
    return f"{name}-{parts.ids_of(content, name)[int(place)]}" if place else fault.where


def change_draft(request: PortalRequest, script_id: int, change: Change) -> None:
    """Changes the draft as it is now. Raises Conflict, InvalidInput, NotFound, PartChanged."""
    script = queries.one(script_id)
    actions.edit_draft(
        script=script,
        content=change(read(script.draft)),
        revision=script.revision,
        by=request.user.email,
        at=now(),
    )


@require_http_methods(["GET", "POST"])
@staff_page
def greeting(request: PortalRequest, script_id: int) -> HttpResponse:
    """How calls are answered."""
    script = queries.one(script_id)
    form = GreetingForm(data_of(request), part={"greeting": read(script.draft).greeting})

    def change(content: Content) -> Content:
        form.unchanged({"greeting": content.greeting})
        return replace(content, greeting=form.cleaned_data["greeting"])

    if _saved(request, form, script_id, change):
        return done(request, script_id, "The greeting is saved in the draft.", "greeting")
    return show(
        request, "edit", {**editor_context(request, script), "greeting_form": form, "form": form}
    )


@require_http_methods(["GET", "POST"])
@staff_page
def part(request: PortalRequest, script_id: int, part: str, which: str) -> HttpResponse:
    """One part of the draft, in its form."""
    shelf = SHELVES[parts.checked_part(part)]
    script = queries.one(script_id)
    content = read(script.draft)
    kept = parts.find(content, part, which)
    form = shelf.form(data_of(request), content=content, kept=kept, after=LAST)

    def change(there: Content) -> Content:
        now_there = parts.find(there, part, which)
        form.unchanged(shelf.shown(now_there))
        return parts.put(there, part, which, form.made(now_there, there))

    if _saved(request, form, script_id, change):
        return done(request, script_id, shelf.done, f"{part}-{which}")
    context = _panel_context(request, script, part, form)
    place = parts.place_of(content, part, which)
    return panel(
        request,
        f"{part}_form",
        {
            **context,
            "which": which,
            "kept": kept,
            "faults": [
                each.words
                for each in faults(content, levels_by_id())
                if each.where == f"{part}.{place}"
            ],
        },
    )


@require_http_methods(["GET", "POST"])
@staff_page
def new_part(request: PortalRequest, script_id: int, part: str) -> HttpResponse:
    """A part that is not there yet; `after` and `kind` in the address say what one begins with."""
    shelf = SHELVES[parts.checked_part(part)]
    script = queries.one(script_id)
    content = read(script.draft)
    form = shelf.form(
        data_of(request), content=content, kept=None, after=request.GET.get("after", LAST)
    )
    if part == "steps" and not is_post(request):
        form.initial["kind"] = request.GET.get("kind", "text")
    made: list[str] = []

    def change(there: Content) -> Content:
        after = getattr(form, "after", None)
        changed = parts.add(there, part, form.made(None, there), after=after)
        made[:] = [each for each in parts.ids_of(changed, part)[-1:] if after is None]
        return changed

    if _saved(request, form, script_id, change):
        place = f"{part}-{made[0]}" if made else part
        return done(request, script_id, shelf.done, place)
    return panel(request, f"{part}_form", _panel_context(request, script, part, form))


def _panel_context(
    request: PortalRequest, script: Script, part: str, form: SheetForm
) -> dict[str, Any]:
    numbers = queries.numbers_of(script)
    spoken = spoken_for(request.account, numbers[0] if numbers else None)
    return {
        "script": script,
        "part": part,
        "form": form,
        "title": SHELVES[part].new,
        "variables": variables_of(spoken),
        "has_levels": bool(levels_by_id()),
    }


def _saved(request: PortalRequest, form: SheetForm, script_id: int, change: Change) -> bool:
    if not is_post(request) or not form.is_valid():
        return False
    return save(form, lambda: change_draft(request, script_id, change))


def done(request: PortalRequest, script_id: int, words: str, place: str) -> HttpResponse:
    """What a person sees after a change: the editor with it, at its place, and words about it."""
    notices.success(request, words)
    if not is_partial(request):
        return redirect(f"{reverse('scripts:edit', args=[script_id])}#{place}")
    response = _renewed(request, script_id)
    response.headers["HX-Trigger"] = "scripts:changed"
    return response


def _renewed(request: PortalRequest, script_id: int) -> HttpResponse:
    context = editor_context(request, queries.one(script_id))
    return render(request, f"{FOLDER}/changed.html", {**context, "may_edit": True})


@require_POST
@staff_page
def order(request: PortalRequest, script_id: int, part: str) -> HttpResponse:
    """Puts the parts of a kind in order: one up or down, or all as they were dragged.

    `revision` is the one that was looked at: what was changed since is shown instead.
    """
    parts.checked_part(part)
    ids = request.POST.getlist("order")
    for name, by in (("up", -1), ("down", 1)):
        if name in request.POST:
            ids = parts.moved(ids, request.POST[name], by)

    def change() -> None:
        if queries.one(script_id).revision != _revision(request):
            raise Conflict(TOO_LATE)
        change_draft(request, script_id, lambda there: parts.ordered(there, part, ids))

    act(request, change, done="The order is saved in the draft.")
    if is_partial(request):
        return _renewed(request, script_id)
    return redirect(f"{reverse('scripts:edit', args=[script_id])}#{part}")


def _revision(request: PortalRequest) -> int:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


@require_http_methods(["GET", "POST"])
@staff_page
def remove(request: PortalRequest, script_id: int, part: str, which: str) -> HttpResponse:
    """Asks before a part is removed, saying what else changes; then removes it."""
    parts.checked_part(part)
    script = queries.one(script_id)
    content = read(script.draft)
    back = reverse("scripts:edit", args=[script_id])
    name = parts.NAMES[part]
    if is_post(request):

        def change() -> None:
            if queries.one(script_id).revision != _revision(request):
                raise Conflict(TOO_LATE)
            change_draft(request, script_id, lambda there: parts.without(there, part, which))

        act(request, change, done=f"The {name} is removed from the draft.")
        return redirect(f"{back}#{part}")
    found = parts.find(content, part, which)
    lost = parts.losses(content, which) if part == "steps" else []
    return ask(
        request,
        Question(
            title=f"Remove “{_called(found)}”?",
            words="This changes with it:"
            if lost
            else "Nothing else in the script needs it. Receptionists see it until you publish.",
            verb="Remove",
            action=reverse("scripts:remove", args=[script_id, part, which]),
            back=back,
            items=[Item(each.words) for each in lost],
            hidden={"revision": str(script.revision)},
        ),
    )


def _called(found: Any) -> str:
    for name in ("label", "name", "question", "ask"):
        if words := getattr(found, name, ""):
            return words if len(words) <= 60 else f"{words[:57]}…"
    return "this"
