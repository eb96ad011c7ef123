"""Escalation levels: the list in order, and adding, editing, cloning and deleting them.

Source: seed 000, "Escalation Levels".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages as notices
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskbell.contacts.models import Contact
from deskbell.foundation.clock import now
from deskbell.oncall import actions, queries
from deskbell.oncall.models import EscalationLevel, OncallDefaults

from ...tenancy import PortalRequest
from ..frame import (
    Question,
    act,
    ask,
    data_of,
    is_post,
    may_edit,
    oncall_page,
    only_editors,
    read_id,
    render_dialog,
    render_page,
    save,
)
from .chains import Box, chain_from, chains_of
from .forms import CloneForm, DefaultsForm, LevelForm, shown, shown_defaults
from .uses import broken_by

FOLDER = "portal/oncall/levels"
FOREVER = "This CANNOT be undone."


@dataclass(frozen=True, slots=True)
class Line:
    """A level in the list: its place, who is on call on it now, and what it does."""

    place: int
    level: EscalationLevel
    contacts: Sequence[Contact]
    box: Box


@require_GET
@oncall_page
def levels(request: PortalRequest) -> HttpResponse:
    """Every level in order, and how they follow each other."""
    on_duty = queries.on_call_now(request.account.pk, now())
    every = [level for level, _ in on_duty]
    by_id = {each.pk: each for each in every}
    lines = [
        Line(place, level, contacts, chain_from(level, by_id).boxes[0])
        for place, (level, contacts) in enumerate(on_duty, start=1)
    ]
    context = {"lines": lines, "chains": chains_of(every), "defaults": _defaults(request)}
    return render_page(request, f"{FOLDER}/levels.html", context)


def _defaults(request: PortalRequest) -> OncallDefaults | None:
    found = OncallDefaults.objects.filter(account=request.account)
    return found.select_related("fallback").first()


def _every() -> list[EscalationLevel]:
    return list(queries.levels().select_related("fallback"))


@require_http_methods(["GET", "POST"])
@oncall_page
def new(request: PortalRequest) -> HttpResponse:
    """Adds a level, after the others."""
    only_editors(request)
    every = _every()
    form = LevelForm(data_of(request), levels=every, contacts=_contacts())
    if is_post(request) and form.is_valid():
        made: list[EscalationLevel] = []

        def add() -> None:
            values = form.values
            del values["loops"]  # nothing leads to a level that is new
            made.append(actions.add_level(account_id=request.account.pk, at=now(), **values))

        if save(form, add):
            notices.success(request, f"“{made[0].name}” is added. Put somebody on call on it.")
            return redirect("oncall:level", made[0].pk)
    return render_page(request, f"{FOLDER}/level.html", {"form": form, "level": None})


def _contacts() -> list[Contact]:
    return list(Contact.objects.order_by(Lower("name"), "id"))


@require_http_methods(["GET", "POST"])
@oncall_page
def level(request: PortalRequest, level_id: int) -> HttpResponse:
    """One level: its fields, and what happens to a message that comes to it."""
    every = _every()
    found = _found(every, level_id)
    form = LevelForm(
        data_of(request),
        levels=every,
        contacts=_contacts(),
        level=found,
        locked=not may_edit(request),
    )
    if is_post(request) and form.is_valid():

        def change() -> None:
            there = queries.level(level_id)
            form.unchanged(shown(there))
            actions.edit_level(level=there, **form.values)

        if save(form, change):
            notices.success(request, f"“{form.cleaned_data['name']}” is saved.")
            return redirect("oncall:level", level_id)
    context = _context(every, queries.level(level_id))
    return render_page(request, f"{FOLDER}/level.html", {"form": form, **context})


def _found(every: Sequence[EscalationLevel], level_id: int) -> EscalationLevel:
    """One of the levels. Raises NotFound."""
    return next((each for each in every if each.pk == level_id), None) or queries.level(level_id)


def _context(every: Sequence[EscalationLevel], level: EscalationLevel) -> dict[str, Any]:
    at = now()
    ids = [each.pk for each in every]
    place = ids.index(level.pk)
    return {
        "level": level,
        "chain": chain_from(level, {each.pk: each for each in every}),
        "on_call": sorted({each.contact.name for each in queries.on_call(level, at)}),
        "next_shift": queries.next_shift(level, at),
        "before": every[place - 1] if place else None,
        "after": every[place + 1] if place + 1 < len(every) else None,
        "has_others": len(every) > 1,
    }


@require_http_methods(["GET", "POST"])
@oncall_page
def clone(request: PortalRequest, level_id: int) -> HttpResponse:
    """Copies a level's whole calendar onto another level."""
    only_editors(request)
    found = queries.level(level_id)
    form = CloneForm(data_of(request), others=[each for each in _every() if each.pk != level_id])
    if is_post(request) and form.is_valid():
        copied: list[int] = []
        is_replacing = form.cleaned_data["way"] == "replace"

        def change() -> None:
            copied.append(
                actions.clone_level(level=found, onto=form.onto, at=now(), replace=is_replacing)
            )

        if save(form, change):
            count = copied[0]
            said = f"{count} event{'' if count == 1 else 's'} of “{found.name}”"
            notices.success(request, f"{said} {_are(count)} on “{form.onto.name}” now.")
            return redirect(f"{reverse('oncall')}?level={form.onto.pk}")
    context = {"form": form, "level": found, "is_possible": bool(form.others)}
    return render_dialog(request, f"{FOLDER}/clone.html", context)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


@require_http_methods(["GET", "POST"])
@oncall_page
def delete(request: PortalRequest, level_id: int) -> HttpResponse:
    """Asks before a level is deleted, saying everything that breaks; then deletes it."""
    only_editors(request)
    found = queries.level(level_id)
    if is_post(request):
        act(
            request,
            lambda: actions.delete_level(level=found, at=now()),
            done=f"“{found.name}” is deleted.",
        )
        return redirect("oncall:levels")
    broken = broken_by(found)
    question = Question(
        title=f"Delete “{found.name}”?",
        words=f"{FOREVER} Correct the places that refer to it:"
        if broken
        else f"Nothing refers to it and it has no events. {FOREVER}",
        items=broken,
        verb="Delete level",
        action=reverse("oncall:delete_level", args=[level_id]),
        back=reverse("oncall:level", args=[level_id]),
    )
    return ask(request, question)


@require_POST
@oncall_page
def order(request: PortalRequest) -> HttpResponse:
    """Puts the levels in another order: all ids as `order`, or one moved `up` or `down`."""
    ids = [each.pk for each in queries.levels()]
    wanted = _moved(ids, request.POST.get("up"), -1) or _moved(ids, request.POST.get("down"), 1)
    if wanted is None:
        given = dict.fromkeys(map(read_id, request.POST.getlist("order")))
        known = [each for each in given if each in set(ids) and each is not None]
        wanted = known + [each for each in ids if each not in set(known)]
    act(
        request,
        lambda: actions.order_levels(account_id=request.account.pk, level_ids=wanted),
        done="The levels are in their new order.",
    )
    return redirect("oncall:levels")


def _moved(ids: Sequence[int], typed: str | None, step: int) -> list[int] | None:
    """The ids with one a place further up or down; None where no such one is named."""
    wanted = read_id(typed)
    if wanted is None or wanted not in ids:
        return None
    moved = list(ids)
    place = moved.index(wanted)
    to = min(max(place + step, 0), len(moved) - 1)
    moved.insert(to, moved.pop(place))
    return moved


@require_http_methods(["GET", "POST"])
@oncall_page
def defaults(request: PortalRequest) -> HttpResponse:
    """The times that new events are offered, and the account's fallback."""
    found = _defaults(request)
    form = DefaultsForm(
        data_of(request), defaults=found, contacts=_contacts(), locked=not may_edit(request)
    )
    if is_post(request) and form.is_valid():

        def change() -> None:
            form.unchanged(shown_defaults(_defaults(request)))
            typed = form.cleaned_data
            actions.set_defaults(
                account_id=request.account.pk,
                fallback=form.contacts.get(typed["fallback"]),
                start=typed["start"],
                end=typed["end"],
            )

        if save(form, change):
            notices.success(request, "The defaults are saved.")
            return redirect("oncall:levels")
    return render_page(request, f"{FOLDER}/defaults.html", {"form": form})
