"""The terms of paying here, and how to pay by wire."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ...tenancy import PortalRequest
from ..frame import billing_page, show

# Kept with each payment: whoever changes paying/terms.html gives it another.
EDITION: Final = "2026-11"


@require_safe
@billing_page
def terms(request: PortalRequest) -> HttpResponse:
    """What somebody who pays agrees to."""
    return show(request, "paying/terms", {"edition": EDITION})


@require_safe
@billing_page
def wire(request: PortalRequest) -> HttpResponse:
    """Where a wire goes, and what to write on it."""
    return show(request, "paying/wire", {})
