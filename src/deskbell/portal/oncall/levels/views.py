"""Escalation levels: the list in order, and adding, editing, cloning and deleting them."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from ...tenancy import PortalRequest
from ..frame import oncall_page, render_page


@require_GET
@oncall_page
def levels(request: PortalRequest) -> HttpResponse:
    """The levels in their order."""
    return render_page(request, "portal/oncall/levels/levels.html", {})
