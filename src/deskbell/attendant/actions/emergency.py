"""The emergency switch: something else answers on a system until an instant, at once.

It is live and no part of drafts: who pulls it cannot wait for a publication.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from deskbell.foundation.errors import InvalidInput

from ..errors import MenuNotFound
from ..models import Announcement, AnnouncementType, Menu, System
from .changed import system_changed
from .held import hold_system
from .targets import check_announcement

MAX_LENGTH = timedelta(days=366)


def set_emergency(
    *,
    system: System,
    until: datetime,
    at: datetime,
    menu: Menu | None = None,
    announcement: Announcement | None = None,
) -> None:
    """Has callers of the system meet this menu, or hear this announcement, until `until` (aware).

    Doing it again replaces what was chosen. Raises InvalidInput where not exactly one of the two is
    given or `until` is not after `at` and within a year, MenuNotFound for a menu that is not this
    system's, AnnouncementNotFound, SystemNotFound, InvalidInput for an announcement whose audio is
    still to be uploaded: callers would meet the schedule.
    """
    if (menu is None) == (announcement is None):
        raise InvalidInput(
            "An emergency takes a menu or an announcement; one of them", field="menu"
        )
    if not at < until <= at + MAX_LENGTH:
        raise InvalidInput("An emergency ends in the future, within a year", field="until")
    with transaction.atomic():
        hold_system(system)
        if menu is not None and not Menu.objects.filter(system=system, pk=menu.pk).exists():
            raise MenuNotFound(f"There is no menu {menu.sid} in this system", sid=menu.sid)
        check_announcement(announcement, system.account_id)
        _check_sound(announcement)
        _write(system, until, menu, announcement, at)


def _check_sound(announcement: Announcement | None) -> None:
    if announcement is None:
        return
    silent = Announcement.objects.filter(type=AnnouncementType.PLAY, prompt=None)
    if silent.filter(pk=announcement.pk).exists():
        raise InvalidInput(
            f'"{announcement.name}" has no sound yet; upload its audio, or choose another',
            field="announcement",
        )


def end_emergency(*, system: System, at: datetime) -> None:
    """Has callers meet what the schedule says again; without an emergency it changes nothing.

    Raises SystemNotFound.
    """
    with transaction.atomic():
        hold_system(system)
        if system.emergency_until is not None:
            _write(system, None, None, None, at)


def _write(
    system: System,
    until: datetime | None,
    menu: Menu | None,
    announcement: Announcement | None,
    at: datetime,
) -> None:
    system.emergency_until = until
    system.emergency_menu = menu
    system.emergency_announcement = announcement
    system.save(update_fields=["emergency_until", "emergency_menu", "emergency_announcement"])
    system_changed(system, at=at)
