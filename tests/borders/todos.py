"""Borders of to-dos."""

from __future__ import annotations

from tests.borders.rows import OWN_PAGE, PAGE_OF_IT, WRITES_TO_IT, Row

ROWS: dict[str, Row] = {
    "to-dos/": OWN_PAGE,
    "to-dos/list/": OWN_PAGE,
    "to-dos/new/": Row((302, 422, 422, 422, 422, 422), "post"),
    "to-dos/preview/": Row((302, 200, 200, 200, 200, 200), "post"),
    "to-dos/<int:to_do_id>/": PAGE_OF_IT,
    "to-dos/<int:to_do_id>/live/": PAGE_OF_IT,
    "to-dos/<int:to_do_id>/edit/": Row((302, 404, 422, 422, 422, 422), "post"),
    "to-dos/<int:to_do_id>/pause/": WRITES_TO_IT,
    "to-dos/<int:to_do_id>/resume/": WRITES_TO_IT,
    "to-dos/<int:to_do_id>/run/": WRITES_TO_IT,
    "to-dos/<int:to_do_id>/delete/": Row((302, 404, 302, 404, 404, 404), "post"),  # bob does
}
