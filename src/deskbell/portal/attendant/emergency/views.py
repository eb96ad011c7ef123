"""The emergency switch's dialog. What it does is live at once: it is no part of the draft."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deskbell.attendant.actions import end_emergency, set_emergency
from deskbell.attendant.errors import SystemNotFound
from deskbell.attendant.models import System
from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput, NotAllowed, NotFound

from ...tenancy import PortalRequest
from ..frame import READ_ONLY, attendant_page, data_of, is_post, may_edit, render_dialog
from .forms import EmergencyForm


@require_http_methods(["GET", "HEAD", "POST"])
@attendant_page
def emergency(request: PortalRequest, sid: str) -> HttpResponse:
    """Asks what callers of a live system meet until when; a POST with `end` ends it."""
    if not may_edit(request):
        raise NotAllowed(READ_ONLY)
    system = _system(sid)
    at = now()
    if "end" in request.POST:
        end_emergency(system=system, at=at)
        notices.success(request, f"Callers of {system.name} meet what the schedule says again.")
        return _back(sid)
    form = EmergencyForm(system, at, data_of(request))
    if is_post(request) and form.is_valid() and _switched_on(form, system):
        notices.success(request, f"The emergency switch of {system.name} is on.")
        return _back(sid)
    context = {
        "system": system,
        "form": form,
        "is_on": system.emergency_until is not None and system.emergency_until > at,
        "back": _address(sid),
    }
    status = 422 if form.errors else 200
    template = "portal/attendant/emergency/emergency.html"
    return render_dialog(request, template, context, status=status)


def _system(sid: str) -> System:
    related = ("emergency_menu", "emergency_announcement")
    found = System.objects.select_related(*related).filter(sid=sid).first()
    if found is None:
        raise SystemNotFound("Callers meet no such system yet: publish the draft first")
    return found


def _switched_on(form: EmergencyForm, system: System) -> bool:
    menu, announcement = form.chosen()
    try:
        set_emergency(
            system=system, until=form.ends, at=now(), menu=menu, announcement=announcement
        )
    except (InvalidInput, NotFound) as error:
        form.add_error(None, str(error))
        return False
    return True


def _back(sid: str) -> HttpResponse:
    return redirect(_address(sid))


def _address(sid: str) -> str:
    return f"{reverse('attendant')}?system={sid}"
