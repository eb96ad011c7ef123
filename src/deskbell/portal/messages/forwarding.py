"""Forwarding a message to people who are not on call for it, and sending one delivery again.

Whoever sees a message may do both, as with acknowledging. The form is loaded into the panel, and is
a page of its own without a script; searching keeps what is chosen and typed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages as notices
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from deskbell.accounts.rules import Right
from deskbell.contacts import queries as contacts
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions
from deskbell.delivery import queries as deliveries
from deskbell.delivery.actions.forwarding import LONGEST_WORDS, MOST_METHODS
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, InvalidInput, NotFound
from deskbell.messages import queries
from deskbell.messages.models import Message

from ..acting import done_by
from ..oncall.contacts.shown import MethodLine, lines_by_contact
from ..oncall.frame import read_id
from ..pages import is_partial
from ..rights import page_with
from ..tenancy import PortalRequest
from .panel import after_change

MOST_CONTACTS: Final = 25
MOST_KEPT: Final = 4 * LONGEST_WORDS
_SEARCHED: Final = 100


@dataclass(frozen=True, slots=True)
class Person:
    """A contact with the ways that can be chosen to reach it."""

    name: str
    ways: Sequence[MethodLine]


@dataclass(frozen=True, slots=True)
class Form:
    """What was chosen and typed so far, and what is wrong with it, by the names of fields."""

    chosen: frozenset[int] = frozenset()
    words: str = ""
    q: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@page_with(Right.MESSAGE_HANDLING)
def forward(request: PortalRequest, message_id: int) -> HttpResponse:
    """The form; POST forwards, or, where `find` is sent, shows what a search finds."""
    found = queries.one(message_id)
    if request.method != "POST":
        return _form(request, found, Form())
    form = _read(request)
    if "find" in request.POST:
        return _form(request, found, form)
    try:
        made = actions.forward(
            message=found,
            methods=_methods(form.chosen),
            by=done_by(request),
            at=now(),
            words=request.POST.get("words", ""),
        )
    except InvalidInput as error:
        form.errors[error.field or "methods"] = str(error)
        return _form(request, found, form, status=422)
    except Conflict as error:
        form.errors["methods"] = f"{error}."
        return _form(request, found, form, status=409)
    ways = "1 way" if len(made) == 1 else f"{len(made)} ways"
    notices.success(request, f"Message {found.pk} is being forwarded, {ways}.")
    return after_change(request, found, {"forward_is_done": True})


def _read(request: PortalRequest) -> Form:
    ids = (read_id(text) for text in request.POST.getlist("method"))
    return Form(
        chosen=frozenset(each for each in ids if each is not None),
        words=request.POST.get("words", "")[:MOST_KEPT],
        q=request.POST.get("q", "").replace("\0", "")[:_SEARCHED].strip(),
    )


def _methods(ids: Collection[int]) -> list[DeliveryMethod]:
    """The account's methods among `ids`; one that is gone is what the action would refuse too."""
    most = sorted(ids)[: MOST_METHODS + 1]
    found = list(DeliveryMethod.objects.select_related("contact").filter(pk__in=most))
    if len(found) < len(most):
        raise Conflict("One of the ways to deliver was removed meanwhile; choose again")
    return found


def _form(request: PortalRequest, found: Message, form: Form, *, status: int = 200) -> HttpResponse:
    context = {"message": found, "form": form, "most": LONGEST_WORDS} | _people(form)
    if not is_partial(request):
        return render(request, "portal/messages/forward.html", context, status=status)
    if "find" in request.POST:
        return render(request, "portal/messages/forward_people.html", context)
    if request.method == "POST":  # it goes into its place in the panel, not where an answer would
        return after_change(request, found, context | {"forward_is_wrong": True})
    return render(request, "portal/messages/forward_form.html", context)


def _people(form: Form) -> dict[str, Any]:
    """Whom the form offers: those chosen so far, then those found; five queries at most."""
    known = DeliveryMethod.objects.select_related("contact")
    kept = known.filter(pk__in=form.chosen).order_by("contact__name", "pk")
    chosen = list(kept[:MOST_METHODS])
    reached = DeliveryMethod.objects.all()
    found = contacts.listed().prefetch_related(None)
    found = found.filter(pk__in=reached.values("contact_id"))
    if form.q:
        there = reached.filter(address__icontains=form.q).values("contact_id")
        found = found.filter(Q(name__icontains=form.q) | Q(pk__in=there))
    rows = list(found[: MOST_CONTACTS + 1])
    shown = rows[:MOST_CONTACTS]
    others = known.filter(contact__in=shown).exclude(pk__in=[each.pk for each in chosen])
    ways = lines_by_contact([*others.order_by("pk"), *chosen])
    ids = {each.pk for each in chosen}
    open_ways = [
        Person(row.name, [way for way in ways[row.pk] if way.method.pk not in ids])
        for row in shown
        if row.pk in ways
    ]
    return {
        "chosen": [line for lines in ways.values() for line in lines if line.method.pk in ids],
        "people": [person for person in open_ways if person.ways],
        "has_more": len(rows) > MOST_CONTACTS,
    }


@require_POST
@page_with(Right.MESSAGE_HANDLING)
def send_again(request: PortalRequest, message_id: int, delivery_id: int) -> HttpResponse:
    """Sends once more to where one delivery failed."""
    found = queries.one(message_id)
    delivery = deliveries.deliveries_of(found.pk).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound("No such delivery")
    try:
        actions.send_again(delivery=delivery, by=done_by(request), at=now())
    except Conflict as error:
        notices.warning(request, f"{error}.")
    else:
        notices.success(request, f"It is being sent to {delivery.contact_name} again.")
    return after_change(request, found)
