"""Borders of statements: an account's own, and the operator's pages of all accounts'."""

from __future__ import annotations

from tests.borders.rows import OPERATORS_FORM, OPERATORS_PAGE, Row

OWN = "billing/statements/<int:statement_id>/"
ALL = "operator/statements/<int:statement_id>/"
ACCOUNT = "operator/statements/accounts/<int:account_id>/"
# bob may not manage the account, nor may receptionists
MANAGERS_PAGE = Row((302, 200, 403, 200, 403, 200))
MANAGERS_PAGE_OF_IT = Row((302, 404, 403, 200, 403, 200))

ROWS: dict[str, Row] = {
    "billing/statements/": MANAGERS_PAGE,
    OWN: MANAGERS_PAGE_OF_IT,
    f"{OWN}statement.pdf": MANAGERS_PAGE_OF_IT,
    f"{OWN}lines.csv": MANAGERS_PAGE_OF_IT,
    "operator/statements/": OPERATORS_PAGE,
    "operator/statements/make/": OPERATORS_FORM,
    ALL: OPERATORS_PAGE,
    f"{ALL}statement.pdf": OPERATORS_PAGE,
    f"{ALL}remake/": OPERATORS_FORM,
    ACCOUNT: Row((302, 403, 403, 403, 403, 422), "post"),  # with nothing typed
    f"{ACCOUNT}adjustments/<int:adjustment_id>/withdraw/": OPERATORS_FORM,
}
