"""What a receptionist has before them, and which calls they may act on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib import messages as notices
from django.db.models import Q
from django.utils import timezone

from deskbell import audit
from deskbell.accounts.models import Staff
from deskbell.desk.models import DeskCall, DeskCallState, Form, Offer, Party, PartyState
from deskbell.desk.queries import AtDesk
from deskbell.desk.rules.hands import PRESSED, Event, Hand, Move, after, stands
from deskbell.foundation.errors import (
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    Unreachable,
)
from deskbell.platform.tenancy import account_scope

from .frame import DeskRequest

# What is wrong with what was asked, rather than with who asks.
REFUSALS: Final = (Conflict, InvalidInput, NotAllowed, NotFound, Unreachable)
NO_CALL: Final = "This call is not in your hands any more."
_OPEN: Final = (PartyState.CALLING, PartyState.TALKING)
_RELATED: Final = ("account", "number", "call", "skill", "receptionist__user")


@dataclass(frozen=True, slots=True)
class InHand:
    """How a call in hand stands: who is called into it, what may be done, why a call failed."""

    hand: Hand
    may: frozenset[str]
    party: Party | None = None
    failed: Party | None = None


def call_of(at_desk: AtDesk) -> DeskCall | None:
    """The call that rings, is in hand or is being written down."""
    return (
        at_desk.in_hand or at_desk.wrapping or (at_desk.offer.desk_call if at_desk.offer else None)
    )


def in_hand(desk_call: DeskCall) -> InHand:
    """How a call stands; one query, in the scope of its account or a system scope."""
    parties = list(Party.objects.filter(desk_call=desk_call).order_by("-id")[:5])
    party = next((each for each in parties if each.state in _OPEN), None)
    reached = [each for each in parties if each.joined_at is not None]
    hand = stands(
        state=desk_call.state,
        is_held=desk_call.is_held,
        is_reached=desk_call.kind != "outgoing" or bool(reached),
        party=party.state if party and not _is_other_side(party) else "",
    )
    may = frozenset(event.value for event in PRESSED if _may(hand, event))
    last = parties[0] if parties else None
    failed = last if last is not None and last.state == PartyState.FAILED else None
    return InHand(hand, may, party, failed)


def _is_other_side(party: Party) -> bool:
    """Whether this is whom an outgoing call is for, rather than a third."""
    return party.how == "out"


def _may(hand: Hand, event: Event) -> bool:
    follows = after(hand, event)
    return isinstance(follows, Move) and (follows.to is not hand or bool(follows.orders))


def own_call(request: DeskRequest, call_id: int, *, may_be_over: bool = False) -> DeskCall:
    """A call that the person may act on: in their own hands, or any for operators.

    `may_be_over` for what is still written of it: also of a call that is in nobody's hands any more
    by whoever wrote it last. Raises NotFound.
    """
    found = DeskCall.objects.select_related(*_RELATED).filter(pk=call_id)
    if request.user.staff != Staff.OPERATOR:
        mine = Q(receptionist=request.receptionist)
        if may_be_over:
            written = Form.objects.filter(receptionist=request.receptionist).values("desk_call")
            mine |= Q(receptionist=None, pk__in=written)
        found = found.filter(mine)
    if not may_be_over:
        found = found.exclude(state=DeskCallState.OVER)
    desk_call = found.first()
    if desk_call is None:
        raise NotFound(NO_CALL)
    return desk_call


def own_offer(request: DeskRequest, offer_id: int) -> Offer:
    """A ring of the person's own; operators have no other's. Raises NotFound."""
    found = Offer.objects.select_related("desk_call__account", "desk_call__number")
    offer = found.filter(pk=offer_id, receptionist=request.receptionist).first()
    if offer is None:
        raise NotFound("This call does not ring for you.")
    return offer


def zone_of(desk_call: DeskCall) -> AbstractContextManager[Any]:
    """The account's own time zone, for what is shown of its call."""
    return timezone.override(ZoneInfo(desk_call.account.time_zone))


def act(
    request: DeskRequest, account_id: int | None, change: Callable[[], object], done: str = ""
) -> bool:
    """Does something in an account's scope (None: in the page's own); a notice says what is wrong.

    Gives whether it was done. It stands in the account's audit log.
    """
    audit.note(request, account_id=account_id)
    try:
        if account_id is None:
            change()
        else:
            with account_scope(account_id):
                change()
    except REFUSALS as error:
        notices.error(request, sentence(str(error)))
        return False
    if done:
        notices.success(request, done)
    return True


def sentence(words: str) -> str:
    """An error's words as a sentence."""
    return words if words.endswith((".", "?", "!")) else f"{words}."
