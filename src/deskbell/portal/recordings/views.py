"""The pages of recordings, for whoever has the Call Recording access; the server asks each time.

Source: seed 000, "My Accounts" (Call Recording).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec, cast

from django.http import HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from deskbell.accounts.rules import Right
from deskbell.calls import links, queries
from deskbell.calls.models import Recording, TranscriptState
from deskbell.calls.waveforms import waveform
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotAllowed, NotFound

from ..attendant.listing import as_csv
from ..pages import View, is_partial, page
from ..tenancy import PortalRequest, held_rights
from .asked import Asked
from .shown import heard, list_context
from .table import CSV, everything

P = ParamSpec("P")
NEEDS = "Hearing recordings needs the Call Recording access of this account."
GONE = "This recording's audio is no longer kept"
SPARE: Final = 3600


def hearing_page(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> View[P]:
    """A page for those who may hear recordings; others are told what it needs, with 403."""

    @functools.wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        if Right.CALL_RECORDING not in held_rights(request):
            raise NotAllowed(NEEDS)
        return view(request, *args, **named)

    return page(cast(Callable[Concatenate[PortalRequest, P], HttpResponseBase], guarded))


@require_safe
@hearing_page
def recordings(request: PortalRequest) -> HttpResponse:
    """The list, all of it as a table, or the part of it that changes while somebody searches."""
    asked = Asked.read(request.GET)
    rows = everything(request.account, asked) if request.GET.get("format") == "csv" else None
    if rows is not None:
        return as_csv(rows, CSV, "recordings")
    context = list_context(request.account, asked)
    if not is_partial(request):
        return render(request, "portal/recordings/recordings.html", context)
    response = render(request, "portal/recordings/list.html", context)
    response.headers["HX-Replace-Url"] = reverse("recordings") + asked.query.rstrip("?")
    return response


@require_safe
@hearing_page
def recording(request: PortalRequest, recording_id: int) -> HttpResponse:
    """One recording: its player, what was said, its call, and its message."""
    [shown] = heard([_one(recording_id)])
    context = {
        "sound": shown,
        "recording": shown.recording,
        "call": shown.recording.call,
        "is_here": shown.recording.audio.storage.exists(str(shown.recording.audio.name)),
        "states": TranscriptState,
        "may_block": Right.ACCOUNT_MANAGEMENT in held_rights(request),
    }
    return render(request, "portal/recordings/recording.html", context)


@require_safe
@hearing_page
def audio(request: PortalRequest, recording_id: int) -> HttpResponse:
    """Leads to the audio at a link that is made now, and lasts for an hour of seeking."""
    found = _one(recording_id)
    as_file = bool(request.GET.get("file"))
    seconds = SPARE + int(found.seconds)
    return redirect(links.audio_path(found, at=now(), seconds=seconds, as_file=as_file))


@require_safe
@hearing_page
def wave(request: PortalRequest, recording_id: int) -> HttpResponse:
    """The picture of a recording, as SVG; 304 for whoever has it."""
    found = _one(recording_id)
    tag = f'"{found.sha256 or found.sid}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(waveform(found), content_type="image/svg+xml")
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _one(recording_id: int) -> Recording:
    found = queries.recordings().filter(pk=recording_id).first()
    if found is None:
        raise NotFound(GONE)
    return found
