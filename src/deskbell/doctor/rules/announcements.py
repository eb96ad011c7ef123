"""What is wrong with announcements: nothing to hear, too much to hear, or nobody hears them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from deskbell.attendant.rules.plans import AnnouncementPlan, Plan

from ..findings import Facts, Finding, Kind, Severity
from .survey import Survey, is_silent

LONGEST_SECONDS: Final = 60
LONGEST_TEXT: Final = 500


def examine(plan: Plan, surveys: Sequence[Survey], facts: Facts) -> Iterator[Finding]:
    """The findings about the announcements of an account."""
    users: dict[str, list[str]] = {each.sid: [] for each in plan.announcements}
    in_menus: set[str] = set()
    for one in surveys:
        for sid, words in _uses(one):
            users.setdefault(sid, []).append(words)
        in_menus |= {menu.announcement for menu in one.system.menus}
    for announcement in plan.announcements:
        yield from _one(announcement, users[announcement.sid], facts)
        if announcement.sid in in_menus:
            yield from _length(announcement, facts)


def _uses(survey: Survey) -> Iterator[tuple[str, str]]:
    system = survey.system
    yield system.apology, f'the apology of "{system.name}"'
    for menu in system.menus:
        yield menu.announcement, f'the menu "{menu.name}"'
        yield menu.ringback_tone, f'the ringing of the menu "{menu.name}"'
    for place in survey.places:
        yield place.action.data, place.words[0].lower() + place.words[1:]


def _one(announcement: AnnouncementPlan, users: list[str], facts: Facts) -> Iterator[Finding]:
    name, sid = announcement.name, announcement.sid
    if not users:
        yield Finding(
            Severity.HINT,
            "announcement_unused",
            Kind.ANNOUNCEMENT,
            sid,
            "",
            f'Nothing plays "{name}".',
            "Choose it in a menu or for a key, or delete it.",
        )
    elif is_silent(announcement):
        is_play = announcement.type == "play"
        lacks = "no audio was uploaded for it" if is_play else "its text has no words"
        yield Finding(
            Severity.ERROR,
            "announcement_without_audio" if is_play else "announcement_without_words",
            Kind.ANNOUNCEMENT,
            sid,
            "",
            f'Nothing can be heard of "{name}", which belongs to {_some(users)}: {lacks}.',
            "Upload a WAV file." if is_play else "Write what callers are to hear.",
        )
    elif _is_lost(announcement, facts):
        yield Finding(
            Severity.ERROR,
            "audio_lost",
            Kind.ANNOUNCEMENT,
            sid,
            "",
            f'The audio of "{name}" is not kept here, so that nothing can be heard of it.',
            "Upload its WAV file again.",
        )


def _some(users: list[str]) -> str:
    return users[0] if len(users) == 1 else f"{users[0]} and {len(users) - 1} more"


def _is_lost(announcement: AnnouncementPlan, facts: Facts) -> bool:
    is_unknown = facts.seconds is None or announcement.audio in facts.seconds
    return announcement.type == "play" and not is_unknown


def _length(announcement: AnnouncementPlan, facts: Facts) -> Iterator[Finding]:
    is_say = announcement.type == "say"
    seconds = (facts.seconds or {}).get(announcement.audio, 0.0)
    if is_say and len(announcement.body) > LONGEST_TEXT:
        length = f"has {len(announcement.body)} characters"
    elif seconds > LONGEST_SECONDS:
        length = f"lasts {round(seconds)} seconds"
    else:
        return
    yield Finding(
        Severity.HINT,
        "announcement_long",
        Kind.ANNOUNCEMENT,
        announcement.sid,
        "",
        f'"{announcement.name}" {length}: callers wait long, and forget the first keys.',
        f"Keep what a menu says under {LONGEST_SECONDS} seconds, or {LONGEST_TEXT} characters.",
    )
