"""What somebody typed and must not be found anywhere afterwards: numbers of cards and accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.house import House


def no_number_stays(house: House, typed: Iterable[str]) -> None:
    """What was typed is left neither in a table, nor in a log, a mail, or a file of the folder."""
    numbers = re.compile("|".join(re.escape(each) for each in typed))
    tables = [
        name
        for (name,) in house.rows(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name)"
            " FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
            " AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
    ]
    assert len(tables) > 50
    for table in tables:
        found = house.rows(f"SELECT t::text FROM {table} t WHERE t::text ~ %s", numbers.pattern)
        assert found == [], table
    assert numbers.search("\n".join(house.running.said)) is None
    for mail in house.inbox.mails:
        assert numbers.search(mail.as_string()) is None
    wanted = [each.encode() for each in typed]
    for file in house.folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            content = _content(file)
            assert not any(each in content for each in wanted), file


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:  # a file of the database's that is gone by now
        return b""
