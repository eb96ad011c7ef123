"""How long a search may take: whoever waits for it holds a thread that others need."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from ..errors import SearchTookTooLong
from .wanted import Wanted

P = ParamSpec("P")
T = TypeVar("T")
MOST_MILLISECONDS: Final = 5000


def in_time(
    read: Callable[Concatenate[Wanted, P], T],
) -> Callable[Concatenate[Wanted, P], T]:
    """Gives each statement of a search 5 s; what searches for nothing is read as ever.

    Raises SearchTookTooLong where one is not done by then.
    """

    @functools.wraps(read)
    def limited(wanted: Wanted, /, *args: P.args, **named: P.kwargs) -> T:
        if not wanted.search:
            return read(wanted, *args, **named)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {MOST_MILLISECONDS:d}")
            try:
                found = read(wanted, *args, **named)
            except OperationalError as error:
                if isinstance(error.__cause__, QueryCanceled):
                    raise SearchTookTooLong from error
                raise
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
        return found

    return limited
