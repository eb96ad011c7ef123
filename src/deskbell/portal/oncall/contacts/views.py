"""Contacts: the list, and adding, renaming, merging and deleting them."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from ...tenancy import PortalRequest
from ..frame import oncall_page, render_page


@require_GET
@oncall_page
def contacts(request: PortalRequest) -> HttpResponse:
    """Every contact of the account."""
    return render_page(request, "portal/oncall/contacts/contacts.html", {})
