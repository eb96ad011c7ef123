"""What exports are of. A new kind is one module that has `check` and `table`, and one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from deskbell.accounts.models import Account

from . import audit, messages, usage
from .filters import Asked
from .models import Kind
from .tables import Table


@dataclass(frozen=True, slots=True)
class Source:
    """`check` raises InvalidInput, with the field, for filters that are wrong; `table` makes the
    table of what was asked for and is there at a time. Both take the filters as a page's query."""

    check: Callable[[Account, Asked], None]
    table: Callable[[Account, Asked, datetime], Table]


SOURCES: Final[dict[str, Source]] = {
    Kind.MESSAGES: Source(messages.check, messages.table),
    Kind.USAGE: Source(usage.check, usage.table),
    Kind.AUDIT: Source(audit.check, audit.table),
}
