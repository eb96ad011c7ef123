"""How the pages are framed: as the portal's others, or alone where nothing else may be seen yet."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

FOLDER = "portal/mfa"


def show(
    request: HttpRequest, name: str, context: dict[str, Any], *, alone: bool = True
) -> HttpResponse:
    """A page of this folder. One that is shown `alone` has nothing else on it to be done.

    A `form` that has errors makes the status 422.
    """
    is_alone = alone or bool(demand_of(request)) or getattr(request, "account", None) is None
    form = context.get("form")
    wrong = form is not None and form.is_bound and bool(form.errors)
    whole = {
        "frame": "portal/bare.html" if is_alone else "portal/base.html",
        "body": f"{FOLDER}/{name}.html",
        "is_alone": is_alone,
        "demand": demand_of(request),
        **context,
    }
    return render(request, f"{FOLDER}/page.html", whole, status=422 if wrong else 200)


def demand_of(request: HttpRequest) -> str:
    """Why the person has to set up a second factor now, in words; empty where they need not."""
    return str(getattr(request, "mfa_demand", ""))
