"""Borders of on call."""

from __future__ import annotations

from tests.borders.rows import OWN_PAGE, PAGE_OF_IT, Row

#                    anonymous charlie bob alice rita olivia
# bob and rita lack the Oncall Calendar Management access
ONCALL_ADDS = Row((302, 422, 403, 422, 403, 422), "post")
ONCALL_EDITS = Row((302, 404, 403, 422, 403, 422), "post")
ONCALL_DOES = Row((302, 404, 403, 302, 403, 302), "post")
ONCALL_DELETES = Row((302, 404, 403, 302, 403, 404), "post")  # alice does

ROWS: dict[str, Row] = {
    "oncall/": OWN_PAGE,
    "oncall/live/": OWN_PAGE,
    "oncall/events/new/": ONCALL_EDITS,  # charlie has no level
    "oncall/events/preview/": Row((302, 200, 403, 200, 403, 200), "post"),
    "oncall/events/<int:event_id>/": PAGE_OF_IT,
    "oncall/events/<int:event_id>/move/": ONCALL_DOES,
    "oncall/events/<int:event_id>/clone/": ONCALL_EDITS,
    "oncall/events/<int:event_id>/delete/": ONCALL_DELETES,
    "oncall/covers/": OWN_PAGE,
    "oncall/covers/new/": ONCALL_ADDS,
    "oncall/covers/<int:override_id>/": PAGE_OF_IT,
    "oncall/covers/<int:override_id>/remove/": ONCALL_DELETES,
    "oncall/contacts/": OWN_PAGE,
    "oncall/contacts/column/": OWN_PAGE,
    "oncall/contacts/new/": ONCALL_ADDS,
    "oncall/contacts/merge/": ONCALL_ADDS,
    "oncall/contacts/<int:contact_id>/": PAGE_OF_IT,
    "oncall/contacts/<int:contact_id>/rename/": ONCALL_EDITS,
    "oncall/contacts/<int:contact_id>/user/": ONCALL_DOES,
    "oncall/contacts/<int:contact_id>/delete/": ONCALL_DELETES,
    "oncall/contacts/<int:contact_id>/methods/new/": Row((302, 404, 403, 200, 403, 200)),
    "oncall/contacts/<int:contact_id>/methods/<int:method_id>/": ONCALL_EDITS,
    "oncall/contacts/<int:contact_id>/methods/<int:method_id>/delete/": ONCALL_DELETES,
    "oncall/contacts/<int:contact_id>/methods/<int:method_id>/code/": ONCALL_DOES,
    "oncall/contacts/<int:contact_id>/methods/<int:method_id>/code/enter/": ONCALL_EDITS,
    "oncall/levels/": OWN_PAGE,
    "oncall/levels/new/": ONCALL_ADDS,
    "oncall/levels/order/": Row((302, 302, 403, 302, 403, 302), "post", {"order": "{level}"}),
    "oncall/levels/defaults/": ONCALL_ADDS,
    "oncall/levels/<int:level_id>/": PAGE_OF_IT,
    "oncall/levels/<int:level_id>/clone/": ONCALL_EDITS,
    "oncall/levels/<int:level_id>/delete/": ONCALL_DELETES,
    "oncall/plan/": OWN_PAGE,
    "oncall/plan/what-if/": OWN_PAGE,
    "oncall/feeds/": OWN_PAGE,
    "oncall/feeds/import/": ONCALL_ADDS,
    "oncall/feeds/levels/<int:level_id>/": PAGE_OF_IT,
    "oncall/feeds/levels/<int:level_id>/renew/": ONCALL_DOES,
    "oncall/feeds/contacts/<int:contact_id>/": PAGE_OF_IT,
    "oncall/feeds/contacts/<int:contact_id>/renew/": ONCALL_DOES,
}
