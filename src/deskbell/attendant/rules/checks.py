"""All that can be said against a plan without the database: before it is kept, published, imported.

Faults come with the place where they stand, so that an imported file can name its line. The
errors are those of the actions, so that a plan is refused as the API refuses its parts.
Source: design, attendant API, "Resources".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from deskbell.accounts.errors import ExtensionTaken, NotAnExtension, NumberNotFound, NumberTaken
from deskbell.foundation.errors import DeskbellError, InvalidInput
from deskbell.foundation.numbers import digits_of, national_digits
from deskbell.foundation.zones import is_time_zone
from deskbell.speech.language import language_tag

from ..errors import (
    AnnouncementNotFound,
    MenuNotFound,
    NumberInUse,
    SayIncomplete,
    UnknownLanguage,
    UnknownType,
    UnknownVoice,
)
from .actions import Action, read_action, write_action
from .plan_json import ANNOUNCEMENT, MENU, NUMBER, SYSTEM, Place
from .plans import AnnouncementPlan, MenuPlan, NumberPlan, Plan, SystemPlan
from .schedule import check_dates, check_week

MAX_TEXT: Final = {
    "sid": 34,
    "name": 200,
    "description": 1000,
    "body": 5000,
    "language": 40,
    "voice": 16,
    "colorCode": 16,
    "timezoneId": 64,
    "number": 32,
    "extensionSpokenName": 200,
}
MOST: Final = {
    "timeoutSeconds": 120,
    "timeoutMaxOccurance": 100,
    "invalidInputMaxOccurance": 100,
    "invalidExtensionMaxOccurance": 100,
}
_EXTENSION: Final = re.compile(r"[0-9]{1,12}")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_UNFIT: Final = re.compile("[\x00\ud800-\udfff]")


class Fault(NamedTuple):
    """What is wrong, and where it stands in the plan as JSON."""

    place: Place
    error: DeskbellError


def check(plan: Plan) -> None:
    """Raises what is wrong first: references, overlaps, things that stand twice, lengths, ranges.

    Raises InvalidInput and its kin, AnnouncementNotFound, MenuNotFound, NumberNotFound,
    NumberInUse, NotAnExtension, NumberTaken, ExtensionTaken.
    """
    for fault in faults(plan):
        raise fault.error


def faults(plan: Plan) -> Iterator[Fault]:
    """Everything that is wrong with the plan, in its order."""
    yield from _sids_that_stand_twice(plan)
    for number, announcement in enumerate(plan.announcements):
        yield from _announcement(announcement, ("announcements", number))
    sids = {announcement.sid for announcement in plan.announcements}
    for number, system in enumerate(plan.systems):
        yield from _System(system, ("systems", number), sids).faults()
    yield from _numbers(plan.numbers)
    yield from _numbers_of_systems(plan)


def _sids_that_stand_twice(plan: Plan) -> Iterator[Fault]:
    places: list[tuple[str, Place]] = [
        (part.sid, ("announcements", number)) for number, part in enumerate(plan.announcements)
    ]
    for number, system in enumerate(plan.systems):
        here: Place = ("systems", number)
        places.append((system.sid, here))
        places += [(menu.sid, (*here, "menus", at)) for at, menu in enumerate(system.menus)]
    seen: set[str] = set()
    for sid, place in places:
        if not sid or sid in seen:
            words = f"The sid {sid} stands twice; each has its own" if sid else "A sid is missing"
            yield Fault((*place, "sid"), InvalidInput(words, field="sid"))
        seen.add(sid)


def _announcement(part: AnnouncementPlan, place: Place) -> Iterator[Fault]:
    named = f'Announcement "{part.name}"'
    yield from _texts(part, ANNOUNCEMENT, place)
    if part.type not in {"say", "play"}:
        words = f"{named}: type takes say or play; not {part.type!r}"
        yield Fault((*place, "type"), UnknownType(words, field="type"))
    if part.audio and (part.type != "play" or not _SHA256.fullmatch(part.audio)):
        words = f"{named}: audio is the SHA-256 of a play announcement's sound"
        yield Fault((*place, "audio"), InvalidInput(words, field="audio"))
    if part.type == "say":
        yield from _said(part, named, place)
    yield from _spoken(part, named, place)


def _said(part: AnnouncementPlan, named: str, place: Place) -> Iterator[Fault]:
    if not any(character.isalnum() for character in part.body):
        words = f"{named}: body takes text with a word to speak"
        yield Fault((*place, "body"), SayIncomplete(words, field="body"))
    if not part.language:
        words = f"{named}: language is needed, as en-US"
        yield Fault((*place, "language"), SayIncomplete(words, field="language"))


def _spoken(part: AnnouncementPlan, named: str, place: Place) -> Iterator[Fault]:
    try:
        language_tag(part.language or "en")
    except InvalidInput as error:
        words = f"{named}: {error}"
        yield Fault((*place, "language"), UnknownLanguage(words, field="language"))
    if part.voice and part.voice.casefold() not in {"man", "woman"}:
        words = f"{named}: voice takes Man or Woman; not {part.voice!r}"
        yield Fault((*place, "voice"), UnknownVoice(words, field="voice"))


class _System:
    """The check of one system."""

    def __init__(self, system: SystemPlan, place: Place, announcements: set[str]) -> None:
        self._system, self._place, self._announcements = system, place, announcements
        self._menus = {menu.sid for menu in system.menus}
        self._named = f'System "{system.name}"'

    def faults(self) -> Iterator[Fault]:
        system, here = self._system, self._place
        yield from _texts(system, SYSTEM, here)
        yield from _ranges(system, SYSTEM, here, self._named)
        if system.status not in {"ACTIVE", "SUSPENDED"}:
            words = f"{self._named}: status takes ACTIVE or SUSPENDED; not {system.status!r}"
            yield Fault((*here, "status"), InvalidInput(words, field="status"))
        if system.time_zone and not is_time_zone(system.time_zone):
            words = (
                f"{self._named}: {system.time_zone!r} is not a time zone;"
                " an IANA name is, as America/New_York"
            )
            yield Fault((*here, "timezoneId"), InvalidInput(words, field="time_zone"))
        yield from self._plays(system.apology, self._named, (*here, "apologySid"))
        for field in SYSTEM:
            if field.name.endswith("Action"):
                action = getattr(system, field.attribute)
                yield from self._action(action, self._named, (*here, field.name), field.attribute)
        for number, menu in enumerate(system.menus):
            yield from self._menu(menu, (*here, "menus", number))
        yield from self._schedule(system.week, check_week, (*here, "week"))
        yield from self._schedule(system.dates, check_dates, (*here, "specialDays"))

    def _menu(self, menu: MenuPlan, place: Place) -> Iterator[Fault]:
        named = f'Menu "{menu.name}"'
        yield from _texts(menu, MENU, place)
        yield from _ranges(menu, MENU, place, named)
        if menu.color_code and not _COLOUR.fullmatch(menu.color_code):
            words = f"{named}: colorCode takes a colour as #e56052; not {menu.color_code!r}"
            yield Fault((*place, "colorCode"), InvalidInput(words, field="color_code"))
        yield from self._plays(menu.announcement, named, (*place, "announcementSid"))
        yield from self._plays(menu.ringback_tone, named, (*place, "ringbackToneSid"))
        yield from self._action(
            menu.timeout_action, named, (*place, "timeoutAction"), "timeout_action"
        )
        for key, action in menu.keys:
            yield from self._action(action, f"{named}, key {key}", (*place, "keys", key), "keys")
        for key, times in Counter(key for key, _ in menu.keys).items():
            if times > 1:
                words = f"{named}: key {key} stands twice; once is right"
                yield Fault((*place, "keys"), InvalidInput(words, field="keys"))

    def _plays(self, sid: str, named: str, place: Place) -> Iterator[Fault]:
        if sid and sid not in self._announcements:
            words = f"{named}: there is no announcement {sid} in this account"
            yield Fault(place, AnnouncementNotFound(words))

    def _action(
        self, action: Action | None, named: str, place: Place, field: str
    ) -> Iterator[Fault]:
        if action is None:
            return
        try:
            read_action(write_action(action), field=field)
        except InvalidInput as error:
            yield Fault(place, InvalidInput(f"{named}: {error}", field=field))
            return
        if action.type.takes_announcement:
            yield from self._plays(action.data, named, place)
        if action.type.takes_menu and action.data not in self._menus:
            words = f"{named}: there is no menu {action.data} in this system"
            yield Fault(place, MenuNotFound(words))

    def _schedule(
        self, entries: Sequence[Any], check_all: Callable[[Any], None], place: Place
    ) -> Iterator[Fault]:
        for number, entry in enumerate(entries):
            if entry.menu not in self._menus:
                words = f"{self._named}: there is no menu {entry.menu} in this system"
                yield Fault((*place, number, "menuSid"), MenuNotFound(words))
        try:
            check_all(entries)
        except InvalidInput as error:
            yield Fault((*place, _culprit(entries, check_all)), error)


def _culprit(entries: Sequence[Any], check_all: Callable[[Any], None]) -> int:
    """The first entry that cannot stand after those before it."""
    good, bad = 0, len(entries)
    while bad - good > 1:
        middle = (good + bad) // 2
        try:
            check_all(entries[:middle])
            good = middle
        except InvalidInput:
            bad = middle
    return bad - 1


def _texts(part: object, table: Iterable[Any], place: Place) -> Iterator[Fault]:
    """Faults of every text of a part: a name that is blank, what is too long, what no text is."""
    for field in table:
        value = getattr(part, field.attribute)
        if not isinstance(value, str):
            continue
        there = (*place, field.name)
        if field.name == "name" and not value.strip():
            yield Fault(there, InvalidInput("A name is needed", field="name"))
        most = MAX_TEXT.get(field.name, 200)
        if len(value) > most:
            words = f"{field.name} takes up to {most} characters; not {len(value)}"
            yield Fault(there, InvalidInput(words, field=field.attribute))
        if _UNFIT.search(value):
            words = f"{field.name} takes text without NUL characters and halves of characters"
            yield Fault(there, InvalidInput(words, field=field.attribute))


def _ranges(part: object, table: Iterable[Any], place: Place, named: str) -> Iterator[Fault]:
    for field in table:
        value = getattr(part, field.attribute)
        most = MOST.get(field.name)
        if most is not None and value is not None and not 1 <= value <= most:
            words = f"{named}: {field.name} takes 1 to {most}; not {value}"
            yield Fault((*place, field.name), InvalidInput(words, field=field.attribute))


def _numbers(numbers: Sequence[NumberPlan]) -> Iterator[Fault]:
    seen: set[str] = set()
    extensions: set[str] = set()
    for at, part in enumerate(numbers):
        place: Place = ("numbers", at)
        yield from _texts(part, NUMBER, place)
        digits = national_digits(part.number)
        if digits in seen or not digits_of(part.number):
            words = f"{part.number!r} stands twice" if digits else f"{part.number!r} has no digits"
            yield Fault((*place, "number"), NumberTaken(words))
        seen.add(digits)
        if part.spoken_name and not part.is_extension:
            words = f"{part.number} is no extension, so it has no spoken name"
            yield Fault((*place, "extensionSpokenName"), InvalidInput(words, field="spoken_name"))
        if part.extension:
            yield from _extension(part, extensions, (*place, "extension"))
        extensions.add(part.extension)


def _extension(part: NumberPlan, taken: set[str], place: Place) -> Iterator[Fault]:
    if not part.is_extension:
        yield Fault(place, NotAnExtension(f"{part.number} is no extension, so it has no number"))
    if not _EXTENSION.fullmatch(part.extension):
        words = f"An extension number has 1 to 12 digits; not {part.extension!r}"
        yield Fault(place, InvalidInput(words, field="extension"))
    if part.extension in taken:
        words = f"Extension {part.extension} is another number's; each has its own"
        yield Fault(place, ExtensionTaken(words))


def _numbers_of_systems(plan: Plan) -> Iterator[Fault]:
    kinds = {part.number: part.is_extension for part in plan.numbers}
    leading: dict[str, str] = {}
    for at, system in enumerate(plan.systems):
        here: Place = ("systems", at)
        for number, there in _placed(system.numbers, (*here, "aaNumbers")):
            if kinds.get(number) is not False:
                yield Fault(there, _not_of_kind(number, kinds, NumberNotFound))
            elif number in leading:
                words = f'{number} leads to "{leading[number]}" already'
                yield Fault(there, NumberInUse(words))
            leading[number] = system.name
        seen: set[str] = set()
        for number, there in _placed(system.extensions, (*here, "extensions")):
            if kinds.get(number) is not True:
                yield Fault(there, _not_of_kind(number, kinds, NotAnExtension))
            elif number in seen:
                yield Fault(there, NumberInUse(f"{number} stands twice; once is right"))
            seen.add(number)


def _placed(numbers: Sequence[str], place: Place) -> Iterator[tuple[str, Place]]:
    return ((number, (*place, at)) for at, number in enumerate(numbers))


def _not_of_kind(number: str, kinds: dict[str, bool], error: type[DeskbellError]) -> DeskbellError:
    if number not in kinds:
        return NumberNotFound(f"There is no number {number} in this account")
    if error is NotAnExtension:
        return NotAnExtension(f"{number} is not an extension")
    return InvalidInput(f"{number} is an extension; it belongs under extensions", field="numbers")
