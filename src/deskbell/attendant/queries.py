"""Reads of attendants, in an account's scope unless they say otherwise."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from deskbell.accounts.models import PhoneNumber
from deskbell.calls.models import Call

from .configuration import configuration
from .models import (
    Announcement,
    CallStep,
    Menu,
    Prompt,
    Sentence,
    System,
    SystemNumber,
    WeeklyEntry,
)
from .rules import Configuration, menu_at


def configuration_for(system: System) -> Configuration:
    """The system as callers meet it; read once per change."""
    return configuration(system.pk, system.version)


def system_for(number: PhoneNumber) -> System | None:
    """The system that a call to the number meets; the oldest for an extension in several."""
    found = (
        SystemNumber.objects.select_related("system")
        .filter(phone_number=number)
        .order_by("is_extension", "id")
        .first()
    )
    return found.system if found else None


def numbers_of(system: System) -> QuerySet[SystemNumber]:
    """The numbers that lead to a system, attendant numbers first."""
    found = SystemNumber.objects.filter(system=system).select_related("phone_number")
    return found.order_by("is_extension", "phone_number__digits")


def menu_now(system: System, at: datetime) -> Menu | None:
    """The menu that a caller who calls at `at` meets first; None where nobody answers."""
    found = configuration_for(system)
    sid = menu_at(week=found.week, dates=found.dates, time_zone=found.time_zone, at=at)
    return Menu.objects.filter(sid=sid).first() if sid else None


def weekly_entries(system: System) -> QuerySet[WeeklyEntry]:
    """A system's week, in order, with the menus."""
    found = WeeklyEntry.objects.filter(system=system).select_related("menu")
    return found.order_by("day", "start")


def steps_of(call: Call) -> QuerySet[CallStep]:
    """A caller's path, in order, with the menus."""
    return CallStep.objects.filter(call=call).select_related("menu").order_by("id")


def prompts_in_use() -> list[str]:
    """The SHA-256 names of all prompts that callers may be played, sorted. Needs a system scope."""
    of_sentences = Sentence.objects.values_list("prompt_id", flat=True)
    of_announcements = Announcement.objects.exclude(prompt=None).values_list("prompt_id", flat=True)
    return sorted({name for name in (*of_sentences, *of_announcements) if name})


def prompt_audio(sha256: str) -> bytes | None:
    """A prompt's G.711 µ-law bytes, None where there is none. Needs no scope."""
    found = Prompt.objects.filter(sha256=sha256).values_list("audio", flat=True).first()
    return None if found is None else bytes(found)
