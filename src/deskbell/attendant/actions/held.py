"""Rows that are about to be edited: one editor of an account at a time, and none of them stale.

What is checked under the lock (`accounts.locks`) still holds when it is written.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import check_owner
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.sids import is_sid

from ..errors import AnnouncementNotFound, MenuNotFound, SystemNotFound
from ..models import Announcement, Menu, System


def hold_account(account_id: int) -> None:
    """Has nobody else edit the account until the open transaction ends. Raises OutOfScope."""
    check_owner(account_id)
    lock_account(account_id)


def hold_system(system: System) -> None:
    """Holds the account and reads the system again. Raises SystemNotFound for one that is gone."""
    hold_account(system.account_id)
    try:
        system.refresh_from_db()
    except System.DoesNotExist as error:
        raise SystemNotFound(
            f"There is no system {system.sid} in this account", sid=system.sid
        ) from error


def hold_menu(menu: Menu) -> None:
    """Holds the account, reads menu and system again. Raises MenuNotFound for one that is gone."""
    hold_account(menu.account_id)
    system = menu.system
    try:
        menu.refresh_from_db()
    except Menu.DoesNotExist as error:
        raise MenuNotFound(f"There is no menu {menu.sid} in this account", sid=menu.sid) from error
    system.refresh_from_db()
    menu.system = system


def hold_announcement(announcement: Announcement) -> None:
    """Holds the account and reads the announcement again. Raises AnnouncementNotFound."""
    hold_account(announcement.account_id)
    try:
        announcement.refresh_from_db()
    except Announcement.DoesNotExist as error:
        raise AnnouncementNotFound(
            f"There is no announcement {announcement.sid} in this account", sid=announcement.sid
        ) from error


def save_new(row: System | Menu | Announcement, *, sid: str, prefix: str) -> None:
    """Writes a new row, with `sid` where one is given. Raises InvalidInput for one that cannot be.

    A sid is given where something that was exported or rolled back comes back under its name.
    """
    if sid and not is_sid(sid, prefix):
        raise InvalidInput(f"{sid!r} is not a sid; {prefix} and 32 hex digits are", field="sid")
    if sid:
        row.sid = sid
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidInput(f"The sid {row.sid} is in use", field="sid") from error
