"""Where a payment may go from where it stands; never back. Pure.

What a provider tells may come twice, late, or in another order than it happened, so what does not
lead on is left out rather than believed. States are the values of `models.PaymentState`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_ENDS: Final = frozenset({"succeeded", "failed", "returned", "refunded"})
MOVES: Final[Mapping[str, frozenset[str]]] = {
    "started": _ENDS | {"needs_payer", "processing"},
    "needs_payer": _ENDS | {"processing"},
    "processing": _ENDS,
    "succeeded": frozenset({"returned", "refunded"}),
    "failed": frozenset(),
    "returned": frozenset(),
    "refunded": frozenset(),
}
UNDER_WAY: Final = frozenset({"started", "needs_payer", "processing"})
COUNTS: Final = frozenset({"processing", "succeeded"})
# Providers keep an order's key for a day; later the same order might be carried out once more.
CARRIED_OUT_WITHIN: Final = timedelta(hours=20)
FOUND_AFTER: Final = timedelta(hours=24)


def may_move(before: str, after: str) -> bool:
    """Whether a payment that stands at `before` may come to stand at `after`."""
    return after in MOVES[before]


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a payment a provider decides; amounts in cents."""

    state: str
    refunded_cents: int = 0


def after(now: Standing, told: Standing, *, total_cents: int) -> Standing:
    """How a payment of `total_cents` (fee included) stands after a provider told something.

    Refunds only grow, and only of what was paid; all of it refunded is the state `refunded`.
    """
    state = told.state if may_move(now.state, told.state) else now.state
    refunded = now.refunded_cents
    if state in {"succeeded", "refunded"}:
        refunded = min(max(refunded, told.refunded_cents), total_cents)
    if state == "succeeded" and refunded == total_cents:
        state = "refunded"
    if state == "refunded":
        refunded = total_cents
    return Standing(state, refunded)


def may_look_for(created_at: datetime, at: datetime) -> bool:
    """Whether a provider knows by now of every order that was given, so that one which it does not
    find was never taken."""
    return at - created_at > FOUND_AFTER


def may_carry_out(created_at: datetime, at: datetime) -> bool:
    """Whether an order whose answer was lost may be given again without money moving twice."""
    return at - created_at < CARRIED_OUT_WITHIN
