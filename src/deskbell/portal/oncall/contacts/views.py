"""Contacts: the list, and adding, renaming, merging and deleting them.

Source: seed 000, "Add Contacts" to "Merge Contacts".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages as notices
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskbell.contacts import actions, queries
from deskbell.contacts.models import Contact
from deskbell.delivery.registry import transports
from deskbell.foundation.clock import now
from deskbell.oncall.models import Event

from ...attendant.listing import Asked, Column, as_csv, in_order, listed
from ...tenancy import PortalRequest
from ..frame import (
    Item,
    Question,
    act,
    ask,
    data_of,
    is_post,
    may_edit,
    oncall_page,
    only_editors,
    render_dialog,
    render_page,
    save,
)
from . import column as columns
from .forms import FEWEST, MergeForm, NameForm, UserForm, users_of
from .shown import MethodLine, icon_of, lines_of
from .uses import events_with, lost_with_contact, when_words

FOLDER = "portal/oncall/contacts"
FOREVER = "This CANNOT be undone."


@dataclass(frozen=True, slots=True)
class Line:
    """A contact in the list: how it is reached, where it is on call, and who it is."""

    contact: Contact
    methods: Sequence[MethodLine]
    levels: Sequence[str]
    user: str = ""


COLUMNS: list[Column[Line]] = [
    Column("name", "Contact", lambda line: line.contact.name),
    Column(
        "methods",
        "Delivery methods",
        lambda line: ", ".join(f"{each.label}: {each.address}" for each in line.methods),
        order=lambda line: len(line.methods),
    ),
    Column("levels", "On call on", lambda line: ", ".join(line.levels)),
    Column("user", "User", lambda line: line.user),
]


@require_GET
@oncall_page
def contacts(request: PortalRequest) -> HttpResponse:
    """Every contact of the account with its delivery methods."""
    asked = Asked.read(request.GET)
    lines = _lines(request)
    if request.GET.get("format") == "csv":
        return as_csv(in_order(lines, COLUMNS, asked), COLUMNS, "contacts")
    context = {"list": listed(lines, COLUMNS, asked), "is_empty": not lines}
    context["may_merge"] = may_edit(request) and len(lines) >= FEWEST
    return render_page(request, f"{FOLDER}/contacts.html", context)


def _lines(request: PortalRequest) -> list[Line]:
    found = columns.lines_of_contacts(list(queries.listed()))
    users = {each.pk: str(each) for each in users_of(request.account)}
    levels: dict[int, dict[str, None]] = {}
    duties = Event.methods.through.objects.filter(event__account=request.account)
    for contact_id, name in (
        duties.values_list("deliverymethod__contact_id", "event__level__name")
        .order_by("event__level__position", "event__level_id")
        .distinct()
    ):
        levels.setdefault(contact_id, {})[name] = None
    return [
        Line(
            each.contact,
            each.methods,
            list(levels.get(each.contact.pk, {})),
            users.get(each.contact.user_id or 0, ""),
        )
        for each in found
    ]


@require_GET
@oncall_page
def column(request: PortalRequest) -> HttpResponse:
    """The column's list, as it is searched while somebody types."""
    return render(request, f"{FOLDER}/column_list.html", columns.context(request))


@require_http_methods(["GET", "POST"])
@oncall_page
def new(request: PortalRequest) -> HttpResponse:
    """Adds a contact; its delivery methods come next."""
    only_editors(request)
    form = NameForm(data_of(request))
    if is_post(request) and form.is_valid():
        made: list[Contact] = []

        def add() -> None:
            made.append(
                actions.add_contact(
                    account_id=request.account.pk, name=form.cleaned_data["name"], at=now()
                )
            )

        if save(form, add):
            return redirect("oncall:contact", made[0].pk)
    context = {
        "form": form,
        "action": reverse("oncall:new_contact"),
        "back": reverse("oncall:contacts"),
        "title": "New contact",
    }
    return render_dialog(request, f"{FOLDER}/name.html", context)


@require_GET
@oncall_page
def contact(request: PortalRequest, contact_id: int) -> HttpResponse:
    """One contact: how it is reached, when it is on call, and which user it is."""
    return render_contact(request, queries.one(contact_id))


def render_contact(
    request: PortalRequest, found: Contact, *, code_error: tuple[int, str] | None = None
) -> HttpResponse:
    """The page of a contact; `code_error` is what is wrong with the code of a method, by its id."""
    methods = list(found.methods.all())
    events = events_with({each.pk for each in methods})
    form = _user_form(request, found)
    context: dict[str, Any] = {
        "contact": found,
        "methods": lines_of(methods),
        "kinds": [(each.kind, each.label, icon_of(each.kind)) for each in transports().values()],
        "events": [(each, when_words(each)) for each in events],
        "user_form": form,
        "user": next((each for each in form.users if each.pk == found.user_id), None),
        "code_method": code_error[0] if code_error else 0,
        "code_error": code_error[1] if code_error else "",
    }
    context["missing_email"] = _missing_email(context["user"], methods)
    return render_page(
        request, f"{FOLDER}/contact.html", context, status=422 if code_error else 200
    )


def _missing_email(user: Any, methods: Sequence[Any]) -> str:
    """The linked user's email address where the contact does not have it as a method."""
    if user is None:
        return ""
    known = {each.address.casefold() for each in methods if each.kind == "email"}
    return "" if user.email.casefold() in known else str(user.email)


def _user_form(request: PortalRequest, found: Contact, data: QueryDict | None = None) -> UserForm:
    part = {"user": str(found.user_id or "")}
    return UserForm(data, account=request.account, part=part, locked=not may_edit(request))


@require_http_methods(["GET", "POST"])
@oncall_page
def rename(request: PortalRequest, contact_id: int) -> HttpResponse:
    """Gives a contact another name."""
    only_editors(request)
    found = queries.one(contact_id)
    form = NameForm(data_of(request), part={"name": found.name})
    if is_post(request) and form.is_valid():

        def change() -> None:
            form.unchanged({"name": queries.one(contact_id).name})
            actions.rename_contact(contact=found, name=form.cleaned_data["name"])

        if save(form, change):
            notices.success(request, f"The contact is called “{found.name}” now.")
            return redirect("oncall:contact", contact_id)
    context = {
        "form": form,
        "action": reverse("oncall:rename_contact", args=[contact_id]),
        "back": reverse("oncall:contact", args=[contact_id]),
        "title": "Rename contact",
    }
    return render_dialog(request, f"{FOLDER}/name.html", context)


@require_POST
@oncall_page
def link_user(request: PortalRequest, contact_id: int) -> HttpResponse:
    """Says which user of the account a contact is, or that it is none."""
    found = queries.one(contact_id)
    form = _user_form(request, found, request.POST)
    if form.is_valid():
        act(
            request,
            lambda: actions.link_user(contact=found, user_id=form.user_id),
            done=f"{found.name} is {'that user' if form.user_id else 'no user'} now.",
        )
    else:
        notices.error(request, str(form.errors["user"][0]))
    return redirect("oncall:contact", contact_id)


@require_http_methods(["GET", "POST"])
@oncall_page
def delete(request: PortalRequest, contact_id: int) -> HttpResponse:
    """Asks before a contact is deleted, saying what loses it; then deletes it."""
    only_editors(request)
    found = queries.one(contact_id)
    if is_post(request):
        act(
            request,
            lambda: actions.remove_contact(contact=found),
            done=f"“{found.name}” is deleted, and out of every event.",
        )
        return redirect("oncall:contacts")
    today = now().astimezone(ZoneInfo(request.account.time_zone)).date()
    lost = lost_with_contact(found, list(found.methods.all()), today)
    question = Question(
        title=f"Delete “{found.name}”?",
        words=f"It is taken out of everything below. {FOREVER} Proof of past deliveries stays."
        if lost
        else f"It is in no event and covers nobody. {FOREVER} Proof of past deliveries stays.",
        items=lost,
        verb="Delete contact",
        action=reverse("oncall:delete_contact", args=[contact_id]),
        back=reverse("oncall:contact", args=[contact_id]),
    )
    return ask(request, question)


@require_http_methods(["GET", "POST"])
@oncall_page
def merge(request: PortalRequest) -> HttpResponse:
    """Makes several contacts one: choose them, name the one, and confirm."""
    only_editors(request)
    every = list(columns.searched(""))
    form = MergeForm(data_of(request), contacts=every)
    if is_post(request) and form.is_valid():
        if not request.POST.get("confirmed"):
            return _ask_merge(request, form)
        made: list[Contact] = []
        name = form.cleaned_data["name"]
        if save(
            form,
            lambda: made.append(actions.merge_contacts(contacts=form.chosen, name=name, at=now())),
        ):
            notices.success(request, f"{len(form.chosen)} contacts are one now: “{name}”.")
            return redirect("oncall:contact", made[0].pk)
    context = {"form": form, "is_possible": len(every) >= FEWEST}
    return render_page(request, f"{FOLDER}/merge.html", context)


def _ask_merge(request: PortalRequest, form: MergeForm) -> HttpResponse:
    chosen = form.chosen
    context = {
        "question": Question(
            title=f"Merge {len(chosen)} contacts?",
            words="Every delivery method, event and override of theirs goes to"
            f" “{form.cleaned_data['name']}”; a method that several have stays once. {FOREVER}",
            items=[Item(_told(each)) for each in chosen],
            verb="Merge",
            action=reverse("oncall:merge_contacts"),
            back=reverse("oncall:merge_contacts"),
        ),
        "chosen": [each.pk for each in chosen],
        "name": form.cleaned_data["name"],
    }
    return render_dialog(request, f"{FOLDER}/merge_ask.html", context)


def _told(contact: Contact) -> str:
    said = ", ".join(f"{each.label} {each.address}" for each in lines_of(contact.methods.all()))
    return f"{contact.name}: {said or 'no delivery methods'}"
