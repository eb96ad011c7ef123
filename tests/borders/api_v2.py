"""Borders of /api/v2."""

from __future__ import annotations

from tests.borders.rows import Row, alike

ROWS: dict[str, Row] = {
    "api/v2/": alike(302),
    "api/v2/openapi.json": alike(200),
    "api/v2/docs": alike(200),
    "api/v2/messages": alike(404),
    "api/v2/messages/<message_id>": alike(404),
    "api/v2/messages/<message_id>/acknowledge": alike(404, "post"),
    "api/v2/messages/<message_id>/activities": alike(404),
    "api/v2/to_dos": alike(401),
    "api/v2/to-dos": alike(401),
    "api/v2/to_dos/<to_do_id>": alike(401),
    "api/v2/to-dos/<to_do_id>": alike(401),
    "api/v2/webhooks": alike(401),
    "api/v2/webhooks/<webhook_id>": alike(401),
    "api/v2/webhooks/<webhook_id>/new_secret": alike(401, "post"),
    "api/v2/webhooks/<webhook_id>/send_test": alike(401, "post"),
    "api/v2/webhooks/<webhook_id>/notices": alike(401),
    "api/v2/webhooks/<webhook_id>/notices/<notice_id>": alike(401),
    "api/v2/webhooks/<webhook_id>/notices/<notice_id>/send_again": alike(401, "post"),
    "api/v2/call-recordings": alike(401),
    "api/v2/call-recordings/<recording_id>": alike(401),
}
