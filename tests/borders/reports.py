"""Borders of reports: bob has the Message Export access by default."""

from __future__ import annotations

from tests.borders.rows import OWN_PAGE, PAGE_OF_IT, WRITES_TO_IT, Row

ROWS: dict[str, Row] = {
    "reports/usage/": OWN_PAGE,
    "reports/schedules/": OWN_PAGE,
    "reports/schedules/new/": OWN_PAGE,
    "reports/schedules/<int:schedule_id>/": PAGE_OF_IT,
    "reports/schedules/<int:schedule_id>/pause/": WRITES_TO_IT,
    "reports/schedules/<int:schedule_id>/resume/": WRITES_TO_IT,
    "reports/schedules/<int:schedule_id>/run/": WRITES_TO_IT,
    # bob does
    "reports/schedules/<int:schedule_id>/delete/": Row((302, 404, 302, 404, 404, 404), "post"),
    "reports/exports/": OWN_PAGE,
    "reports/exports/new/": OWN_PAGE,
    "reports/exports/<int:export_id>/": PAGE_OF_IT,
    "reports/exports/<int:export_id>/file/": PAGE_OF_IT,
    # it has ended, so that there is nothing to cancel
    "reports/exports/<int:export_id>/cancel/": WRITES_TO_IT,
    # bob does
    "reports/exports/<int:export_id>/remove/": Row((302, 404, 302, 404, 404, 404), "post"),
}
