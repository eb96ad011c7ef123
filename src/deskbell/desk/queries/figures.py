"""How soon callers were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Avg,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from deskbell.platform.tenancy import system_scope

from ..models import Answering, DeskCall, DeskCallKind
from ..rules.queue import Outcome, Terms


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """Of the callers who came to the desk in a span: how many, and what became of them.

    `in_time` are those answered within their number's target; `wait_seconds` is how long those who
    were answered had waited, on average.
    """

    callers: int = 0
    answered: int = 0
    in_time: int = 0
    abandoned: int = 0
    voicemail: int = 0
    lost: int = 0
    wait_seconds: float = 0.0

    @property
    def percent(self) -> int | None:
        """In time, of those who were answered or gave up; None where there were none."""
        over = self.answered + self.abandoned + self.voicemail + self.lost
        return round(100 * self.in_time / over) if over else None


def service_level(since: datetime, until: datetime, account_id: int | None = None) -> ServiceLevel:
    """Of callers (no calls out) who came from `since` to before `until`; one statement, in a system
    scope of its own."""
    with system_scope("supervisors see the desk of every account"):
        rows = DeskCall.objects.filter(entered_at__gte=since, entered_at__lt=until)
        rows = rows.exclude(kind=DeskCallKind.OUTGOING)
        if account_id is not None:
            rows = rows.filter(account_id=account_id)
        waited = ExpressionWrapper(F("answered_at") - F("entered_at"), DurationField())
        found: dict[str, Any] = rows.annotate(waited=waited, target=_target()).aggregate(
            callers=Count("pk"),
            answered=Count("answered_at"),
            in_time=Count("pk", filter=Q(waited__lte=F("target"))),
            abandoned=_unanswered(Outcome.ABANDONED),
            voicemail=_unanswered(Outcome.VOICEMAIL),
            lost=_unanswered(Outcome.LOST),
            mean=Avg("waited"),
        )
    mean = found.pop("mean") or timedelta(0)
    return ServiceLevel(**found, wait_seconds=mean.total_seconds())


def _unanswered(outcome: Outcome) -> Count:
    return Count("pk", filter=Q(answered_at=None, outcome=outcome))


def _target() -> Any:
    """How soon a call was to be answered: by its number's terms, its account's, or ours."""
    second = Value(timedelta(seconds=1), output_field=DurationField())
    of_number = Answering.objects.filter(number=OuterRef("number"))
    of_account = Answering.objects.filter(account=OuterRef("account"), number=None)
    seconds = Coalesce(
        Subquery(of_number.values("target_seconds")[:1]),
        Subquery(of_account.values("target_seconds")[:1]),
        Terms().target_seconds,
    )
    return ExpressionWrapper(seconds * second, DurationField())
