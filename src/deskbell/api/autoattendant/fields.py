"""Kinds of fields that bodies and queries take, each strict about what it is.

Numbers may come as strings (`"timeoutSeconds": "1"` in the seed), sids with blanks around them, as
in several of its examples. Source: design, attendant API, "Base".
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.text import checked_text

FIRST_YEAR, LAST_YEAR = 1900, 2999
MAX_TEXT = 5000
MAX_SID = 64
_WHOLE = re.compile(r"\s*[+-]?\d{1,18}\s*", re.ASCII)
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?\s*(Z|[+ -]?\d\d:?\d\d)?",
    re.ASCII,
)


class Body(BaseModel):
    """A JSON body: names as the seed has them, and no others."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    def given(self) -> dict[str, Any]:
        """The fields that were sent, by our names; nulls too."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Shown(BaseModel):
    """What an answer shows: fields without a value are left out."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    def written(self) -> dict[str, Any]:
        """As JSON has it."""
        return self.model_dump(by_alias=True, exclude_none=True)


class Asked(BaseModel):
    """A query's parameters; names it does not know are no concern of ours."""

    model_config = ConfigDict(alias_generator=to_camel)


def _plain(text: str) -> str:
    try:
        return checked_text(text, field="it", most=MAX_TEXT)
    except InvalidInput as error:
        raise ValueError(str(error).removeprefix("it ")) from error


def _there(value: Any) -> Any:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise PydanticCustomError("missing", "is empty")
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if type(value) is int:
        return value
    raise ValueError("takes a whole number")


def _switch(value: Any) -> Any:
    """A truth value, also as the word for it; not the 1 and "yes" that pydantic takes."""
    words = {"true": True, "false": False}
    known = words.get(value.strip().casefold()) if isinstance(value, str) else value
    if type(known) is bool:
        return known
    raise ValueError("takes true or false")


def read_instant(text: str) -> datetime:
    """The instant of a date (midnight), a date-time, or either with an offset; UTC without one.

    A plus sign that arrived as a blank is one again. Raises ValueError for anything else.
    """
    found = _INSTANT.fullmatch(text.strip())
    if not found:
        raise ValueError("takes a date or a date-time, as 2018-10-05 or 2018-10-05T22:45:32")
    day, moment, offset = found.groups()
    offset = (offset or "Z").replace(" ", "+")
    if offset[0].isdigit():
        offset = f"+{offset}"
    instant = datetime.fromisoformat(f"{day}T{moment or '00:00'}{offset}")
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise ValueError(f"takes a year between {FIRST_YEAR} and {LAST_YEAR}")
    return instant.astimezone(UTC)


def written_instant(at: datetime) -> str:
    """An instant as the seed writes it: 2020-01-27T05:50:02+0000."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def end_of_second(at: datetime) -> datetime:
    """The first instant that is later than `at` to the second, in which times are shown."""
    return at.replace(microsecond=0) + timedelta(seconds=1)


def read_day(text: str, *, today: date) -> date:
    """A day from 2019-07-01, a date-time, or from `-30days`, counted from `today`.

    Raises ValueError. Source: seed 002, "Get Usage Records", "Filtering".
    """
    found = re.fullmatch(r"([+ -]?)(\d{1,5})days?", text.strip(), re.ASCII | re.IGNORECASE)
    if not found:
        return read_instant(text).date()
    days = timedelta(days=int(found[2]))
    day = today - days if found[1] == "-" else today + days
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"takes a year between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def words(*known: str) -> WithJsonSchema:
    """Has the description of a text field name the words that it can be."""
    return WithJsonSchema({"type": "string", "enum": list(known)})


Text = Annotated[str, AfterValidator(_plain)]
Needed = Annotated[Text, BeforeValidator(_there)]
Sid = Annotated[str, AfterValidator(lambda text: _plain(text.strip())), Field(max_length=MAX_SID)]
NeededSid = Annotated[Sid, BeforeValidator(_there)]
Whole = Annotated[
    int,
    BeforeValidator(_whole),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}]}),
]
Switch = Annotated[bool, BeforeValidator(_switch)]
Instant = Annotated[
    datetime,
    BeforeValidator(read_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Written = Annotated[
    str, Field(description="As 2020-01-27T05:50:02+0000.", examples=["2020-01-27T05:50:02+0000"])
]
