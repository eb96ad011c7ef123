"""What breaks where a level is deleted."""

from __future__ import annotations

from deskbell.messages.models import Message, MessageStatus
from deskbell.scripts.queries import scripts_with_level

from ..models import EscalationLevel, Event, SelfTest
from .shapes import Breakage

OPEN = (MessageStatus.NEW, MessageStatus.DELIVERED)


def what_breaks(level: EscalationLevel) -> Breakage:
    """What a level's deletion breaks, to be told first; five queries.

    Attendants that refer to the level are known above: the portal adds them.
    """
    return Breakage(
        chained_from=list(EscalationLevel.objects.filter(next_level=level).exclude(pk=level.pk)),
        open_messages=Message.objects.filter(
            account_id=level.account_id, escalation_level_id=level.pk, status__in=OPEN
        ).count(),
        self_tests=SelfTest.objects.filter(level=level).count(),
        events=Event.objects.filter(level=level, part_of=None).count(),
        scripts=[
            each for each in scripts_with_level(level.pk) if each.account_id == level.account_id
        ],
    )
