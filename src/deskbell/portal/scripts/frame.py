"""What the pages of scripts share: who may write them, how they are shown, and how edits are kept.

Everybody in the account reads what receptionists say and ask (seed 000, "Scripts"); receptionists
and operators write it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.contrib import messages as notices
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from deskbell.foundation.errors import NotAllowed
from deskbell.oncall.queries import levels as oncall_levels

from .. import asking
from ..asking import act
from ..attendant.forms import PartForm
from ..attendant.frame import Item, Question, data_of, is_post
from ..oncall.frame import SheetForm, save
from ..pages import View, is_partial, page
from ..tenancy import PortalRequest
from .words import Levels

__all__ = [
    "FOLDER",
    "Item",
    "Question",
    "SheetForm",
    "act",
    "ask",
    "data_of",
    "dialog",
    "is_post",
    "levels_by_id",
    "may_edit",
    "notices",
    "panel",
    "save",
    "show",
    "staff_page",
]
P = ParamSpec("P")
FOLDER: Final = "portal/scripts"
READ_ONLY: Final = "Scripts are written by receptionists and operators; ask them for a change."


def may_edit(request: PortalRequest) -> bool:
    """Whether the person writes scripts: staff do, clients read."""
    return request.user.is_staff_member


def staff_page(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> View[P]:
    """A page for those who write scripts; others are told who does, with 403."""

    @functools.wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        if not may_edit(request):
            raise NotAllowed(READ_ONLY)
        return view(request, *args, **named)

    return page(cast(Callable[Concatenate[PortalRequest, P], HttpResponseBase], guarded))


def levels_by_id() -> Levels:
    """The names of the account's escalation levels, in order; one query, needs its scope."""
    return {each.pk: each.name for each in oncall_levels()}


def show(
    request: PortalRequest, template: str, context: Mapping[str, Any], *, status: int = 0
) -> HttpResponse:
    """A page of scripts; a `form` in the context decides the status."""
    form = context.get("form")
    decided = form.http_status if isinstance(form, PartForm) else 200
    whole = {"may_edit": may_edit(request), **context}
    return render(request, f"{FOLDER}/{template}.html", whole, status=status or decided)


def panel(request: PortalRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A form beside the page for a script, and a page of its own without one."""
    inside = f"{FOLDER}/{template}.html"
    if is_partial(request):
        return show(request, template, context)
    return show(request, "panel_page", {"panel": inside, "alone": True, **context})


def dialog(
    request: PortalRequest, template: str, context: Mapping[str, Any], *, status: int = 0
) -> HttpResponse:
    """A dialog over the page for a script, and a page of its own without one."""
    base = "portal/attendant/dialog" if is_partial(request) else f"{FOLDER}/dialog_page"
    return show(request, template, {**context, "dialog_base": f"{base}.html"}, status=status)


def ask(request: PortalRequest, question: Question) -> HttpResponse:
    """Asks before something is destroyed; the answer is a POST to `question.action`."""
    return asking.ask(request, question, alone=f"{FOLDER}/dialog_page.html")
