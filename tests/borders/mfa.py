"""Borders of second factors: about the person alone, who first says again who they are."""

from __future__ import annotations

from tests.borders.rows import OWN_PAGE, Row, alike

MFA = "profile/mfa/"
# nobody of the cast typed a password lately
CONFIRMS = alike(302)
ROWS: dict[str, Row] = {
    MFA: OWN_PAGE,
    f"{MFA}disable/": CONFIRMS,
    f"{MFA}forget-devices/": OWN_PAGE,
    f"{MFA}app/": CONFIRMS,
    f"{MFA}app/remove/": CONFIRMS,
    f"{MFA}codes/": CONFIRMS,
    f"{MFA}codes/renew/": CONFIRMS,
    f"{MFA}passkeys/add/": CONFIRMS,
    f"{MFA}passkeys/options/": alike(302, "post"),
    f"{MFA}passkeys/<int:passkey_id>/name/": CONFIRMS,
    f"{MFA}passkeys/<int:passkey_id>/remove/": CONFIRMS,
    "profile/confirm/": OWN_PAGE,
    "profile/confirm/code/": alike(302),
    "profile/confirm/options/": Row((302, 200, 200, 200, 200, 200), "post"),
    # the second step is for who has done the first
    "sign-in/code/": alike(302),
    "sign-in/code/options/": alike(302, "post"),
    "sign-in/passkey/": alike(302, "post"),
    "sign-in/passkey/options/": alike(200, "post"),
}
