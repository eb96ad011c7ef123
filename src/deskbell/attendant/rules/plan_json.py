"""Plans as JSON: what drafts and publications are stored as, and what exported files are made of.

Fields have the names of the API (seed 002) where it has them, so that whoever knows one knows the
other. What stands at its default is left out. Reading is strict, because files are written by
people: an unknown field or a wrong type is refused with the place where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.sids import new_sid

from .actions import MENU_KEYS, Action, read_action, write_action
from .plans import AnnouncementPlan, MenuPlan, NumberPlan, Plan, SystemPlan
from .schedule import DateSpan, WeekSpan

Place = tuple[str | int, ...]
"""Where something stands in a plan as JSON: `("systems", 0, "menus", 2, "timeoutSeconds")`."""

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TIME: Final = re.compile(r"\d{2}:\d{2}(:\d{2}(\.\d{6})?)?")
_WHOLE: Final = re.compile(r"-?\d{1,9}")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_FLAGS: Final = {"true": True, "yes": True, "false": False, "no": False}


class Misread(InvalidInput):
    """Something in a written plan cannot be read; `place` says where it stands."""

    def __init__(self, message: str, place: Place) -> None:
        named = [each for each in place if isinstance(each, str)]
        super().__init__(message, field=named[-1] if named else "")
        self.place = place


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of a part: its attribute, its name as JSON, how it is read and written."""

    attribute: str
    name: str
    read: Callable[[Any, Place], Any]
    write: Callable[[Any], Any] = lambda value: value
    always: bool = False


def to_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON: `announcements`, `systems` and `numbers`, lists of objects."""
    return {
        "announcements": [_written(part, ANNOUNCEMENT) for part in plan.announcements],
        "systems": [_written(part, SYSTEM) for part in plan.systems],
        "numbers": [_written(part, NUMBER) for part in plan.numbers],
    }


def from_json(written: Mapping[str, Any]) -> Plan:
    """The plan that `to_json` wrote, or a person in its way. Raises Misread.

    What is read can be said; whether it can be kept is `checks.check`'s to say.
    """
    return Plan(**_read_fields(written, (), PLAN))


def _written(part: Any, table: Sequence[_Field]) -> dict[str, Any]:
    made_of = part.__dataclass_fields__
    return {
        each.name: each.write(value)
        for each in table
        if (value := getattr(part, each.attribute)) != made_of[each.attribute].default
        or each.always
    }


def _read_fields(written: Any, place: Place, table: Sequence[_Field]) -> dict[str, Any]:
    if not isinstance(written, Mapping):
        raise Misread(f"{_said(place)} takes fields with values; not {_short(written)}", place)
    by_name = {each.name: each for each in table}
    for name in written:
        if name not in by_name:
            raise Misread(
                f"{_said(place)} has no field {_short(name)}; it takes {', '.join(by_name)}",
                (*place, name),
            )
    return {
        each.attribute: each.read(written[each.name], (*place, each.name))
        for each in table
        if written.get(each.name) is not None
    }


def _text(written: Any, place: Place) -> str:
    if not isinstance(written, str):
        raise Misread(f"{place[-1]} takes text; not {_short(written)}", place)
    return str(written)


def _whole(written: Any, place: Place) -> int:
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    if isinstance(written, str) and _WHOLE.fullmatch(written):
        return int(written)
    raise Misread(f"{place[-1]} takes a whole number; not {_short(written)}", place)


def _flag(written: Any, place: Place) -> bool:
    if isinstance(written, bool):
        return written
    if isinstance(written, str) and written.lower() in _FLAGS:
        return _FLAGS[written.lower()]
    raise Misread(f"{place[-1]} takes true or false; not {_short(written)}", place)


def _action(written: Any, place: Place) -> Action | None:
    try:
        return read_action(written, field=str(place[-1]))
    except InvalidInput as error:
        raise Misread(str(error), place) from error


def _items(written: Any, place: Place) -> Sequence[Any]:
    if not isinstance(written, list | tuple):
        raise Misread(f"{place[-1]} takes a list; not {_short(written)}", place)
    return written


def _texts(written: Any, place: Place) -> tuple[str, ...]:
    return tuple(
        _text(each, (*place, number)) for number, each in enumerate(_items(written, place))
    )


def _keys(written: Any, place: Place) -> tuple[tuple[str, Action], ...]:
    if isinstance(written, Mapping):
        pairs = [(key, action, (*place, key)) for key, action in written.items()]
    else:
        pairs = [
            _pair(each, (*place, number)) for number, each in enumerate(_items(written, place))
        ]
    found: dict[str, Action] = {}
    for key, described, there in pairs:
        if not isinstance(key, str) or len(key) != 1 or key not in MENU_KEYS:
            raise Misread(f"A key of a menu is 0 to 9 or *; not {_short(key)}", there)
        if key in found:
            raise Misread(f"Key {key} stands twice; once is right", there)
        action = _action(described, there)
        if action is None:
            raise Misread(f"Key {key} needs an actionType", there)
        found[key] = action
    return tuple((str(key), action) for key, action in found.items())


def _pair(written: Any, place: Place) -> tuple[Any, Any, Place]:
    if not isinstance(written, Mapping) or set(written) - {"menuKey", "menuAction"}:
        raise Misread("Each of keys takes menuKey and menuAction", place)
    return written.get("menuKey"), written.get("menuAction"), place


def _day(written: Any, place: Place) -> int:
    if isinstance(written, str) and written.capitalize() in DAYS:
        return DAYS.index(written.capitalize()) + 1
    try:
        return _whole(written, place)
    except Misread:
        raise Misread(f"day takes Monday to Sunday; not {_short(written)}", place) from None


def _start(written: Any, place: Place) -> time:
    text = _text(written, place)
    try:
        if _TIME.fullmatch(text):
            return time.fromisoformat(text)
    except ValueError:
        pass
    raise Misread(f"{place[-1]} takes a time as 09:00; not {_short(text)}", place)


def _end(written: Any, place: Place) -> time:
    return time(0) if written in ("24:00", "24:00:00") else _start(written, place)


def _date(written: Any, place: Place) -> date:
    text = _text(written, place)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Misread(f"{place[-1]} takes a date as 2027-12-25; not {_short(text)}", place)


def _write_end(end: time) -> str:
    return "24:00" if end == time(0) else _write_time(end)


def _write_time(moment: time) -> str:
    is_short = not moment.second and not moment.microsecond
    return f"{moment:%H:%M}" if is_short else moment.isoformat()


def _parts(kind: type, table: Sequence[_Field], *needed: str) -> Callable[..., Any]:
    def read(written: Any, place: Place) -> tuple[Any, ...]:
        found = []
        for number, each in enumerate(_items(written, place)):
            there = (*place, number)
            values = _read_fields(each, there, table)
            for name in needed:
                if each.get(name) is None:
                    raise Misread(f"{_said(there)} needs {name}{_free(name, kind)}", there)
            found.append(kind(**values))
        return tuple(found)

    return read


def _free(name: str, kind: type) -> str:
    prefix = PREFIXES.get(kind, "") if name == "sid" else ""
    return f"; {new_sid(prefix)} is free" if prefix else ""


def _write_parts(table: Sequence[_Field]) -> Callable[[Any], list[dict[str, Any]]]:
    return lambda parts: [_written(part, table) for part in parts]


def _write_keys(keys: Sequence[tuple[str, Action]]) -> list[dict[str, Any]]:
    return [{"menuKey": key, "menuAction": write_action(action)} for key, action in keys]


def _said(place: Place) -> str:
    """What stands at a place, in words: `A menu`."""
    named = [each for each in place if isinstance(each, str)]
    return _SINGULAR.get(named[-1], named[-1]) if named else "The file"


def _short(written: object) -> str:
    shown = repr(str(written)) if isinstance(written, str) else repr(written)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"


PREFIXES: Final = {AnnouncementPlan: "AN", SystemPlan: "AA", MenuPlan: "MN"}
_SINGULAR: Final = {
    "announcements": "An announcement",
    "systems": "A system",
    "numbers": "A number",
    "menus": "A menu",
    "week": "An entry of the week",
    "specialDays": "An entry of specialDays",
}

_WEEK: Final = (
    _Field("day", "day", _day, always=True),
    _Field("start", "startTime", _start, _write_time, always=True),
    _Field("end", "endTime", _end, _write_end, always=True),
    _Field("menu", "menuSid", _text, always=True),
)
_DATES: Final = (
    _Field("start", "startDate", _date, date.isoformat, always=True),
    _Field("end", "endDate", _date, date.isoformat, always=True),
    _Field("menu", "menuSid", _text, always=True),
)
ANNOUNCEMENT: Final = (
    _Field("sid", "sid", _text, always=True),
    _Field("name", "name", _text, always=True),
    _Field("description", "description", _text),
    _Field("type", "type", _text, always=True),
    _Field("body", "body", _text),
    _Field("language", "language", _text),
    _Field("voice", "voice", _text),
    _Field("audio", "audio", _text),
)
NUMBER: Final = (
    _Field("number", "number", _text, always=True),
    _Field("is_extension", "isExtension", _flag),
    _Field("extension", "extension", _text),
    _Field("spoken_name", "extensionSpokenName", _text),
)
MENU: Final = (
    _Field("sid", "sid", _text, always=True),
    _Field("name", "name", _text, always=True),
    _Field("color_code", "colorCode", _text),
    _Field("announcement", "announcementSid", _text),
    _Field("ringback_tone", "ringbackToneSid", _text),
    _Field("keys", "keys", _keys, _write_keys),
    _Field("timeout_seconds", "timeoutSeconds", _whole),
    _Field("timeout_max_occurance", "timeoutMaxOccurance", _whole),
    _Field("timeout_action", "timeoutAction", _action, write_action),
)
SYSTEM: Final = (
    _Field("sid", "sid", _text, always=True),
    _Field("name", "name", _text, always=True),
    _Field("description", "description", _text),
    _Field("status", "status", _text, always=True),
    _Field("time_zone", "timezoneId", _text),
    _Field("numbers", "aaNumbers", _texts, list),
    _Field("extensions", "extensions", _texts, list),
    _Field("direct_dialling", "directDialling", _flag),
    _Field("timeout_seconds", "timeoutSeconds", _whole),
    _Field("timeout_max_occurance", "timeoutMaxOccurance", _whole),
    _Field("timeout_action", "timeoutAction", _action, write_action),
    _Field("invalid_input_max_occurance", "invalidInputMaxOccurance", _whole),
    _Field("invalid_input_action", "invalidInputAction", _action, write_action),
    _Field("invalid_extension_max_occurance", "invalidExtensionMaxOccurance", _whole),
    _Field("invalid_extension_action", "invalidExtensionAction", _action, write_action),
    _Field("no_answer_action", "noAnswerAction", _action, write_action),
    _Field("apology", "apologySid", _text),
    _Field("voicemail_level", "voicemailLevel", _whole),
    _Field("menus", "menus", _parts(MenuPlan, MENU, "sid", "name"), _write_parts(MENU)),
    _Field(
        "week",
        "week",
        _parts(WeekSpan, _WEEK, "day", "startTime", "endTime", "menuSid"),
        _write_parts(_WEEK),
    ),
    _Field(
        "dates",
        "specialDays",
        _parts(DateSpan, _DATES, "startDate", "endDate", "menuSid"),
        _write_parts(_DATES),
    ),
)
PLAN: Final = (
    _Field("announcements", "announcements", _parts(AnnouncementPlan, ANNOUNCEMENT, "sid", "name")),
    _Field("systems", "systems", _parts(SystemPlan, SYSTEM, "sid", "name")),
    _Field("numbers", "numbers", _parts(NumberPlan, NUMBER, "number")),
)
