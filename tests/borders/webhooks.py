"""Borders of webhooks."""

from __future__ import annotations

from tests.borders.rows import OWN_PAGE, PAGE_OF_IT, Row

#                    anonymous charlie bob alice rita olivia
# bob and rita lack the Account Management access
WEBHOOK_DOES = Row((302, 404, 403, 302, 403, 302), "post")

ROWS: dict[str, Row] = {
    "webhooks/": OWN_PAGE,
    "webhooks/new/": Row((302, 200, 403, 200, 403, 200)),  # bob and rita lack Account Management
    "webhooks/<int:webhook_id>/": PAGE_OF_IT,
    "webhooks/<int:webhook_id>/live/": PAGE_OF_IT,
    "webhooks/<int:webhook_id>/secret/": Row((302, 404, 403, 302, 403, 302)),
    "webhooks/<int:webhook_id>/edit/": Row((302, 404, 403, 409, 403, 409), "post"),
    "webhooks/<int:webhook_id>/pause/": WEBHOOK_DOES,
    "webhooks/<int:webhook_id>/resume/": WEBHOOK_DOES,
    "webhooks/<int:webhook_id>/new-secret/": WEBHOOK_DOES,
    "webhooks/<int:webhook_id>/delete/": Row((302, 404, 403, 302, 403, 404), "post"),
    "webhooks/<int:webhook_id>/test/": WEBHOOK_DOES,
    "webhooks/<int:webhook_id>/notices/<uuid:notice_id>/": PAGE_OF_IT,
    "webhooks/<int:webhook_id>/notices/<uuid:notice_id>/again/": WEBHOOK_DOES,
}
