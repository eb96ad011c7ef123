"""Reads of To Dos and their runs, in the scope of an account."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from django.db.models import F, OrderBy, Q, QuerySet

from deskbell.foundation.errors import InvalidInput, NotFound

from .models import DeliveryType, Run, ToDo


class Standing(StrEnum):
    """What a To Do is about to do."""

    ACTIVE = "active"
    PAUSED = "paused"
    DONE = "done"


SORTS: Final = {
    "id": "id",
    "contact": "contact",
    "kind": "delivery_type",
    "next": "schedule__next_occurrence",
    "previous": "schedule__previous_occurrence",
    "created_at": "created_at",
}
_STANDING: Final = {
    Standing.ACTIVE: Q(is_paused=False, schedule__next_occurrence__isnull=False),
    Standing.PAUSED: Q(is_paused=True),
    Standing.DONE: Q(is_paused=False, schedule__next_occurrence__isnull=True),
}


def listed(
    search: str = "",
    *,
    state: str = "",
    kind: str = "",
    sort: str = "created_at",
    descending: bool = True,
) -> QuerySet[ToDo]:
    """The account's To Dos with their schedules: one query.

    `search` is a part of the contact, the text, the subject or the instructions; `state` a
    Standing, `kind` a DeliveryType, `sort` one of SORTS. Raises InvalidInput for any other.
    """
    found = ToDo.objects.select_related("schedule")
    for word in search.replace("\x00", "").split():
        found = found.filter(
            Q(contact__icontains=word)
            | Q(message_text__icontains=word)
            | Q(subject__icontains=word)
            | Q(instructions__icontains=word)
        )
    if state:
        found = found.filter(_STANDING[Standing(_known(Standing, state, "state"))])
    if kind:
        found = found.filter(delivery_type=_known(DeliveryType.values, kind, "kind"))
    return found.order_by(_order(sort, descending=descending), "-id" if descending else "id")


def one(to_do_id: int) -> ToDo:
    """One To Do with its schedule. Raises NotFound."""
    found = ToDo.objects.select_related("schedule", "account").filter(pk=to_do_id).first()
    if found is None:
        raise NotFound("No such To Do")
    return found


def runs_of(to_do: ToDo) -> QuerySet[Run]:
    """Its runs, newest first."""
    return Run.objects.filter(to_do=to_do).order_by("-due_at", "-id")


def run_of(run_id: int) -> Run:
    """One run with its To Do and account. Raises NotFound."""
    found = Run.objects.select_related("to_do__account").filter(pk=run_id).first()
    if found is None:
        raise NotFound("No such run: its To Do was deleted")
    return found


def standing(to_do: ToDo) -> Standing:
    """What a To Do, whose schedule is selected, is about to do."""
    if to_do.is_paused:
        return Standing.PAUSED
    return Standing.DONE if to_do.schedule.next_occurrence is None else Standing.ACTIVE


def _known(choices: Iterable[str], given: str, field: str) -> str:
    """The choice that is given. Raises InvalidInput for none of them."""
    names = [str(each) for each in choices]
    if given not in names:
        raise InvalidInput(f"{field} is one of {', '.join(names)}", field=field)
    return given


def _order(sort: str, *, descending: bool) -> OrderBy:
    if sort not in SORTS:
        raise InvalidInput(f"To Dos are sorted by {', '.join(SORTS)}", field="sort")
    column = F(SORTS[sort])
    return column.desc(nulls_last=True) if descending else column.asc(nulls_last=True)
