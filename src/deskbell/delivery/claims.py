"""Whether a delivery that somebody has just locked is still wanted."""

from __future__ import annotations

from collections.abc import Sequence

from deskbell.messages.models import Message

from .models import Delivery


def no_longer_wanted(locked: Sequence[Delivery]) -> list[Delivery]:
    """Those that nobody needs any more, with their messages as they are now.

    An acknowledgement that was read together with the lock may be undone since; one that is undone
    from now on waits for the lock, and finds what was stopped here. One query, where any is over.
    """
    over = [each for each in locked if each.is_over_for(each.message)]
    if not over:
        return []
    found = Message.objects.filter(pk__in={each.message_id for each in over})
    now = dict(found.values_list("pk", "status"))
    for each in over:
        each.message.status = now.get(each.message_id, each.message.status)
    return [each for each in over if each.is_over_for(each.message)]
