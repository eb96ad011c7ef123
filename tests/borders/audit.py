"""Borders of the audit log: bob and rita lack its access."""

from __future__ import annotations

from tests.borders.rows import OPERATORS_PAGE, Row

AUDIT_PAGE = Row((302, 200, 403, 200, 403, 200))
ROWS: dict[str, Row] = {
    "audit/": AUDIT_PAGE,
    "audit/export.csv": AUDIT_PAGE,
    "audit/export.xlsx": AUDIT_PAGE,
    "operator/audit/": OPERATORS_PAGE,
    "operator/audit/export.csv": OPERATORS_PAGE,
    "operator/audit/export.xlsx": OPERATORS_PAGE,
}
