"""The auto attendant's page: systems, their numbers, menus with keys, and hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from deskbell.attendant.models import DateRange, Menu, System, SystemNumber, WeeklyEntry

from .pages import page
from .tenancy import PortalRequest

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
ACTIONS = {
    "MENU": "Go to a menu",
    "TRANSFER_TO_MENU": "Go to a menu",
    "ANNOUNCEMENT": "Play an announcement",
    "PLAY_ANNOUNCEMENT": "Play an announcement",
    "EXTENSION": "Call an extension",
    "VOICEMAIL": "Take a message",
    "DISCONNECT": "Hang up",
    "REPEAT": "Say the menu again",
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
    views = [system_view(system) for system in systems.order_by("name")]
    return render(request, "portal/attendant.html", {"systems": views})


def system_view(system: System) -> SystemView:
    """A system whose numbers and menus are prefetched."""
    menus = sorted(system.menus.all(), key=lambda menu: menu.pk)
    names = {menu.sid: menu.name for menu in menus}
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
    """What an action of the seed's shape does; menus by their names where they are known."""
    kind = str(action.get("actionType", ""))
    data = action.get("actionData")
    words = ACTIONS.get(kind, kind.replace("_", " ").capitalize() or "Nothing")
    named = [names[value] for value in _texts(data) if value in names]
    return f"Go to {named[0]}" if named else words


def _texts(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    if isinstance(data, Mapping):
        return [text for value in data.values() for text in _texts(value)]
    return []


def hours_of(entries: Sequence[WeeklyEntry]) -> list[str]:
    """Weekly hours in words; days with the same hours share a line."""
    by_hours: dict[str, list[int]] = {}
    for entry in sorted(entries, key=lambda each: (each.day, each.start)):
        end = "24:00" if f"{entry.end:%H:%M}" == "00:00" else f"{entry.end:%H:%M}"
        by_hours.setdefault(f"{entry.start:%H:%M} to {end}", []).append(entry.day)
    return [f"{_days(days)}, {hours}" for hours, days in by_hours.items()]


def _days(days: Sequence[int]) -> str:
    names = [WEEKDAYS[day - 1] for day in days]
    if len(days) > 2 and list(days) == list(range(days[0], days[-1] + 1)):
        return f"{names[0]} to {names[-1]}"
    return ", ".join(names)
