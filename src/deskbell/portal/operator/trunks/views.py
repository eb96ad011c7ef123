"""The trunks of the deployment: added, edited, removed. Gateways are told at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.contrib import messages as notices
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deskbell import audit
from deskbell.foundation.clock import now
from deskbell.foundation.environment import environment
from deskbell.lines.actions import add_trunk, edit_trunk, hold_trunk, remove_trunk
from deskbell.lines.errors import TrunkNotFound
from deskbell.lines.gateways import tell_gateways
from deskbell.lines.models import Trunk

from ...asking import act
from ...attendant.frame import Item, Question, data_of, is_post
from ...attendant.listing import Asked, Column, as_csv, in_order, listed
from ...oncall.frame import save
from ...tenancy import PortalRequest
from ..frame import ask, operator_page, show
from ..listing import wants_csv
from .forms import TrunkForm

ROOM: Final = "operator:trunks"
COLUMNS: Final[list[Column[Trunk]]] = [
    Column("name", "Name", lambda row: row.name),
    Column("from", "Calls come from", lambda row: ", ".join(row.addresses)),
    Column("to", "Calls go to", lambda row: row.outgoing),
    Column("prefixes", "For numbers", lambda row: ", ".join(row.prefixes) if row.outgoing else ""),
    Column("user", "Signs in as", lambda row: row.username),
]


@require_safe
@operator_page
def trunks(request: PortalRequest) -> HttpResponse:
    """Every trunk; beside them the addresses that the environment lets calls come from."""
    asked, rows = Asked.read(request.GET), list(Trunk.objects.all())
    if wants_csv(request):
        return as_csv(in_order(rows, COLUMNS, asked), COLUMNS, "trunks")
    context = {
        "list": listed(rows, COLUMNS, asked),
        "is_empty": not rows,
        "local": list(environment().trunks),
    }
    return show(request, "trunks/trunks", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def new(request: PortalRequest) -> HttpResponse:
    """Adds a trunk."""
    form = TrunkForm(data_of(request))
    if is_post(request) and form.is_valid():
        name = form.cleaned_data["name"].strip()
        if save(form, lambda: add_trunk(name=name, at=now(), **form.fields_of_trunk())):
            tell_gateways()
            audit.note(request, subject=name)
            notices.success(request, f"The trunk {name} is added.")
            return redirect(ROOM)
    return show(request, "trunks/form", {"form": form, "back": reverse(ROOM)})


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def trunk(request: PortalRequest, trunk_id: int) -> HttpResponse:
    """Changes a trunk; its password stays where none is typed."""
    found = _one(trunk_id)
    form = TrunkForm(data_of(request), part=found)
    if is_post(request) and form.is_valid():

        def change() -> None:
            with transaction.atomic():
                edit_trunk(trunk=form.unchanged(hold_trunk(found)), **form.fields_of_trunk())

        if save(form, change):
            tell_gateways()
            audit.note(request, subject=found.name)
            notices.success(request, "Saved.")
            return redirect(ROOM)
    context = {
        "form": form,
        "trunk": found,
        "back": reverse(ROOM),
        "delete": reverse("operator:remove_trunk", args=[trunk_id]),
    }
    return show(request, "trunks/form", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def remove(request: PortalRequest, trunk_id: int) -> HttpResponse:
    """Asks before a trunk is removed, and says which calls it takes with it."""
    found = _one(trunk_id)
    if is_post(request):
        done = f"The trunk {found.name} is removed."
        if act(request, lambda: remove_trunk(name=found.name), done=done):
            tell_gateways()
            audit.note(request, subject=found.name)
        return redirect(ROOM)
    question = Question(
        title=f"Remove the trunk {found.name}?",
        words="Calls that are under way go on. Its password goes with it.",
        items=[Item(each) for each in _breaking(found)],
        verb="Remove it",
        action=reverse("operator:remove_trunk", args=[trunk_id]),
        back=reverse("operator:trunk", args=[trunk_id]),
    )
    return ask(request, question)


def _breaking(trunk: Trunk) -> Iterator[str]:
    others = list(Trunk.objects.exclude(pk=trunk.pk))
    taken = {address for each in others for address in each.addresses} | set(environment().trunks)
    refused = [each for each in trunk.addresses if each not in taken]
    if refused:
        yield f"Calls from {', '.join(refused)} are refused: their callers reach nobody."
    if trunk.outgoing:
        carried = tuple(each for other in others if other.outgoing for each in other.prefixes)
        stranded = [each for each in trunk.prefixes if not (carried and each.startswith(carried))]
        if stranded:
            yield (
                f"No other trunk carries calls to numbers that begin with {', '.join(stranded)}:"
                " people on call are not reached there by telephone."
            )
    if trunk.registers:
        yield "We do not register there any more."


def _one(trunk_id: int) -> Trunk:
    found = Trunk.objects.filter(pk=trunk_id).first()
    if found is None:
        raise TrunkNotFound(str(trunk_id))
    return found
