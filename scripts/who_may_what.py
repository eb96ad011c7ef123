"""Writes docs/reference/who-may-what.md from the tables that the contract tests hold to.

PYTHONPATH=src:. python scripts/who_may_what.py
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

from deskbell.accounts.rules import ACCESSES, DEFAULT_ACCESSES, Right

ROOT: Final = Path(__file__).resolve().parents[1]
WRITTEN: Final = ROOT / "docs/reference/who-may-what.md"
HEAD: Final = """# Who may what
Made by `scripts/who_may_what.py` from the tables of the tests, which ask every address as people
who have every right but one, and as people who have only that one.

A user may belong to several accounts. In each, **BG_ADMIN** has every right, users included;
**AA_ADMIN** has the Auto Attendant access by its role; anybody may be given accesses one by one
(*My Accounts*, *Users*, *Access*). Everybody in an account sees its Dashboard, My Accounts,
Messages, Scripts, Oncall Calendar, Auto Attendant, Blocked Callers, To Dos and Webhooks. Of the
staff, **operators** have every right in every account, and all they do is in the audit log;
**receptionists** handle messages and hear recordings of all accounts that they serve.
"""


def accesses() -> Iterator[str]:
    """The table of accesses."""
    yield "## Accesses\n\n| access | allows | new members have it |\n|---|---|---|"
    for right, each in ACCESSES.items():
        yield f"| {each.name} | {each.description} | {'yes' if right in DEFAULT_ACCESSES else ''} |"


def said(who: object) -> str:
    """What somebody needs, in words."""
    if isinstance(who, Right):
        return f"**{ACCESSES[who].name}**" if who in ACCESSES else "administrators"
    return str(who)


def pages() -> Iterator[str]:
    """The table of the portal's addresses, those that need the same as one line."""
    from tests.borders import TABLE
    from tests.who_may import Who, need_of

    there = [each for each in TABLE if need_of(each).look is not Who.PROGRAM]
    there.sort(key=lambda each: (each.partition("/")[0], repr(need_of(each)), each))
    yield "\n## Pages\n\n| address | to look | to change |\n|---|---|---|"
    for need, group in groupby(there, key=need_of):
        addresses = "<br>".join(f"`/{each}`" for each in group)
        yield f"| {addresses} | {said(need.look)} | {said(need.change)} |"


def api_v2() -> Iterator[str]:
    """The table of API v2's operations."""
    from tests.api_v2_operations import OPERATIONS

    yield "\n## API v2\nA token has scopes; each operation needs one.\n"
    yield "| operation | scope |\n|---|---|"
    for each in sorted(OPERATIONS, key=lambda each: (each.scope, each.path, each.method)):
        yield f"| `{each.name}` | `{each.scope}` |"


def autoattendant() -> Iterator[str]:
    """The table of the Auto Attendant API's operations."""
    from tests.autoattendant_operations import ADMIN, ANYONE, OPERATIONS, OPERATOR

    words = {
        ANYONE: "AA_ADMIN, BG_ADMIN, or the Auto Attendant access",
        ADMIN: "BG_ADMIN",
        OPERATOR: "operators",
    }
    yield "\n## Auto Attendant API\nWith the sid and a token of a user.\n"
    yield "| operation | who |\n|---|---|"
    for each in OPERATIONS:
        yield f"| `{each.method.upper()} {each.path.partition('?')[0]}` | {words[each.who]} |"


def written() -> str:
    """The whole page."""
    lines = [*accesses(), *pages(), *api_v2(), *autoattendant()]
    return HEAD + "\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbell.config.settings")
    import django

    django.setup()
    WRITTEN.write_text(written())
