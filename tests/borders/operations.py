"""Borders of the operator's overview, health, failed deliveries, test messages, and of acting."""

from __future__ import annotations

from tests.borders.rows import OPERATORS_FORM, OPERATORS_PAGE, Row, alike

OPERATORS_TRY = Row((302, 403, 403, 403, 403, 422), "post")  # with nothing typed
NO_TEST = Row((302, 403, 403, 403, 403, 404))  # a caller's message is none
TEST = "operator/test-message/"

ROWS: dict[str, Row] = {
    "operator/": OPERATORS_PAGE,
    "operator/health/": OPERATORS_PAGE,
    "operator/health/live/": OPERATORS_PAGE,
    "operator/deliveries/": OPERATORS_PAGE,
    "operator/deliveries/send-again/": OPERATORS_FORM,
    TEST: OPERATORS_TRY,
    f"{TEST}by-the-clock/": OPERATORS_TRY,
    f"{TEST}<int:message_id>/": NO_TEST,
    f"{TEST}<int:message_id>/live/": NO_TEST,
    f"{TEST}<int:test_id>/end/": NO_TEST,
    "operator/acting/<int:user_id>/": OPERATORS_PAGE,
    "acting/stop/": alike(403, "post"),  # whoever acts as nobody stops nothing
}
