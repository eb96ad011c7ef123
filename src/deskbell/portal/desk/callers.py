"""Blocking the caller of a call in hand, and unblocking."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from deskbell.calls.actions import block as block_caller
from deskbell.calls.actions import unblock as unblock_caller
from deskbell.foundation.clock import now

from .frame import DeskRequest, desk_page
from .hands import act, own_call
from .regions import after_action


@require_POST
@desk_page
def block(request: DeskRequest, call_id: int) -> HttpResponseBase:
    """Marks the caller as unwanted; with `refused`, further calls are not even answered."""
    desk_call = own_call(request, call_id)
    act(
        request,
        desk_call.account_id,
        lambda: block_caller(
            account_id=desk_call.account_id,
            caller_id=desk_call.caller_id,
            is_refused=request.POST.get("refused") == "1",
            reason=request.POST.get("reason", "").replace("\0", ""),
            by=str(request.user),
            at=now(),
        ),
        "The caller is blocked.",
    )
    return after_action(request)


@require_POST
@desk_page
def unblock(request: DeskRequest, call_id: int) -> HttpResponseBase:
    """Takes the mark away."""
    desk_call = own_call(request, call_id)
    act(
        request,
        desk_call.account_id,
        lambda: unblock_caller(account_id=desk_call.account_id, caller_id=desk_call.caller_id),
        "The caller is not blocked any more.",
    )
    return after_action(request)
