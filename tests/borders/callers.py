"""Borders of blocked callers: bob and rita lack Account Management."""

from __future__ import annotations

from tests.borders.rows import OWN_PAGE, Row

ROWS: dict[str, Row] = {
    "callers/": OWN_PAGE,
    "callers/new/": Row((302, 200, 403, 200, 403, 200)),
    "callers/<int:block_id>/": Row((302, 404, 403, 200, 403, 200)),
    "callers/<int:block_id>/unblock/": Row((302, 404, 403, 302, 403, 404), "post"),  # alice does
}
