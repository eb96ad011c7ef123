"""Borders of My Profile, pictures and API keys: about the person alone, or the account's tokens."""

from __future__ import annotations

from tests.borders.rows import OWN_PAGE, PAGE_OF_IT, Row, alike

PROFILE = "profile/"
KEYS = "keys/"
# what only takes a form leads back to the page that has it
BACK = alike(302)
ROWS: dict[str, Row] = {
    "pictures/<slug:picture>/": PAGE_OF_IT,
    PROFILE: OWN_PAGE,
    f"{PROFILE}name/": BACK,
    f"{PROFILE}picture/": BACK,
    f"{PROFILE}picture/remove/": OWN_PAGE,
    f"{PROFILE}numbers/": BACK,
    f"{PROFILE}numbers/take/": Row((302, 404, 404, 404, 404, 404), "post"),  # nobody has a number
    f"{PROFILE}password/": BACK,
    f"{PROFILE}notices/": BACK,
    f"{PROFILE}summary/": BACK,
    "summaries/<str:token>/": alike(404),
    f"{PROFILE}email/": BACK,
    f"{PROFILE}email/withdraw/": alike(302, "post"),
    f"{PROFILE}email/confirmed/": alike(200),
    f"{PROFILE}email/<slug:token>/": alike(404),
    KEYS: OWN_PAGE,
    # charlie has a right to his own account's; bob and rita lack the API Keys access
    f"{KEYS}new/": Row((302, 200, 403, 200, 403, 200)),
    f"{KEYS}made/": BACK,
    f"{KEYS}<int:token_id>/revoke/": Row((302, 404, 403, 302, 403, 404), "post"),
    f"{KEYS}own/new/": OWN_PAGE,
    f"{KEYS}own/<int:own_token_id>/revoke/": Row((302, 404, 404, 302, 404, 404), "post"),
}
