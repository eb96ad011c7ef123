"""Looking ahead: gaps, double cover, and who a message would reach."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from ...tenancy import PortalRequest
from ..frame import oncall_page, render_page


@require_GET
@oncall_page
def planning(request: PortalRequest) -> HttpResponse:
    """Gaps and double cover."""
    return render_page(request, "portal/oncall/plan/planning.html", {})
