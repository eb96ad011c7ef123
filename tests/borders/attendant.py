"""Borders of the attendant."""

from __future__ import annotations

from tests.borders.rows import OWN_PAGE, PAGE_OF_IT, Row

#                    anonymous charlie bob alice rita olivia
EDITS_IT = Row((302, 404, 302, 302, 403, 302), "post")  # rita may not edit the attendant
DELETES_IT = Row((302, 404, 302, 404, 403, 404), "post")  # bob does, so it is gone after him

ROWS: dict[str, Row] = {
    "attendant/": OWN_PAGE,
    "attendant/systems/": OWN_PAGE,
    "attendant/systems/new/": Row((302, 422, 422, 422, 403, 422), "post"),
    "attendant/systems/<str:sid>/": PAGE_OF_IT,
    "attendant/systems/<str:sid>/delete/": DELETES_IT,
    "attendant/menus/": OWN_PAGE,
    "attendant/menus/new/": Row((302, 200, 422, 422, 403, 422), "post"),  # charlie has no system
    "attendant/menus/new/check/": Row((302, 204, 200, 200, 403, 200), "post"),
    "attendant/menus/<str:sid>/": PAGE_OF_IT,
    "attendant/menus/<str:sid>/check/": Row((302, 404, 200, 200, 403, 200), "post"),
    "attendant/menus/<str:sid>/delete/": DELETES_IT,
    "attendant/announcements/": OWN_PAGE,
    "attendant/announcements/new/": Row((302, 422, 422, 422, 403, 422), "post"),
    "attendant/announcements/listen/": Row((302, 422, 422, 422, 403, 422), "post"),
    "attendant/announcements/upload/": Row((302, 422, 422, 422, 403, 422), "post"),
    "attendant/announcements/sounds/<str:sha256>/": PAGE_OF_IT,
    "attendant/announcements/sounds/<str:sha256>/wave.svg": PAGE_OF_IT,
    "attendant/announcements/<str:sid>/": PAGE_OF_IT,
    "attendant/announcements/<str:sid>/delete/": DELETES_IT,
    "attendant/numbers/": OWN_PAGE,
    "attendant/numbers/<str:sid>/": PAGE_OF_IT,
    "attendant/schedules/": Row((302, 200, 302, 302, 302, 302)),  # to the only system's own page
    "attendant/schedules/<str:sid>/": PAGE_OF_IT,
    "attendant/time-machine/": OWN_PAGE,
    "attendant/test-call/": OWN_PAGE,
    "attendant/emergency/<str:sid>/": Row((302, 404, 302, 302, 403, 302), "post", {"end": "1"}),
    "attendant/history/": OWN_PAGE,
    "attendant/history/draft/": OWN_PAGE,
    "attendant/history/draft/publish/": Row((302, 302, 302, 302, 403, 302), "post"),
    "attendant/history/draft/discard/": Row((302, 302, 302, 302, 403, 302), "post"),
    "attendant/history/<int:number>/": PAGE_OF_IT,
    "attendant/history/<int:number>/roll-back/": EDITS_IT,
}
