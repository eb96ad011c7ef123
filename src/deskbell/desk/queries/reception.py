"""Whether the desk takes a call, and where a caller stands in line."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Subquery

from deskbell.platform.tenancy import current_scope, system_scope

from ..models import DeskCall, DeskCallKind, DeskCallState
from .duty import on_duty
from .terms import terms_of

_REASON = "one queue serves every account"


@dataclass(frozen=True, slots=True)
class Reception:
    """Whether somebody on duty can take a call, and how many wait before it."""

    is_open: bool
    waiting: int = 0


def reception(number_id: int | None, *, way: str = "gateway") -> Reception:
    """Whether calls to a number of the scope's account reach a receptionist now.

    Open while one with the number's skill, whose phone can be rung, is not away and does not leave
    after the present call. Three reads.
    """
    account_id = current_scope().account_id
    terms = terms_of(account_id, number_id) if account_id is not None else None
    able = on_duty(terms.skill_id if terms else None, needs_number=way != "gateway")
    if not able.exists():
        return Reception(is_open=False)
    with system_scope(_REASON):
        return Reception(is_open=True, waiting=waiting_calls().count())


def position(desk_call: DeskCall) -> int:
    """Which place a waiting caller has, 1 the next; 0 for one who waits no more. One read."""
    with system_scope(_REASON):
        mine = Subquery(waiting_calls().filter(pk=desk_call.pk).values("rank_at"))
        up_to_them = Q(rank_at__lt=mine) | Q(rank_at=mine, pk__lte=desk_call.pk)
        return waiting_calls().filter(up_to_them).count()


def waiting_calls() -> QuerySet[DeskCall]:
    """Callers who wait, of the scope's accounts."""
    found = DeskCall.objects.filter(state=DeskCallState.WAITING)
    return found.exclude(kind=DeskCallKind.OUTGOING)
