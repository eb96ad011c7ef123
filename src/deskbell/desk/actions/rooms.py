"""A call as hands find it: its row locked, who is in its room, how it stands by `rules.hands`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from deskbell.calls import actions as calls
from deskbell.calls.models import Stage
from deskbell.foundation.errors import Conflict, NotFound

from ..models import DeskCall, DeskCallKind, Offer, OfferState, Party, PartyState
from ..rules import hands
from ..rules.hands import Event, Hand, How, Move, Refusal
from .locks import locked_call


@dataclass(slots=True)
class Room:
    """A call whose row is locked, and who is in it."""

    call: DeskCall
    hand: Hand
    party: Party | None = None
    others: list[str] = field(default_factory=list)  # legs that are to be ended

    def leg_of_receptionist(self) -> str:
        """The leg of who has the call; empty where nobody has."""
        rows = Offer.objects.filter(desk_call=self.call, state=OfferState.ANSWERED)
        return rows.values_list("leg_sid", flat=True).first() or ""


def enter(desk_call_id: int, *, but: int = 0) -> Room:
    """Locks a call, and sees how it stands; party `but` does not count. Raises NotFound."""
    call = locked_call(desk_call_id)
    if call is None:
        raise NotFound("There is no such call at the desk any more")
    live = (PartyState.CALLING, PartyState.TALKING)
    parties = call.parties.filter(state__in=live).exclude(pk=but).order_by("-id")
    called_out, party = None, None
    for each in parties:
        if each.how == How.OUT:
            called_out = called_out or each
        else:
            party = party or each
    is_out = call.kind == DeskCallKind.OUTGOING
    is_reached = not is_out or (called_out is not None and called_out.state == PartyState.TALKING)
    hand = hands.stands(
        state=call.state,
        is_held=call.is_held,
        is_reached=is_reached,
        party=party.state if party else "",
    )
    return Room(call, hand, called_out if hand is Hand.DIALLING else party)


def decided(room: Room, event: Event) -> Move:
    """What follows. Raises Conflict, in words, for what may not be."""
    found = hands.after(room.hand, event)
    if isinstance(found, Refusal):
        raise Conflict(found.words)
    return found


def enter_stage(call: DeskCall, stage: Stage, at: datetime) -> None:
    """Writes a stage into the call's record, where it has one yet."""
    if call.call_id is not None:
        calls.enter_stage(call_id=call.call_id, stage=stage, at=at)


def end_party(party: Party, state: PartyState, at: datetime, *, words: str = "") -> None:
    """Writes that somebody is in a call no more, and why where it came to nothing."""
    party.state, party.ended_at, party.words = state, at, words[:200]
    party.save(update_fields=["state", "ended_at", "words"])
