"""Borders of paying: an account's own pages, and the operator's of all payments."""

from __future__ import annotations

from tests.borders.rows import OPERATORS_FORM, OPERATORS_PAGE, Row
from tests.borders.statements import MANAGERS_PAGE, MANAGERS_PAGE_OF_IT

ONE = "operator/payments/<uuid:reference>/"
# Nothing is drafted and nothing pays itself: whoever may manage is led back to the form.
LED_BACK = Row((302, 302, 403, 302, 403, 302), "post")
WITH_NOTHING_TYPED = Row((302, 403, 403, 403, 403, 422), "post")

ROWS: dict[str, Row] = {
    "billing/": MANAGERS_PAGE,
    "billing/confirm/": LED_BACK,
    "billing/terms/": MANAGERS_PAGE,
    "billing/wire/": MANAGERS_PAGE,
    "billing/payments/": MANAGERS_PAGE,
    "billing/payments/<uuid:reference>/": MANAGERS_PAGE_OF_IT,
    "billing/automatic/end/": LED_BACK,
    "operator/payments/": OPERATORS_PAGE,
    "operator/payments/new/": WITH_NOTHING_TYPED,
    ONE: OPERATORS_PAGE,
    f"{ONE}refresh/": OPERATORS_FORM,
    f"{ONE}came-back/": WITH_NOTHING_TYPED,
    "operator/bank-files/": OPERATORS_PAGE,
    "operator/bank-files/make/": OPERATORS_FORM,
    "operator/bank-files/returns/": WITH_NOTHING_TYPED,
    "operator/bank-files/<int:bank_file_id>/file/": OPERATORS_PAGE,
}
