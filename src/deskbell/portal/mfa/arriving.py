"""What happens once somebody has a second factor that they did not have before."""

from __future__ import annotations

from typing import Final

from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect

from ..tenancy import PortalRequest
from .ending import end_others

GOING_ON: Final = "mfa_next"


def arrived(request: PortalRequest, made_codes: bool, words: str) -> HttpResponse:
    """Leads to the new recovery codes, or back to the overview, with a notice.

    The first factor ends the person's other sessions: they were begun without it. This one has
    proved it just now.
    """
    record_authentication(request, request.user, "mfa", reauthenticated=True)
    if made_codes:
        end_others(request)
        return redirect("mfa_view_recovery_codes")
    notices.success(request, words)
    return redirect("mfa_index")
