"""What is done with a call, from answering to having written it down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_POST

from deskbell.desk import actions
from deskbell.desk.actions import holding, passing
from deskbell.desk.actions.dispositions import dispose
from deskbell.foundation.clock import now

from .frame import DeskRequest, desk_page
from .hands import act, own_call, own_offer
from .regions import after_action

_DOES: Final[dict[str, Callable[..., Any]]] = {
    "hold": holding.hold,
    "unhold": holding.unhold,
    "hang-up": holding.hang_up,
    "complete": passing.complete,
    "take-back": passing.take_back,
    "confer": passing.confer,
}


@require_POST
@desk_page
def answer(request: DeskRequest, offer_id: int) -> HttpResponseBase:
    """Claims the call that rings: only this receptionist's telephone goes on ringing."""
    offer = own_offer(request, offer_id)
    act(
        request,
        offer.account_id,
        lambda: actions.claim(
            desk_call=offer.desk_call, receptionist=request.receptionist, at=now()
        ),
        "The call is yours: pick up your telephone.",
    )
    return after_action(request)


@require_POST
@desk_page
def refuse(request: DeskRequest, offer_id: int) -> HttpResponseBase:
    """Lets the next receptionist be rung."""
    offer = own_offer(request, offer_id)
    act(request, offer.account_id, lambda: actions.refuse(offer=offer, at=now()))
    return after_action(request)


@require_POST
@desk_page
def do(request: DeskRequest, call_id: int, what: str) -> HttpResponseBase:
    """One of the things that are done with a call in hand."""
    if what not in _DOES:
        raise Http404
    desk_call = own_call(request, call_id)
    act(request, desk_call.account_id, lambda: _DOES[what](desk_call=desk_call, at=now()))
    return after_action(request)


@require_POST
@desk_page
def done(request: DeskRequest, call_id: int) -> HttpResponseBase:
    """The call is written down; what is not sent stays among the forms that are not."""
    desk_call = own_call(request, call_id)
    disposition = request.POST.get("disposition", "").replace("\0", "").strip()

    def finish() -> None:
        if disposition:
            dispose(desk_call=desk_call, disposition=disposition)
        actions.wrapped_up(desk_call=desk_call, at=now())

    act(request, desk_call.account_id, finish)
    return after_action(request)
