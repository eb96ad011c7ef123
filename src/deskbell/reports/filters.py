"""What was asked of an export, read: a page's query, of which nothing is taken on trust."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from deskbell.accounts.models import Account
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.zones import is_time_zone

# As a page's query: fields by name, several values as a list.
Asked = Mapping[str, str | list[str]]
ZONE: Final = "zone"
MAX_SEARCH: Final = 400


def written(asked: Asked, name: str) -> str:
    """What stands in a field; the last of several, "" for none."""
    given = asked.get(name, "")
    return (given[-1] if given else "") if isinstance(given, list) else given


def searched(asked: Asked, name: str, errors: dict[str, str]) -> str:
    """Words to look for; too many are left out, and `errors` says so under the field's name."""
    words = written(asked, name).replace("\0", "").strip()
    if len(words) <= MAX_SEARCH:
        return words
    errors[name] = f"A search has at most {MAX_SEARCH} characters."
    return ""


def chosen(asked: Asked, name: str, among: Mapping[str, str], errors: dict[str, str]) -> str:
    """One of `among`, values with their names; else "", and `errors` names them."""
    value = written(asked, name)
    if value and value not in among:
        errors[name] = f"“{value[:40]}” is none of these: {', '.join(among.values())}."
        return ""
    return value


def zone_of(account: Account, asked: Asked) -> ZoneInfo:
    """The zone whose days are meant: the one that was asked with, else the account's."""
    named = written(asked, ZONE)
    return ZoneInfo(named if is_time_zone(named) else account.time_zone)


def refuse_wrong(errors: Mapping[str, str]) -> None:
    """Raises InvalidInput with the first of `errors`, under its field, where there is one."""
    for field, words in errors.items():
        raise InvalidInput(words, field=field)
