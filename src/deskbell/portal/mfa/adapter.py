"""What allauth asks about second factors."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from deskbell.lines.vault import seal, unseal


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps secrets sealed, and ties passkeys to the deployment's own name."""

    def encrypt(self, text: str) -> str:
        """A secret as it is kept: a copy of the database alone makes no code."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again. Raises Sealed where the vault's key has changed."""
        return unseal(encrypted_text)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Sends nothing: our actions have their own mails, by job."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The name that passkeys are made for, from the settings: no header decides it."""
        return {"id": settings.PUBLIC_HOST, "name": settings.MFA_TOTP_ISSUER}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """Whom a passkey is for, as the browser shows it; at most 64 characters."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {name: entity[name][:64] for name in ("name", "display_name")}
