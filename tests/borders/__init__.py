"""Who is answered what at every address of the portal and the APIs: the rows of the borders' test.

A row says what every member of the cast is answered when the address names something of alice's
account. A new address is a line in its room's module; a new room is a module here and a line in
`TABLE`.
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.borders import (
    accounts,
    api_v2,
    attendant,
    audit,
    autoattendant,
    callers,
    desk,
    messages,
    mfa,
    oncall,
    operations,
    operators,
    payments,
    people,
    programs,
    recordings,
    reports,
    scripts,
    sign_in,
    statements,
    todos,
    webhooks,
)
from tests.borders.rows import CAST, OUTSIDERS, Row

TABLE: dict[str, Row] = {
    **accounts.ROWS,
    **messages.ROWS,
    **oncall.ROWS,
    **desk.ROWS,
    **operators.ROWS,
    **operations.ROWS,
    **scripts.ROWS,
    **webhooks.ROWS,
    **callers.ROWS,
    **recordings.ROWS,
    **reports.ROWS,
    **todos.ROWS,
    **attendant.ROWS,
    **audit.ROWS,
    **sign_in.ROWS,
    **payments.ROWS,
    **statements.ROWS,
    **mfa.ROWS,
    **people.ROWS,
    **programs.ROWS,
    **autoattendant.ROWS,
    **api_v2.ROWS,
}

FEW = 10


def parts(addresses: Iterable[str]) -> dict[str, list[str]]:
    """Addresses by their first word, as many as want a world of their own; the others in one."""
    found: dict[str, list[str]] = {}
    for each in addresses:
        found.setdefault(each.partition("/")[0], []).append(each)
    many = {word: each for word, each in found.items() if len(each) >= FEW}
    rest = [each for word in sorted(found.keys() - many.keys()) for each in found[word]]
    return many | {"others": rest}


__all__ = ["CAST", "OUTSIDERS", "TABLE", "Row", "parts"]
