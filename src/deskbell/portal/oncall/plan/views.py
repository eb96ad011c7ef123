"""Looking ahead: gaps, double cover, and who a message would reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from deskbell.foundation.clock import now
from deskbell.foundation.durations import in_words
from deskbell.oncall.queries import forecast, levels
from deskbell.oncall.queries.forecast import ForecastStep

from ...tenancy import PortalRequest
from ..frame import oncall_page, render_page
from .asked import read
from .coverage import covers

FOLDER = "portal/oncall/plan"
MOST_STEPS: Final = 200


def _drawn(*, icon: str) -> str:
    """The name of an icon, said so that the bundle takes the icon in."""
    return icon


ICONS: Final = {
    "attempt": (_drawn(icon="send"), "primary"),
    "fallback": (_drawn(icon="lifebuoy"), "warning"),
    "held": (_drawn(icon="hourglass"), "warning"),
    "skipped": (_drawn(icon="player-skip-forward"), "warning"),
    "left": (_drawn(icon="stairs-up"), "secondary"),
    "exhausted": (_drawn(icon="bell-off"), "danger"),
    "nowhere": (_drawn(icon="bell-off"), "danger"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A step of the forecast: how it looks, and how long after the message it comes."""

    step: ForecastStep
    icon: str
    tone: str
    after: str


@require_GET
@oncall_page
def planning(request: PortalRequest) -> HttpResponse:
    """Gaps and double cover over the next ninety days, level by level."""
    at = now().replace(second=0, microsecond=0)
    found = covers(request.account.pk, at, ZoneInfo(request.account.time_zone))
    return render_page(request, f"{FOLDER}/planning.html", {"covers": found})


@require_GET
@oncall_page
def what_if(request: PortalRequest) -> HttpResponse:
    """What would happen to a message that came at an instant and that nobody acknowledged."""
    every = list(levels())
    zone = ZoneInfo(request.account.time_zone)
    asked = read(request.GET, every, now=now(), zone=zone)
    found = None
    if asked.at is not None:
        found = forecast(request.account.pk, asked.level, asked.at, steps=MOST_STEPS)
    context = {
        "asked": asked,
        "levels": every,
        "forecast": found,
        "lines": _lines(found.steps, asked.at) if found and asked.at else (),
    }
    status = 422 if asked.errors else 200
    return render_page(request, f"{FOLDER}/what_if.html", context, status=status)


def _lines(steps: Sequence[ForecastStep], at: datetime) -> list[Line]:
    return [
        Line(each, *ICONS.get(each.kind, ICONS["left"]), after=_after(each.at, at))
        for each in steps
    ]


def _after(moment: datetime, at: datetime) -> str:
    seconds = (moment - at).total_seconds()
    return f"after {in_words(seconds)}" if seconds >= 1 else "at once"
