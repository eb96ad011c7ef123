"""The words of a script as they are said: with variables in braces put in.

`{company}` is the company as it is said on the number, `{time_of_day}` is "good morning", "good
afternoon" or "good evening", `{receptionist}` who speaks, `{number}` the number that was called,
`{account}` the account's name. A capital letter in front gives one in the words: `{Time_of_day}`
is "Good morning".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

VARIABLES: Final = ("company", "time_of_day", "receptionist", "number", "account")

_VARIABLE: Final = re.compile(r"\{([^{}\n]{1,60})\}")
_NOON: Final = time(12)
_EVENING: Final = time(18)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the variables stand for; `local` is now on the account's clock."""

    company: str
    receptionist: str
    number: str
    account: str
    local: datetime

    def value(self, variable: str) -> str:
        """What one of VARIABLES stands for."""
        if variable == "time_of_day":
            return time_of_day(self.local)
        return str(getattr(self, variable))


def time_of_day(local: datetime) -> str:
    """How one greets at that wall-clock time: afternoon begins at noon, evening at six."""
    clock = local.time()
    part = "morning" if clock < _NOON else "afternoon" if clock < _EVENING else "evening"
    return f"good {part}"


def said(text: str, known: Spoken) -> str:
    """The words with variables put in; what is no variable stays as it is written."""

    def put_in(found: re.Match[str]) -> str:
        variable = found[1].lower()
        if variable not in VARIABLES:
            return found[0]
        value = known.value(variable)
        return value[:1].upper() + value[1:] if found[1][0].isupper() else value

    return _VARIABLE.sub(put_in, text)


def unknown_variables(text: str) -> list[str]:
    """What stands in braces and is no variable, in order."""
    return [found for found in _VARIABLE.findall(text) if found.lower() not in VARIABLES]
