"""Lets any page of the attendant say that an emergency switch is on."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from deskbell.attendant.queries import Planned
from deskbell.attendant.rules.plans import SystemPlan
from deskbell.foundation.clock import now

from ..attendant.emergency.standing import Standing, standing_at

register = template.Library()


@register.simple_tag
def emergencies_now() -> Sequence[Standing]:
    """The account's systems whose emergency switch is on. One query."""
    return standing_at(now())


@register.filter
def is_met_in(system: SystemPlan, planned: Planned) -> bool:
    """Whether callers meet the system already; only then it can be switched to an emergency."""
    return any(each.sid == system.sid for each in planned.live.systems)


@register.filter
def until_words(standing: Standing) -> str:
    """Until when, by the system's clock: "5:30 PM", with the day where it is not today."""
    end = standing.local_until
    clock = f"{end:%I:%M %p}".lstrip("0")
    if end.date() == now().astimezone(end.tzinfo).date():
        return clock
    return f"{end:%A}, {end:%B} {end.day}, {clock}"
