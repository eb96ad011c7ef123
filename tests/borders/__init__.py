"""Who is answered what at every address of the portal and the APIs: the rows of the borders' test.

A row says what every member of the cast is answered when the address names something of alice's
account. A new address is a line in its room's module; a new room is a module here and a line in
`TABLE`.
"""

from __future__ import annotations

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

__all__ = ["CAST", "OUTSIDERS", "TABLE", "Row"]
