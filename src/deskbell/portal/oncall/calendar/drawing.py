"""The calendar's links as HTML: hundreds on a page, for which a template takes too long.

Everything that people typed goes through `format_html`, which escapes it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from deskbell.foundation.dates import time_words

from ...templatetags.portal import icon
from .entries import Entry
from .hours import Block
from .month import LONG, Chip

NOTHING = mark_safe("")


def _drawn(*, icon: str) -> str:
    """The name of an icon, said so that the bundle takes the icon in."""
    return icon


REPEAT, CHANGED, COVER = _drawn(icon="repeat"), _drawn(icon="pencil"), _drawn(icon="user-share")


def blocks(found: Iterable[Block], *, may_edit: bool) -> SafeString:
    """Shifts and overrides among hours, one after the other."""
    return _joined(_block(each, may_edit=may_edit) for each in found)


def holes(found: Iterable[Block]) -> SafeString:
    """Gaps among hours; each leads to a new event where the person may make one."""
    return _joined(_hole(each) for each in found)


def chips(found: Iterable[Chip]) -> SafeString:
    """What starts on a day of a month."""
    return _joined(_chip(each) for each in found)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 each part was escaped where it was made


def _block(block: Block, *, may_edit: bool) -> SafeString:
    entry = block.entry
    states = (
        ("is-covered", block.is_covered),
        ("is-continued", not block.is_first),
        ("goes-on", not block.is_last),
        ("is-short", block.is_short),
    )
    return format_html(
        '<a class="block {} is-{} {}{}" id="{}" href="{}" hx-get="{}" hx-target="#panel"'
        ' draggable="false"{} data-tip="{}"><span class="block-title">{}</span>'
        ' <span class="block-hours">{}</span>{}{}</a>',
        entry.tone,
        entry.kind,
        block.place,
        _states(states),
        block.id,
        entry.href,
        entry.href,
        _moves(entry) if entry.event else NOTHING,
        entry.tip,
        entry.title,
        _block_hours(block),
        _marks(entry, is_covered=block.is_covered),
        _grips(block) if may_edit and entry.event else NOTHING,
    )


def _block_hours(block: Block) -> str:
    """When it is, beside the day that stands above."""
    entry = block.entry
    if entry.covered:
        return replace(entry, starts=block.starts, ends=block.ends, covered=()).hours
    if not block.is_first and block.is_last:
        return f"until {time_words(block.ends.time())}"
    return entry.hours if entry.ends - entry.starts <= LONG else entry.when


def _states(states: Iterable[tuple[str, bool]]) -> str:
    return "".join(f" {name}" for name, holds in states if holds)


def _moves(entry: Entry) -> SafeString:
    """What a drag needs to know of an event."""
    return format_html(
        ' data-event="{}" data-on="{}" data-starts="{}" data-ends="{}" data-move="{}"',
        entry.event,
        entry.day.isoformat() if entry.day else "",
        _moment(entry.starts),
        _moment(entry.ends),
        reverse("oncall:move", args=[entry.event]),
    )


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def _grips(block: Block) -> SafeString:
    """Where a block can be taken to be stretched."""
    starts = '<span class="grip grip-start" data-grip="starts"></span>' if block.is_first else ""
    ends = '<span class="grip grip-end" data-grip="ends"></span>' if block.is_last else ""
    return mark_safe(starts + ends)  # noqa: S308 only the words above


def _hole(block: Block) -> SafeString:
    entry = block.entry
    said = format_html(
        '<span class="hole-says">Nobody</span><span class="hole-when"> on call, {}</span>',
        entry.when,
    )
    if not entry.href:
        return format_html(
            '<div class="hole {}" data-tip="{}">{}</div>', block.place, entry.tip, said
        )
    return format_html(
        '<a class="hole {}" id="{}" href="{}" hx-get="{}" hx-target="#panel" draggable="false"'
        ' data-tip="{}">{}</a>',
        block.place,
        block.id,
        entry.href,
        entry.href,
        entry.tip,
        said,
    )


def _chip(chip: Chip) -> SafeString:
    entry = chip.entry
    states = (
        ("is-bar", chip.is_bar),
        ("is-covered", entry.is_covered),
        ("is-continued", chip.is_continued),
        ("goes-on", chip.goes_on),
    )
    kind = "a" if entry.href else "div"
    link = format_html(' href="{}" hx-get="{}" hx-target="#panel"', entry.href, entry.href)
    return format_html(
        '<{} class="chip dc-{} wide-{} {} is-{}{}" id="{}"{} data-tip="{}">{}'
        '<span class="chip-title">{}</span> <span class="chip-hours">{}</span>{}</{}>',
        kind,
        chip.column,
        chip.width,
        entry.tone,
        entry.kind,
        _states(states),
        chip.id,
        link if entry.href else NOTHING,
        entry.tip,
        NOTHING if chip.is_bar else mark_safe('<span class="dot"></span>'),
        entry.title,
        _hours(chip),
        _marks(entry, is_covered=entry.is_covered, is_small=not chip.is_bar),
        kind,
    )


def _hours(chip: Chip) -> str | SafeString:
    """When it is, as far as its place does not say it already."""
    entry = chip.entry
    if chip.is_continued:
        return format_html('<span class="visually-hidden">{}</span>', entry.when)
    if entry.is_whole_days:
        return mark_safe('<span class="visually-hidden">all day</span>')
    if entry.kind == "gap":
        return entry.when
    starts, _, rest = entry.hours.partition(" to ")
    return format_html('{}<span class="chip-until"> to {}</span>', starts, rest)


def _marks(entry: Entry, *, is_covered: bool, is_small: bool = False) -> SafeString:
    """Signs at the end, and the same in words for those who do not see them.

    Where room is small, that it comes back is only said in words.
    """
    name = CHANGED if entry.is_changed else REPEAT if entry.is_recurring and not is_small else ""
    name = COVER if entry.kind == "override" else name
    if entry.kind == "gap":
        return NOTHING
    return format_html(
        '{}<span class="visually-hidden">{}, {}</span>',
        _sign(name) if name else NOTHING,
        ", covered" if is_covered else "",
        entry.words,
    )


@functools.cache
def _sign(name: str) -> SafeString:
    return icon(name, "sign-mark")
