"""The time machine's page: a form whose answer is its own address, so that it can be shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from deskbell.attendant.configuration import configuration_for_plan
from deskbell.attendant.queries import phones_on_call
from deskbell.attendant.reception import has_receptionists
from deskbell.attendant.rules.configuration import Configuration, Emergency, Sound
from deskbell.attendant.rules.edits import find_system
from deskbell.attendant.rules.plans import Plan, SystemPlan
from deskbell.attendant.rules.state import Phase
from deskbell.attendant.rules.walk import WAIT, Walk, walk
from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.numbers import for_people, national_digits

from ...tenancy import PortalRequest
from ..announcements.sounds import Heard, seconds_of
from ..emergency.standing import standing_at
from ..flow.colours import colours_of
from ..frame import attendant_page, planned_of, render_page
from ..schedules.rows import read_date
from .asked import Asked, instant, read_clock

MOST_OFFERED = 8
_TOO_LONG = {Phase.DIALLING: "nobody answers", Phase.RECEPTION: "no receptionist answers"}
PRESSES = {"t": "waits", "#": "#", "*": "✱"}


@dataclass(frozen=True, slots=True)
class Audible:
    """Something a caller hears: what it says, and its audio where there is some."""

    sound: Sound
    heard: Heard | None
    place: str

    @property
    def name(self) -> str:
        """What to call it."""
        return self.sound.name or "Deskbell says"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the call as the page shows it."""

    pressed: str
    menu: str
    color: str
    url: str
    why: str
    sounds: Sequence[Audible]
    rings: Sequence[str]


@require_GET
@attendant_page
def time_machine(request: PortalRequest) -> HttpResponse:
    """What a caller of a system meets at an instant, with these keys; draft or live."""
    planned = planned_of(request)
    asked = Asked.read(request.GET)
    plan = planned.live if asked.is_live else planned.plan
    context: dict[str, Any] = {"asked": asked, "systems": plan.systems, "errors": {}}
    if not plan.systems:
        return render_page(request, "portal/attendant/time_machine/time_machine.html", context)
    system = _system(plan, asked.system)
    zone = ZoneInfo(system.time_zone or "UTC")
    local = now().astimezone(zone)
    is_new = not (asked.day or asked.clock)
    asked = replace(
        asked,
        system=system.sid,
        day=asked.day or local.date().isoformat(),
        clock=asked.clock or f"{local:%H:%M}",
    )
    context |= {"asked": asked, "system": system, "zone": zone.key, "is_new": is_new}
    context |= _answer(request, plan, system, asked)
    status = 422 if context["errors"] else 0
    template = "portal/attendant/time_machine/time_machine.html"
    return render_page(request, template, context, status=status)


def _system(plan: Plan, asked: str) -> SystemPlan:
    """The system of a sid, or the one that a phone number leads to; the first without either."""
    if not asked:
        return plan.systems[0]
    digits = national_digits(asked)
    for system in plan.systems:
        numbers = (*system.numbers, *system.extensions)
        if digits and any(national_digits(each) == digits for each in numbers):
            return system
    return find_system(plan, asked)


def _answer(request: PortalRequest, plan: Plan, system: SystemPlan, asked: Asked) -> dict[str, Any]:
    """The walk's part of the page, or the errors beside the fields."""
    day, clock = read_date(asked.day), read_clock(asked.clock)
    errors: dict[str, str] = {}
    if day is None or not 2000 <= day.year <= 2100:
        errors["date"] = "A date from 2000 to 2100, as 2026-12-25."
    if clock is None:
        errors["time"] = "A time of day, as 14:30."
    if errors or day is None or clock is None:
        return {"errors": errors}
    zone = ZoneInfo(system.time_zone or "UTC")
    moment = instant(day, clock, zone, is_second=asked.is_second)
    try:
        walked = _walk(request, plan, system, moment.at, asked)
    except InvalidInput as error:
        return {"errors": {"keys": str(error)}, "moment": moment}
    address = reverse("attendant:time_machine")
    return {
        "moment": moment,
        "local": moment.at.astimezone(zone),
        "walked": walked,
        "steps": _steps(walked, system),
        "other_time": address + replace(asked, is_second=not asked.is_second).query,
        "next_keys": [
            (words, address + replace(asked, keys=f"{asked.keys}{key}").query)
            for key, words in _next_keys(walked, plan, system)
        ],
    }


def _next_keys(walked: Walk, plan: Plan, system: SystemPlan) -> list[tuple[str, str]]:
    """What the caller could do next, by what was asked for last: keys and the words for them."""
    if walked.is_over or walked.left:
        return []
    if walked.phase is Phase.VOICEMAIL:
        return [("#", "# to end the message"), (WAIT, "say nothing")]
    if walked.phase in _TOO_LONG:
        return [(WAIT, _TOO_LONG[walked.phase])]
    reached = [each for each in plan.numbers if each.number in system.extensions][:MOST_OFFERED]
    if walked.phase is Phase.EXTENSION:
        dialled = [each.extension for each in reached if each.extension]
        return [*((f"{each}#", each) for each in dialled), (WAIT, "wait")]
    if walked.phase is Phase.NAME:
        names = [each.spoken_name for each in reached if each.spoken_name]
        return [*((f'"{each}"', f"say {each}") for each in names), (WAIT, "wait")]
    here = walked.moments[-1].menu_sid
    keys = [key for menu in system.menus if menu.sid == here for key, _ in menu.keys]
    keys.sort(key="1234567890*".find)
    return [*((key, key) for key in keys), (WAIT, "wait")]


def _walk(
    request: PortalRequest, plan: Plan, system: SystemPlan, at: datetime, asked: Asked
) -> Walk:
    configuration = configuration_for_plan(request.account.pk, plan, system.sid)
    configuration = _with_emergency(configuration, system.sid, at)
    return walk(
        configuration,
        at,
        asked.keys,
        lambda level: phones_on_call(level, at),
        has_desk=has_receptionists(),
    )


def _with_emergency(configuration: Configuration, sid: str, at: datetime) -> Configuration:
    """The emergency switch is live, and no part of a plan; from now on callers meet it."""
    for standing in standing_at(now()):
        if standing.system_sid == sid and at > now() - timedelta(minutes=1):
            switch = Emergency(standing.until, standing.menu, standing.announcement)
            return replace(configuration, emergency=switch)
    return configuration


def _steps(walked: Walk, system: SystemPlan) -> list[Step]:
    colours = colours_of(system.menus)
    names = {sound.prompt for moment in walked.moments for sound in moment.heard if sound.prompt}
    lengths = seconds_of(names)
    return [
        Step(
            pressed=PRESSES.get(moment.pressed, moment.pressed),
            menu=moment.menu,
            color=colours.get(moment.menu_sid, ""),
            url=reverse("attendant:menu", args=[moment.menu_sid]) if moment.menu_sid else "",
            why=moment.why,
            sounds=[
                Audible(sound, _heard(sound, lengths), f"{number}-{place}")
                for place, sound in enumerate(moment.heard)
            ],
            rings=[for_people(each) for each in moment.rings],
        )
        for number, moment in enumerate(walked.moments)
    ]


def _heard(sound: Sound, lengths: dict[str, float]) -> Heard | None:
    if sound.prompt not in lengths:
        return None
    return Heard(sound.prompt, lengths[sound.prompt])
