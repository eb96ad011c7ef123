"""Borders of signing in: the same for everybody, and about nobody's account."""

from __future__ import annotations

from tests.borders.rows import OWN_PAGE, Row, alike

ROWS: dict[str, Row] = {
    "sign-in/": Row((200, 302, 302, 302, 302, 302)),
    "sign-out/": Row((302, 200, 200, 200, 200, 200)),
    "sign-in/switched-off/": alike(200),
    "sign-in/with/<slug:provider_id>/": alike(302),
    "sign-in/with/<slug:provider_id>/back/": alike(404),
    "request-access/": alike(200),
    "request-access/sent/": alike(200),
    "profile/sessions/": OWN_PAGE,
    # whose session it is decides, and a guessed one is nobody's
    "profile/sessions/<int:session_id>/end/": Row((302,) * 6, "post"),
    "profile/sessions/end-others/": Row((302,) * 6, "post"),
    "profile/sessions/end-all/": OWN_PAGE,
    "password/": alike(200),
    "password/sent/": alike(200),
    "password/<str:uidb36>/<str:key>/": alike(200),
    "password/set/": alike(200),
}
