"""Systems. Source: seed 002, "Auto Attendant System", which only names creating and deleting."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction

from deskbell.accounts.actions import check_time_zone
from deskbell.accounts.models import Account
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.foundation.text import checked_text
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.changes import touch

from ..models import Announcement, System, SystemStatus
from .changed import system_changed
from .held import hold_account, hold_system, save_new
from .targets import check_announcement, check_limits, checked_action

MAX_NAME = 200
MAX_DESCRIPTION = 1000


class SystemFields(TypedDict, total=False):
    """What can be set on a system; actions as `{"actionType": …, "actionData": …}`."""

    name: str
    description: str
    status: str
    time_zone: str
    timeout_seconds: int | None
    timeout_max_occurance: int | None
    timeout_action: dict[str, Any] | None
    invalid_input_max_occurance: int | None
    invalid_input_action: dict[str, Any] | None
    invalid_extension_max_occurance: int | None
    invalid_extension_action: dict[str, Any] | None
    no_answer_action: dict[str, Any] | None
    direct_dialling: bool
    apology: Announcement | None
    voicemail_level: EscalationLevel | None


def add_system(
    *, account: Account, at: datetime, by: str = "", sid: str = "", **fields: Unpack[SystemFields]
) -> System:
    """A new system of an account, without numbers, menus or schedules.

    Raises InvalidInput for a value that cannot be, AnnouncementNotFound, MenuNotFound.
    """
    system = System(account=account, created_by=by, created_at=at, updated_at=at)
    with transaction.atomic():
        hold_account(account.pk)
        _set(system, fields)
        save_new(system, sid=sid, prefix="AA")
        touch(account.pk)
    return system


def edit_system(*, system: System, at: datetime, **fields: Unpack[SystemFields]) -> System:
    """Changes the given fields and leaves the others; `system` is brought up to date.

    None clears a field, `""` a text. Raises as `add_system` does, and SystemNotFound.
    """
    with transaction.atomic():
        hold_system(system)
        _set(system, fields)
        system.save(update_fields=[*fields, "updated_at"])
        system_changed(system, at=at)
    return system


def delete_system(*, system: System, at: datetime) -> None:  # noqa: ARG001 as every edit
    """Takes a system away, with its menus and schedules; its numbers are free for another.

    Calls and messages that came through it stay; a call that is in it ends at its next step.
    `system` keeps its values. Raises SystemNotFound.
    """
    with transaction.atomic():
        hold_system(system)
        System.objects.filter(pk=system.pk).delete()
        touch(system.account_id)


def _set(system: System, fields: SystemFields) -> None:
    check_limits(fields)
    for name, value in fields.items():
        kept = checked_action(value, name, system) if name.endswith("_action") else value
        setattr(system, name, kept)
    _check(system)
    if "apology" in fields:
        check_announcement(fields["apology"], system.account_id)
    level = fields.get("voicemail_level")
    if level is not None and level.account_id != system.account_id:
        raise NotFound("There is no such escalation level in this account")


def _check(system: System) -> None:
    checked_text(system.name, field="name", most=MAX_NAME, needed=True)
    checked_text(system.description, field="description", most=MAX_DESCRIPTION)
    if system.time_zone:
        check_time_zone(system.time_zone)
    if system.status not in SystemStatus.values:
        raise InvalidInput(
            f"status takes ACTIVE or SUSPENDED; not {system.status!r}", field="status"
        )
