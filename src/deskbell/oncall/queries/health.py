"""Whether escalation keeps up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from deskbell.messages.models import Message
from deskbell.platform.tenancy import system_scope

LATE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Health:
    """Whether escalation keeps up: how many messages are due, and by how long the oldest."""

    due: int
    late_seconds: float

    @property
    def is_well(self) -> bool:
        """The oldest is late by a minute at most."""
        return self.late_seconds <= LATE_SECONDS


def health(at: datetime) -> Health:
    """How late escalation is at an instant, across all accounts.

    Counts what is due and did not move: messages that were just taken too, as when no worker runs.
    One query.
    """
    with system_scope("whether escalation keeps up concerns all accounts"):
        found = Message.objects.filter(next_escalation_at__lte=at).aggregate(
            oldest=Min("next_escalation_at"), due=Count("pk")
        )
    oldest: datetime = found["oldest"] or at
    return Health(found["due"], (at - oldest).total_seconds())
