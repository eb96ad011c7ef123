"""What on call's pages share: who may edit, how a change is tried, and how dialogs are shown."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from deskbell.accounts.rules import Right
from deskbell.foundation.errors import Conflict, InvalidInput, NotAllowed, NotFound

from ..asking import act
from ..attendant.forms import PartChanged, PartForm
from ..attendant.frame import Item, Question, data_of, is_post
from ..context import menu_at
from ..pages import View, is_partial, page
from ..tenancy import PortalRequest, held_rights

__all__ = [
    "Item",
    "Question",
    "SheetForm",
    "act",
    "ask",
    "data_of",
    "is_post",
    "may_edit",
    "oncall_page",
    "only_editors",
    "read_id",
    "render_dialog",
    "render_page",
    "save",
]
P = ParamSpec("P")
MOST_DIGITS = 18
READ_ONLY = "Changing on call needs the Oncall Calendar Management access of this account."


class SheetForm(PartForm[Mapping[str, Any]]):
    """A form over some values by the fields' names, which notices what somebody else saved."""

    def shown_of(self, part: Mapping[str, Any]) -> dict[str, Any]:
        """The values themselves."""
        return dict(part)


def oncall_page(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> View[P]:
    """A page of on call: everybody in the account looks, POSTs need `Right.ONCALL_CALENDAR`."""

    @functools.wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        if request.method == "POST":
            only_editors(request)
        return view(request, *args, **named)

    return page(cast(Callable[Concatenate[PortalRequest, P], HttpResponseBase], guarded))


def may_edit(request: PortalRequest) -> bool:
    """Whether the person may change contacts, levels and calendars."""
    return Right.ONCALL_CALENDAR in held_rights(request)


def only_editors(request: PortalRequest) -> None:
    """Refuses whoever may only look: no form is shown that could not be sent. Raises NotAllowed."""
    if not may_edit(request):
        raise NotAllowed(READ_ONLY)


def read_id(text: str | None) -> int | None:
    """The id of something as a form sends it; None for what cannot be one."""
    is_id = text is not None and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if text and is_id else None


def save(form: PartForm[Any], change: Callable[[], object]) -> bool:
    """Does what a valid form asks for; says whether it is done.

    Where it is not, the form shows why: beside the field that an error names, and beside every
    field that somebody else saved differently meanwhile.
    """
    try:
        change()
    except PartChanged as error:
        form.show_saved(error.part)
        form.refuse(error)
    except (InvalidInput, NotFound, Conflict) as error:
        form.refuse(error)
    else:
        form.note_changes()
        return True
    return False


def render_page(
    request: PortalRequest, template: str, context: Mapping[str, Any], *, status: int = 0
) -> HttpResponse:
    """A page inside `portal/oncall/base.html`; a `form` in the context decides the status."""
    return _render(request, template, context, status)


def render_dialog(
    request: PortalRequest, template: str, context: Mapping[str, Any], *, status: int = 0
) -> HttpResponse:
    """A dialog over the page for a script, and a page of its own without one.

    The template extends `dialog_base`, which is one or the other.
    """
    base = "attendant/dialog.html" if is_partial(request) else "oncall/dialog_page.html"
    return _render(request, template, {**context, "dialog_base": f"portal/{base}"}, status)


def ask(request: PortalRequest, question: Question) -> HttpResponse:
    """Asks before something is destroyed; the answer is a POST to `question.action`."""
    return render_dialog(request, "portal/attendant/ask.html", {"question": question})


def _render(
    request: PortalRequest, template: str, context: Mapping[str, Any], status: int
) -> HttpResponse:
    form = context.get("form")
    decided = form.http_status if isinstance(form, PartForm) else 200
    here = next((entry for entry in menu_at(request) if entry.is_here), None)
    shared = {"tabs": here.inside if here else (), "may_edit": may_edit(request)}
    return render(request, template, {**shared, **context}, status=status or decided)
