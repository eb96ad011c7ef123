"""Borders of messages."""

from __future__ import annotations

from tests.borders.rows import OWN_PAGE, PAGE_OF_IT, WRITES_TO_IT, Row

ROWS: dict[str, Row] = {
    "messages/": OWN_PAGE,
    "messages/live/": OWN_PAGE,
    "messages/export.csv": OWN_PAGE,
    "messages/export.xlsx": OWN_PAGE,
    "messages/acknowledge/": Row((302,) * 6, "post", {"id": "{message}"}),
    "messages/undo/": Row((302,) * 6, "post", {"ids": "{message}"}),
    "messages/activities/": OWN_PAGE,
    "messages/searches/": Row((302,) * 6, "post", {"name": "mine"}),
    "messages/searches/<int:search_id>/delete/": Row((302, 404, 404, 302, 404, 404), "post"),
    "messages/<int:message_id>/": PAGE_OF_IT,
    "messages/<int:message_id>/live/": PAGE_OF_IT,
    "messages/<int:message_id>/acknowledge/": WRITES_TO_IT,
    "messages/<int:message_id>/pass-on/": WRITES_TO_IT,
    "messages/<int:message_id>/send-to/": Row(WRITES_TO_IT.statuses, "post", {"level": "{level}"}),
    "messages/<int:message_id>/proof/": PAGE_OF_IT,
    "messages/<int:message_id>/proof.pdf": PAGE_OF_IT,
    "messages/<int:message_id>/notes/": Row(WRITES_TO_IT.statuses, "post", {"text": "Called"}),
    # bob wrote none of it; after alice it is gone
    "messages/<int:message_id>/notes/<int:note_id>/remove/": Row(
        (302, 404, 403, 302, 302, 302), "post"
    ),
    "messages/<int:message_id>/forward/": PAGE_OF_IT,
    "messages/<int:message_id>/deliveries/<int:delivery_id>/send-again/": WRITES_TO_IT,
}
