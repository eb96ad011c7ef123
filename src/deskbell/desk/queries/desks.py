"""What one receptionist has before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from deskbell.platform.tenancy import system_scope

from ..models import DeskCall, DeskCallState, Offer, OfferState, Receptionist

WITH: Final = ("account", "number", "call", "skill")


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A receptionist as they stand now, what rings, what is in hand, what is being written down.

    The offer has its call; calls have account, number, record and skill.
    """

    receptionist: Receptionist
    offer: Offer | None = None
    in_hand: DeskCall | None = None
    wrapping: DeskCall | None = None


def desk_of(receptionist: Receptionist) -> AtDesk:
    """All of it in two statements, in a system scope of its own; `receptionist` as just read.

    Who is away or available has nothing before them, and costs none.

    A call that was passed on and is still being written down is `wrapping`.
    """
    if receptionist.is_idle:
        return AtDesk(receptionist)
    with system_scope("a desk serves every account"):
        offers = Offer.objects.filter(receptionist=receptionist, state=OfferState.RINGING)
        calls = DeskCall.objects.filter(receptionist=receptionist)
        live = calls.exclude(state=DeskCallState.OVER).select_related(*WITH).order_by("-pk")
        found = list(live)
        return AtDesk(
            receptionist=receptionist,
            offer=offers.select_related(*(f"desk_call__{each}" for each in WITH)).first(),
            in_hand=next((e for e in found if e.state == DeskCallState.IN_HAND), None),
            wrapping=next((e for e in found if is_written(e)), None),
        )


def is_written(desk_call: DeskCall) -> bool:
    """Whether the receptionist of a call still writes it down."""
    states = (DeskCallState.WRAPPING, DeskCallState.PASSED_ON)
    return desk_call.wrap_until is not None and desk_call.state in states
