"""The auto attendant's page: systems, their numbers, menus with keys, and hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deskbell.attendant.models import (
    Announcement,
    DateRange,
    Menu,
    System,
    SystemNumber,
    WeeklyEntry,
)

from ..pages import page
from ..tenancy import PortalRequest

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
ACTIONS = {
    "ANNOUNCEMENT_HANGUP": "Say {}, then hang up",
    "ANNOUNCEMENT_RETURN": "Say {}, then this menu again",
    "GO_TO_MENU": "Go to {}",
    "HANGUP": "Hang up",
    "REPLAY_MENU": "Say this menu again",
    "RETURN_TO_PREVIOUS_MENU": "Go back to the menu before",
    "VOICEMAIL": "Take a message",
}


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a menu and what pressing it does, in words."""

    key: str
    does: str


@dataclass(frozen=True, slots=True)
class MenuView:
    """A menu as the page shows it."""

    menu: Menu
    keys: Sequence[Key]
    hours: Sequence[str]
    special_days: Sequence[DateRange]


@dataclass(frozen=True, slots=True)
class SystemView:
    """A system with its numbers and menus."""

    system: System
    numbers: Sequence[SystemNumber]
    menus: Sequence[MenuView]


@require_GET
@page
def overview(request: PortalRequest) -> HttpResponse:
    """The account's systems, to look at. A fixed number of queries."""
    systems = System.objects.select_related("voicemail_level").prefetch_related(
        "numbers__phone_number",
        "menus__announcement",
        "menus__weekly_entries",
        "menus__date_ranges",
    )
    said = dict(Announcement.objects.values_list("sid", "name"))
    views = [system_view(system, said) for system in systems.order_by("name")]
    return render(request, "portal/attendant.html", {"systems": views})


def system_view(system: System, said: Mapping[str, str]) -> SystemView:
    """A system whose numbers and menus are prefetched; `said` is announcements' names by sid."""
    menus = sorted(system.menus.all(), key=lambda menu: menu.pk)
    names = {**said, **{menu.sid: menu.name for menu in menus}}
    return SystemView(
        system, list(system.numbers.all()), [_menu_view(menu, names) for menu in menus]
    )


def _menu_view(menu: Menu, names: Mapping[str, str]) -> MenuView:
    keys = [
        Key(str(each.get("menuKey", "")), in_words(each.get("menuAction") or {}, names))
        for each in menu.keys
    ]
    return MenuView(
        menu,
        sorted(keys, key=lambda key: key.key),
        hours_of(list(menu.weekly_entries.all())),
        sorted(menu.date_ranges.all(), key=lambda each: each.start),
    )


def in_words(action: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What an action of the seed's shape does, with the name of what its sid leads to."""
    kind = str(action.get("actionType", ""))
    named = names.get(str(action.get("actionData", "")), "something that was deleted")
    return ACTIONS.get(kind, kind.replace("_", " ").capitalize() or "Nothing").format(named)


def hours_of(entries: Sequence[WeeklyEntry]) -> list[str]:
    """Weekly hours in words; days with the same hours share a line."""
    by_day: dict[int, list[str]] = {}
    for entry in sorted(entries, key=lambda each: (each.day, each.start)):
        by_day.setdefault(entry.day, []).append(_span(entry.start, entry.end))
    by_hours: dict[str, list[int]] = {}
    for day, spans in by_day.items():
        by_hours.setdefault(" and ".join(spans), []).append(day)
    return [f"{_days(days)}, {hours}" for hours, days in by_hours.items()]


def _span(start: time, end: time) -> str:
    if start == end == time(0):
        return "all day"
    return f"{_clock(start)} to {'midnight' if end == time(0) else _clock(end)}"


def _clock(at: time) -> str:
    return "midnight" if at == time(0) else f"{at:%I:%M %p}".lstrip("0")


def _days(days: Sequence[int]) -> str:
    names = [WEEKDAYS[day - 1] for day in days]
    if len(days) > 2 and list(days) == list(range(days[0], days[-1] + 1)):
        return f"{names[0]} to {names[-1]}"
    return " and ".join(names)
