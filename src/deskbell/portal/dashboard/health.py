"""How the system is, on the dashboard of staff."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deskbell.accounts.models import Staff
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotAllowed
from deskbell.platform.tenancy import system_scope

from ..operator.health.parts import parts, troubles
from ..pages import is_partial, page
from ..tenancy import PortalRequest


@require_GET
@page
def system_health(request: PortalRequest) -> HttpResponse:
    """How the deployment is, for staff: the part of the dashboard that is fetched after it.

    A gateway that does not answer costs a second, which the dashboard must not wait for.
    """
    if not request.user.is_staff_member:
        raise NotAllowed("How the system is concerns the operator's people alone.")
    with system_scope("how the deployment is concerns all accounts"):
        found = parts(now())
    context = {
        "parts": found,
        "troubles": troubles(found),
        "is_operator": request.user.staff == Staff.OPERATOR,
    }
    name = "health" if is_partial(request) else "health_page"
    return render(request, f"portal/dashboard/{name}.html", context)
