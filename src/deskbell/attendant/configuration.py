"""Reads a system as callers meet it, once per change.

Every change that callers can hear gives the system another version, and the version is part of
what the value is remembered by; so nothing is ever thrown away too late.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from deskbell.foundation.errors import InvalidInput

from .models import Announcement, DateRange, Menu, System, SystemStatus, WeeklyEntry
from .models import Sentence as SentenceRow
from .rules import (
    DEFAULT_LANGUAGE,
    DEFAULT_VOICE,
    Configuration,
    DateSpan,
    Limits,
    MenuRules,
    Sentence,
    Sound,
    WeekSpan,
    read_action,
    read_keys,
)

Read = TypeVar("Read")
log = logging.getLogger(__name__)


@functools.lru_cache(maxsize=1024)
def configuration(system_id: int, _version: UUID) -> Configuration:
    """The system's configuration; six queries the first time for a version, none later.

    Needs the scope of the system's account, or a system scope.
    """
    system = System.objects.get(pk=system_id)
    announcements = {
        row.pk: row for row in Announcement.objects.filter(account_id=system.account_id)
    }
    sounds = {pk: _sound(row) for pk, row in announcements.items()}
    menus = list(Menu.objects.filter(system=system))
    sids = {menu.pk: menu.sid for menu in menus}
    return Configuration(
        sid=system.sid,
        account_id=system.account_id,
        is_active=system.status == SystemStatus.ACTIVE,
        time_zone=system.time_zone or "UTC",
        limits=_system_limits(system),
        apology=sounds.get(system.apology_id or 0),
        menus={menu.sid: _menu(menu, sounds) for menu in menus},
        announcements={row.sid: sounds[pk] for pk, row in announcements.items()},
        week=tuple(
            WeekSpan(sids[row.menu_id], row.day, row.start, row.end)
            for row in WeeklyEntry.objects.filter(system=system).order_by("day", "start", "id")
        ),
        dates=tuple(
            DateSpan(sids[row.menu_id], row.start, row.end)
            for row in DateRange.objects.filter(system=system).order_by("start", "id")
        ),
        sentences=_sentences(),
    )


def _sound(row: Announcement) -> Sound:
    return Sound(
        text=row.body,
        prompt=row.prompt_id or "",
        language=row.language or DEFAULT_LANGUAGE,
        voice=row.voice or DEFAULT_VOICE,
        name=row.name,
    )


def _menu(menu: Menu, sounds: dict[int, Sound]) -> MenuRules:
    return MenuRules(
        sid=menu.sid,
        id=menu.pk,
        name=menu.name,
        announcement=sounds.get(menu.announcement_id or 0),
        keys=_readable(read_keys, menu.keys, menu) or {},
        limits=Limits(
            timeout_seconds=menu.timeout_seconds,
            timeout_max=menu.timeout_max_occurance,
            timeout_action=_readable(read_action, menu.timeout_action, menu),
        ),
        ringback=sounds.get(menu.ringback_tone_id or 0),
    )


def _system_limits(system: System) -> Limits:
    return Limits(
        timeout_seconds=system.timeout_seconds,
        timeout_max=system.timeout_max_occurance,
        timeout_action=_readable(read_action, system.timeout_action, system),
        invalid_max=system.invalid_input_max_occurance,
        invalid_action=_readable(read_action, system.invalid_input_action, system),
        invalid_extension_max=system.invalid_extension_max_occurance,
        invalid_extension_action=_readable(read_action, system.invalid_extension_action, system),
    )


def _readable(read: Callable[[Any], Read], written: Any, row: Menu | System) -> Read | None:
    """What `read` makes of a stored value; a value it refuses must not cost a caller the call."""
    try:
        return read(written)
    except InvalidInput as error:
        log.error("%s has an action that cannot be used: %s", row.sid, error)  # noqa: TRY400 the words say all
        return None


def _sentences() -> dict[Sentence, Sound]:
    rows = SentenceRow.objects.filter(language=DEFAULT_LANGUAGE, voice=DEFAULT_VOICE)
    prompts = dict(rows.values_list("text", "prompt_id"))
    return {
        name: Sound(name.value, prompt=prompts[name.value])
        for name in Sentence
        if name.value in prompts
    }
