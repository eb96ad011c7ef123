"""All accounts that a person may enter, to be searched: for those who have many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deskbell.accounts.models import Account
from deskbell.accounts.queries import accounts_of

from ..lists import MAX_SEARCH, count, listing, query_of, written
from ..pages import page
from ..tenancy import PortalRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """What was searched for, and the page from 1."""

    q: str = ""
    page: int = 1

    @property
    def query(self) -> str:
        """The query string for the same list."""
        return query_of(self, Asked())


@require_safe
@page
def choose(request: PortalRequest) -> HttpResponse:
    """The accounts whose name, number or client id has every word searched for."""
    asked = Asked(q=written(request.GET, "q", MAX_SEARCH), page=count(request.GET, "page"))
    found = accounts_of(request.user)
    for word in asked.q.split():
        found = found.filter(
            Q(name__icontains=word) | Q(number__icontains=word) | Q(client_id__iexact=word)
        )
    context: dict[str, Any] = {"list": listing(found.distinct(), asked, _shown)}
    return render(request, "portal/accounts/choose.html", context)


def _shown(rows: Any) -> list[Account]:
    return list(rows)
