"""Pictures of My Accounts, My Profile, second factors and API keys."""

from __future__ import annotations

from .shot import Shot
from .steps import open_first_row, open_then

SHOTS = (
    Shot("sessions", "/profile/sessions/", person="alice"),
    Shot("sign-out-everywhere", "/profile/sessions/end-all/", person="alice"),
    Shot("second-factors", "/profile/mfa/", person="alice"),
    Shot("confirm", "/profile/confirm/", person="alice"),
    Shot("my-accounts", "/accounts/", person="alice"),
    Shot("my-number", "/accounts/", open_first_row, person="alice"),
    Shot("company", "/accounts/company/", person="alice"),
    Shot("retention", "/accounts/retention/", person="alice"),
    Shot("users", "/accounts/users/", person="alice"),
    Shot("user", "/accounts/users/", open_first_row, person="alice"),
    Shot("user-access", "/accounts/users/", open_then("Access"), person="alice"),
    Shot("user-suspend", "/accounts/users/", open_then("Suspend …"), "alice", is_long=False),
    Shot("invite", "/accounts/users/invite/", person="alice"),
    Shot("choose-account", "/account/choose/", person="olivia"),
    Shot("my-profile", "/profile/", person="alice"),
    Shot("api-keys", "/keys/", person="alice"),
    Shot("api-keys-look", "/keys/", person="bob"),
    Shot("api-key-new", "/keys/new/", person="alice"),
)
