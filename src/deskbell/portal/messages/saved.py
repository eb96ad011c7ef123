"""Saved searches: lists that a person comes back to, under names of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.messages import actions
from deskbell.messages.queries import saved_searches

from ..pages import is_partial, page
from ..tenancy import PortalRequest
from .asked import Asked


def saved_context(request: PortalRequest) -> dict[str, Any]:
    """The person's saved searches in this account. One query."""
    return {"saved": list(saved_searches(request.user))}


@require_POST
@page
def save_search(request: PortalRequest) -> HttpResponse:
    """Keeps the list that is looked at under a name."""
    asked = Asked.read(request.POST)
    name = request.POST.get("name", "")
    try:
        kept = actions.save_search(
            account_id=request.account.pk,
            user_id=request.user.pk,
            name=name,
            query=asked.whole.query.removeprefix("?"),
            at=now(),
        )
    except InvalidInput as error:
        return _shown(request, asked, error=f"{str(error).rstrip('.')}.", name=name)
    notices.success(request, f"The search is saved as “{kept.name}”.")
    return _shown(request, asked)


@require_POST
@page
def remove_search(request: PortalRequest, search_id: int) -> HttpResponse:
    """Forgets one of the person's own searches."""
    found = saved_searches(request.user).filter(pk=search_id).first()
    if found is None:
        raise NotFound("No such saved search")
    actions.remove_search(search=found)
    notices.success(request, f"“{found.name}” is no longer saved.")
    return _shown(request, Asked.read(request.POST))


def _shown(
    request: PortalRequest, asked: Asked, *, error: str = "", name: str = ""
) -> HttpResponse:
    """The saved searches again; without a script the list, where a notice says what is wrong."""
    if is_partial(request):
        context = saved_context(request) | {"error": error, "name": name, "notify": not error}
        return render(request, "portal/messages/saved.html", context)
    if error:
        notices.error(request, error)
    return redirect(reverse("messages") + asked.query)
