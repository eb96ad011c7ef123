"""Announcements, systems, menus and schedules: what is new is made, what differs is changed.

The plan was checked whole, so rows are written without asking again what they lead to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from ..models import Announcement, DateRange, Menu, Prompt, System, WeeklyEntry
from ..rules.actions import write_action, write_keys
from ..rules.plans import AnnouncementPlan, SystemPlan
from .work import Work, menus_of

_SAID: Final = ("name", "description", "type", "body", "language", "voice")
_SYSTEM: Final = (
    "name",
    "description",
    "status",
    "time_zone",
    "direct_dialling",
    "timeout_seconds",
    "timeout_max_occurance",
    "invalid_input_max_occurance",
    "invalid_extension_max_occurance",
)
_SYSTEM_ACTIONS: Final = (
    "timeout_action",
    "invalid_input_action",
    "invalid_extension_action",
    "no_answer_action",
)
_MENU: Final = ("name", "color_code", "timeout_seconds", "timeout_max_occurance")


def write_announcements(work: Work) -> None:
    """What says the same in the same voice keeps its sound; the rest is spoken anew."""
    from ..actions.announcements import add_announcement, edit_announcement

    before = {part.sid: part for part in work.live.announcements}
    changed = [part for part in work.plan.announcements if before.get(part.sid) != part]
    rows = work.rows(Announcement, (part.sid for part in changed if part.sid in before))
    for part in changed:
        said = {name: getattr(part, name) for name in _SAID}
        row = rows.get(part.sid)
        if row is None:
            row = add_announcement(
                account=work.account, at=work.at, by=work.by, sid=part.sid, **said
            )
        else:
            earlier = before[part.sid]
            others: Any = {
                name: said[name] for name in _SAID if said[name] != getattr(earlier, name)
            }
            if others:
                edit_announcement(announcement=row, at=work.at, **others)
        _sound(work, row, part)


def _sound(work: Work, row: Announcement, part: AnnouncementPlan) -> None:
    if part.type != "play" or (row.prompt_id or "") == part.audio:
        return
    from ..actions.changed import sounds_changed

    row.prompt = Prompt.objects.only("sha256").get(pk=part.audio) if part.audio else None
    row.prompt_at = work.at if part.audio else None
    row.updated_at = work.at
    row.save(update_fields=["prompt", "prompt_at", "updated_at"])
    sounds_changed(work.account.pk)


def write_systems(work: Work) -> None:
    """The systems' own fields."""
    said = work.ids(Announcement)
    before = work.before
    rows = work.rows(System, before)
    added: list[Any] = []
    edited: list[Any] = []
    for part in work.plan.systems:
        earlier = before.get(part.sid)
        if earlier is not None and _own(earlier) == _own(part):
            continue
        row = rows.get(part.sid) or work.new(System, part.sid)
        _copy(part, row, _SYSTEM, _SYSTEM_ACTIONS)
        row.apology_id = said.get(part.apology)
        row.voicemail_level_id = part.voicemail_level or None
        (edited if earlier else added).append(row)
        work.changed.add(part.sid)
    fields = [*_SYSTEM, *_SYSTEM_ACTIONS, "apology", "voicemail_level"]
    _write(work, System, added, edited, fields)


def write_menus(work: Work) -> None:
    """The menus; they may lead to each other, and may come from another system."""
    said, systems = work.ids(Announcement), work.ids(System)
    before = {menu.sid: (menu, system.sid) for system, menu in menus_of(work.live)}
    rows = work.rows(Menu, before)
    added: list[Any] = []
    edited: list[Any] = []
    for system, part in menus_of(work.plan):
        earlier, home = before.get(part.sid, (None, ""))
        if (earlier, home) == (part, system.sid):
            continue
        row = rows.get(part.sid) or work.new(Menu, part.sid)
        _copy(part, row, _MENU, ("timeout_action",))
        row.system_id = systems[system.sid]
        row.announcement_id = said.get(part.announcement)
        row.ringback_tone_id = said.get(part.ringback_tone)
        row.keys = write_keys(dict(part.keys))
        (edited if earlier else added).append(row)
        work.changed |= {system.sid, home} - {""}
    fields = [*_MENU, "timeout_action", "system", "announcement", "ringback_tone", "keys"]
    _write(work, Menu, added, edited, fields)


def write_schedules(work: Work) -> None:
    """Weeks and special days; one that differs is written anew."""
    _schedule(work, WeeklyEntry, "week", ("start", "end", "day"))
    _schedule(work, DateRange, "dates", ("start", "end"))


def _schedule(work: Work, model: Any, name: str, fields: Sequence[str]) -> None:
    before = work.before
    changed = [
        system
        for system in work.plan.systems
        if getattr(system, name) != getattr(before.get(system.sid), name, ())
    ]
    if not changed:
        return
    systems, menus = work.ids(System), work.ids(Menu)
    sids = {system.sid for system in changed}
    model.objects.filter(account=work.account, system__sid__in=sids).delete()
    model.objects.bulk_create(
        model(
            account=work.account,
            system_id=systems[system.sid],
            menu_id=menus[span.menu],
            **{field: getattr(span, field) for field in fields},
        )
        for system in changed
        for span in getattr(system, name)
    )
    work.changed |= sids


def _own(system: SystemPlan) -> SystemPlan:
    return replace(system, numbers=(), extensions=(), menus=(), week=(), dates=())


def _copy(part: object, row: Any, fields: Sequence[str], actions: Sequence[str]) -> None:
    for name in fields:
        setattr(row, name, getattr(part, name))
    for name in actions:
        setattr(row, name, write_action(getattr(part, name)))


def _write(
    work: Work, model: Any, added: Sequence[Any], edited: Sequence[Any], fields: Sequence[str]
) -> None:
    model.objects.bulk_create(added)
    for row in edited:
        row.updated_at = work.at
    if edited:
        model.objects.bulk_update(edited, [*fields, "updated_at"], batch_size=200)
