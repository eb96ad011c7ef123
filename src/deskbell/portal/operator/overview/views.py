"""The operator's first page: what needs somebody, each with where it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Sum
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from deskbell.accounts.models import Account
from deskbell.accounts.queries import open_requests, wrong_sign_ins
from deskbell.foundation.clock import now
from deskbell.oncall.models import Alarm

from ...tenancy import PortalRequest
from ..deliveries.rows import needed
from ..frame import operator_page, show

_LATELY: Final = timedelta(days=1)
_MOST_ALARMS: Final = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its words and where a click leads; `is_wanted` where it needs somebody."""

    label: str
    count: int
    note: str
    url: str
    icon: str
    is_wanted: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An alarm, and the account that it is about, if any."""

    alarm: Alarm
    account: Account | None


@require_safe
@operator_page
def overview(request: PortalRequest) -> HttpResponse:
    """What needs the operator now, the counts behind it, and what alarmed them lately.

    How the parts are is fetched after the page, as on the dashboard: gateways may not answer.
    """
    at = now()
    context = {
        "figures": _figures(at),
        "alarms": _alarms(at),
        "is_fresh": not Account.objects.exists(),
    }
    return show(request, "overview/overview", context)


def _figures(at: datetime) -> list[Figure]:
    failed = needed(at).count()
    requests = open_requests().count()
    wrong = wrong_sign_ins(at - _LATELY).aggregate(all=Sum("count"))["all"] or 0
    return [
        Figure(
            "Failed deliveries",
            failed,
            "still needed",
            reverse("operator:deliveries"),
            icon="send-off",
            is_wanted=failed > 0,
        ),
        Figure(
            "Requests for access",
            requests,
            "to be decided",
            reverse("operator:requests"),
            icon="user-question",
            is_wanted=requests > 0,
        ),
        Figure(
            "Wrong sign-ins",
            wrong,
            "in 24 hours",
            reverse("operator:people"),
            icon="lock-question",
        ),
    ]


def _alarms(at: datetime) -> list[Told]:
    rows = list(
        Alarm.objects.filter(at__gte=at - 7 * _LATELY).order_by("-at", "-pk")[:_MOST_ALARMS]
    )
    accounts = Account.objects.in_bulk({each.account_id for each in rows if each.account_id})
    return [Told(each, accounts.get(each.account_id or 0)) for each in rows]
