"""The desk's locks, taken in this order in every transaction: calls, by id; then receptionists, by
id; then records of calls (room calls).

An offer changes only while its receptionist's row is locked, and needs no lock of its own.
"""

from __future__ import annotations

from collections.abc import Collection

from ..models import DeskCall, Receptionist


def locked_call(pk: int) -> DeskCall | None:
    """The call's row, with its number and account; None where there is none in the scope."""
    rows = DeskCall.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("number", "account", "skill").filter(pk=pk).first()


def locked_receptionists(
    ids: Collection[int], *, skip_locked: bool = False
) -> dict[int, Receptionist]:
    """The receptionists' rows by id, with their users; with `skip_locked` those that are free."""
    if not ids:
        return {}
    rows = Receptionist.objects.select_for_update(
        of=("self",), no_key=True, skip_locked=skip_locked
    )
    found = rows.select_related("user").filter(pk__in=set(ids)).order_by("pk")
    return {each.pk: each for each in found}
