"""Borders of the dashboard, My Accounts and invitations."""

from __future__ import annotations

from tests.borders.rows import OWN_PAGE, PAGE_OF_IT, STAFF_PAGE, Row, alike

OWN_PEOPLE = Row((302, 200, 403, 200, 403, 200))  # for administrators, of their own account
PERSON_OF_IT = Row((302, 404, 403, 200, 403, 200))

ROWS: dict[str, Row] = {
    "": OWN_PAGE,
    "system-health/": STAFF_PAGE,
    "account/": Row((302, 404, 302, 302, 302, 302), "post", {"account": "{account}"}),
    "account/choose/": OWN_PAGE,
    "accounts/": OWN_PAGE,
    "accounts/numbers/<int:number_id>/": PAGE_OF_IT,
    "accounts/company/": OWN_PAGE,
    "accounts/retention/": OWN_PAGE,
    "accounts/users/": OWN_PEOPLE,
    "accounts/users/second-factor/": OWN_PEOPLE,
    "accounts/users/invite/": OWN_PEOPLE,
    "accounts/users/<int:user_id>/": PERSON_OF_IT,
    "accounts/users/<int:user_id>/access/": PERSON_OF_IT,
    "accounts/users/<int:user_id>/suspend/": PERSON_OF_IT,
    "accounts/users/<int:user_id>/reactivate/": PERSON_OF_IT,
    "accounts/users/<int:user_id>/remove/": PERSON_OF_IT,
    "accounts/users/<int:user_id>/reset-mfa/": PERSON_OF_IT,
    "accounts/invitations/<int:invitation_id>/again/": Row((302, 404, 403, 302, 403, 302), "post"),
    "accounts/invitations/<int:invitation_id>/withdraw/": PERSON_OF_IT,
    "accounts/leave/": Row((302, 200, 200, 200, 404, 404)),
    "invitations/<str:token>/": alike(404),
}
