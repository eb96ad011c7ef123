"""Bars and stretches of duty, as on call tells them, made into what the calendar draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import reduce
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from deskbell.oncall.models import OverrideKind
from deskbell.oncall.queries import Bar, Stretch

from .asked import Asked
from .entries import Entry, WallSpan, tone_of

NOBODY: Final = "Nobody"


def entries_of(bars: Iterable[Bar], zone: ZoneInfo, asked: Asked) -> list[Entry]:
    """Bars as entries, each with the address at which its panel opens."""
    return [
        _override(bar, index, zone, asked) if bar.override_id else _shift(bar, zone, asked)
        for index, bar in enumerate(bars)
    ]


def gaps_of(
    stretches: Iterable[Stretch], now: datetime, zone: ZoneInfo, asked: Asked, may_edit: bool
) -> list[Entry]:
    """The stretches from now on in which nobody is on call; who may edit is led to an event there.

    `now` is by the wall clock.
    """
    made = []
    now = now.replace(second=0, microsecond=0)
    for each in stretches:
        starts, ends = max(wall(each.start, zone), now), wall(each.end, zone)
        if each.contacts or starts >= ends:
            continue
        made.append(
            Entry(
                kind="gap",
                key=f"g{each.level_id}-{starts:%Y%m%d%H%M}",
                level=each.level_id,
                title="Nobody on call",
                words="a gap: put somebody on call" if may_edit else "a gap",
                starts=starts,
                ends=ends,
                href=new_event(asked, each.level_id, starts, ends) if may_edit else "",
            )
        )
    return made


def new_event(asked: Asked, level: int, starts: date, ends: datetime | None = None) -> str:
    """The address of a new event on a level; without `ends` at the account's default times."""
    parts: dict[str, object] = {"on": level, "starts": _said(starts)}
    if ends is not None:
        parts["ends"] = _said(ends)
    return f"{reverse('oncall:new_event')}?{urlencode(parts)}&{asked.query}".rstrip("&")


def _said(day: date) -> str:
    return day.isoformat(timespec="minutes") if isinstance(day, datetime) else day.isoformat()


def wall(at: datetime, zone: ZoneInfo) -> datetime:
    """An instant as the wall clock of a time zone shows it, without an offset."""
    return at.astimezone(zone).replace(tzinfo=None)


def _shift(bar: Bar, zone: ZoneInfo, asked: Asked) -> Entry:
    day = bar.day.isoformat()
    address = reverse("oncall:event", args=[bar.event_id])
    words = bar.words if bar.is_recurring else "once"
    if bar.is_changed:
        words = f"changed by hand; else {words}" if bar.is_recurring else "changed by hand"
    return Entry(
        kind="shift",
        key=f"e{bar.event_id}-{day}",
        level=bar.level_id,
        title=_names(bar),
        words=words,
        starts=bar.wall_start,
        ends=bar.wall_end,
        href=f"{address}?day={day}&{asked.query}".rstrip("&"),
        tones=tuple(tone_of(contact.id) for contact in bar.contacts),
        event=bar.event_id or 0,
        day=bar.day,
        is_recurring=bar.is_recurring,
        is_changed=bar.is_changed,
        covered=_covered(bar, zone),
        note=bar.note,
    )


def _override(bar: Bar, index: int, zone: ZoneInfo, asked: Asked) -> Entry:
    address = reverse("oncall:cover", args=[bar.override_id])
    return Entry(
        kind="override",
        key=f"o{bar.override_id}-{bar.level_id}-{index}",
        level=bar.level_id,
        title=_override_title(bar),
        words=_override_words(bar),
        starts=wall(bar.start, zone),
        ends=wall(bar.end, zone),
        href=f"{address}?{asked.query}".rstrip("?"),
        tones=tuple(tone_of(contact.id) for contact in bar.contacts),
        note=bar.note,
    )


def _names(bar: Bar) -> str:
    return ", ".join(dict.fromkeys(contact.name for contact in bar.contacts)) or NOBODY


def _override_title(bar: Bar) -> str:
    if bar.override_kind == OverrideKind.REMOVE and bar.takes_out:
        return f"{bar.takes_out.name} is off"
    return _names(bar)


def _override_words(bar: Bar) -> str:
    out = bar.takes_out.name if bar.takes_out else ""
    words = {
        OverrideKind.REPLACE: f"covers {out}" if bar.contacts else f"nobody covers {out}",
        OverrideKind.ADD: "in addition",
        OverrideKind.REMOVE: "taken off call",
    }.get(OverrideKind(bar.override_kind), "cover")
    idle = f"; {out} is not on call then" if bar.is_idle and out else ""
    return f"{words}{idle}"


def _covered(bar: Bar, zone: ZoneInfo) -> tuple[WallSpan, ...]:
    """When all of a shift's contacts are taken out of it, by the wall clock."""
    by_contact = [
        [(each.start, each.end) for each in bar.replaced if each.contact_id == contact.id]
        for contact in bar.contacts
    ]
    if not by_contact:
        return ()
    return tuple((wall(start, zone), wall(end, zone)) for start, end in reduce(_both, by_contact))


def _both(some: Sequence[WallSpan], others: Sequence[WallSpan]) -> list[WallSpan]:
    found = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return sorted((start, end) for start, end in found if start < end)
