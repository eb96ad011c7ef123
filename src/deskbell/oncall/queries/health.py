"""Whether escalation keeps up, and whether the last self-tests reached somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Min, Q

from deskbell.messages.models import Message
from deskbell.platform.tenancy import system_scope

from ..models import SelfTest

LATE_SECONDS = 60.0
# A test that is due is sent by the clock, every minute.
_LATE_TEST = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class SelfTests:
    """How the tests of all levels stand: how many there are, how many found nobody the last time,
    and how many were due and not sent."""

    count: int
    failed: int
    late: int
    last_passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """Whether escalation keeps up: how many messages are due, and by how long the oldest."""

    due: int
    late_seconds: float
    self_tests: SelfTests

    @property
    def is_late(self) -> bool:
        """Whether the oldest is late by over a minute."""
        return self.late_seconds > LATE_SECONDS

    @property
    def is_well(self) -> bool:
        """It is not late, and no self-test failed or is late."""
        tests = self.self_tests
        return not self.is_late and not tests.failed and not tests.late


def health(at: datetime) -> Health:
    """How late escalation is at an instant, across all accounts.

    Counts what is due and did not move: messages that were just taken too, as when no worker runs.
    Two queries.
    """
    with system_scope("whether escalation keeps up concerns all accounts"):
        found = Message.objects.filter(next_escalation_at__lte=at).aggregate(
            oldest=Min("next_escalation_at"), due=Count("pk")
        )
        tests = _self_tests(at)
    oldest: datetime = found["oldest"] or at
    return Health(found["due"], (at - oldest).total_seconds(), tests)


def failed() -> Q:
    """The self-tests whose last verdict was that nobody acknowledged."""
    return Q(failed_at__isnull=False) & (
        Q(passed_at__isnull=True) | Q(passed_at__lt=F("failed_at"))
    )


def _self_tests(at: datetime) -> SelfTests:
    found = SelfTest.objects.filter(is_on=True).aggregate(
        count=Count("pk"),
        failed=Count("pk", filter=failed()),
        late=Count("pk", filter=Q(next_at__lt=at - _LATE_TEST)),
        last_passed_at=Max("passed_at"),
    )
    return SelfTests(**found)
