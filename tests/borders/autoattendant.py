"""Borders of the Auto Attendant API; its own sign-in: contracts/test_autoattendant_roles.py."""

from __future__ import annotations

from tests.borders.rows import Row, alike

AUTOATTENDANT_READS = (
    "user/search",
    "user/search/<sid>",
    "enterprise/search",
    "enterprise/search/<sid>",
    "announcement/search",
    "announcement/search/<sid>",
    "announcement/file/<name>",
    "system/search",
    "system/search/<sid>",
    "menu/search",
    "menu/search/<sid>",
    "schedule/search",
    "phonenumber/search",
    "phonenumber/search/<sid>",
    "phonenumber/usage/records",
    "phonenumber/usage/records/<subresource>",
    "rcml/search/<phone_number>",
)
AUTOATTENDANT_WRITES = (
    "user",
    "enterprise",
    "announcement",
    "file/announcement/<sid>",
    "system",
    "menu",
    "schedule",
    "phonenumber",
)
AUTOATTENDANT_CHANGES = (
    "user/<sid>",
    "announcement/<sid>",
    "system/<sid>",
    "menu/<sid>",
    "phonenumber/<sid>",
)

ROWS: dict[str, Row] = {
    "autoattendant/": alike(302),
    "autoattendant/openapi.json": alike(200),
    "autoattendant/docs": alike(200),
    **{f"autoattendant/{each}": alike(401) for each in AUTOATTENDANT_READS},
    **{f"autoattendant/{each}": alike(401, "post") for each in AUTOATTENDANT_WRITES},
    **{f"autoattendant/{each}": alike(401, "delete") for each in AUTOATTENDANT_CHANGES},
}
