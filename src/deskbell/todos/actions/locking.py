"""A To Do held for a change, as the workers hold it."""

from __future__ import annotations

from deskbell.foundation.errors import NotFound

from ..models import Schedule, ToDo


def locked(to_do: ToDo) -> ToDo:
    """The To Do as it is now, with its schedule, both locked; the schedule first, as workers do.

    Needs an open transaction. Raises NotFound where it was deleted meanwhile.
    """
    schedule = Schedule.objects.select_for_update().filter(to_do_id=to_do.pk).first()
    rows = ToDo.objects.select_for_update(of=("self",)).select_related("account")
    now = rows.filter(pk=to_do.pk).first()
    if schedule is None or now is None:
        raise NotFound("This To Do was deleted meanwhile")
    now.schedule = schedule
    return now
