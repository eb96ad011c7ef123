"""Pages of second factors. allauth looks some of the names up, so they are its own."""

from __future__ import annotations

from django.urls import path

from . import app, codes, confirming, overview, passkey_pages, signing_in

urlpatterns = [
    path("profile/mfa/", overview.overview, name="mfa_index"),
    path("profile/mfa/disable/", overview.disable, name="mfa_disable"),
    path("profile/mfa/forget-devices/", overview.forget, name="mfa_forget_devices"),
    path("profile/mfa/app/", app.connect, name="mfa_activate_totp"),
    path("profile/mfa/app/remove/", app.disconnect, name="mfa_deactivate_totp"),
    path("profile/mfa/codes/", codes.codes, name="mfa_view_recovery_codes"),
    path("profile/mfa/codes/renew/", codes.renew, name="mfa_generate_recovery_codes"),
    path("profile/mfa/passkeys/add/", passkey_pages.add, name="mfa_add_webauthn"),
    path("profile/mfa/passkeys/options/", passkey_pages.options, name="mfa_new_passkey"),
    path(
        "profile/mfa/passkeys/<int:passkey_id>/name/",
        passkey_pages.rename,
        name="mfa_edit_webauthn",
    ),
    path(
        "profile/mfa/passkeys/<int:passkey_id>/remove/",
        passkey_pages.remove,
        name="mfa_remove_webauthn",
    ),
    path("profile/confirm/", confirming.confirm, name="account_reauthenticate"),
    path("profile/confirm/code/", confirming.confirm_factor, name="mfa_reauthenticate"),
    path("profile/confirm/options/", confirming.confirm_options, name="mfa_confirm_options"),
    path("sign-in/code/", signing_in.code, name="mfa_authenticate"),
    path("sign-in/code/options/", signing_in.code_options, name="mfa_code_options"),
    path("sign-in/passkey/", signing_in.passkey, name="mfa_login_webauthn"),
    path("sign-in/passkey/options/", signing_in.passkey_options, name="mfa_passkey_options"),
]
