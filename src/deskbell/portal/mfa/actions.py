"""The only writes to a person's own second factors. Each tells them by mail."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import encrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from deskbell.accounts.actions.staying import hold_user
from deskbell.accounts.models import Account, User
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import Conflict, InvalidInput, NotFound
from deskbell.foundation.text import checked_text
from deskbell.platform.jobs import enqueue

from .checking import keep_step, plain
from .errors import WrongCode
from .jobs import tell
from .rules import look_at, words_of
from .standing import FACTORS, Type, factors_of, has_mfa

MOST_PASSKEYS: Final = 20
MOST_LETTERS: Final = 60
ON_ALREADY: Final = (
    "An authenticator app is connected already. Remove it before you connect another."
)
FULL: Final = (
    f"You have {MOST_PASSKEYS} passkeys, which is as many as there can be. Remove one first."
)
NO_SUCH: Final = "There is no such passkey any more."
OFF: Final = "Multi-factor authentication is not enabled."
STAFF_NEED: Final = "Staff of this Deskbell need MFA, so yours cannot be removed."


def enable_app(*, user: User, secret: str, code: str, at: datetime) -> bool:
    """Connects an authenticator app that shows the right code for a new `secret` (base32).

    Gives whether recovery codes were made, which is where there were none. Raises WrongCode in
    words, and Conflict where an app is connected.
    """
    seen = look_at(plain(code), secret, at)
    if not seen.counts:
        raise WrongCode(words_of(seen), field="code")
    with transaction.atomic():
        hold_user(user)
        if Authenticator.objects.filter(user_id=user.pk, type=Type.TOTP).exists():
            raise Conflict(ON_ALREADY)
        data: dict[str, Any] = {"secret": encrypt(secret)}
        keep_step(data, seen)
        Authenticator.objects.create(user=user, type=Type.TOTP, data=data, created_at=at)
        _tell(user, "enabled", at)
        return _make_codes(user)


def add_passkey(*, user: User, name: str, credential: Mapping[str, Any], at: datetime) -> bool:
    """Keeps a passkey that was checked (`passkeys.made`), by a name that its owner gives it.

    Gives whether recovery codes were made. Raises InvalidInput, and Conflict for one too many.
    """
    name = _name(name)
    with transaction.atomic():
        hold_user(user)
        if Authenticator.objects.filter(user_id=user.pk, type=Type.WEBAUTHN).count() >= (
            MOST_PASSKEYS
        ):
            raise Conflict(FULL)
        WebAuthn.add(user, name, dict(credential))
        _tell(user, "passkey_added", at, name)
        return _make_codes(user)


def rename_passkey(*, user: User, pk: int, name: str) -> None:
    """Gives a passkey another name. Raises InvalidInput, NotFound."""
    name = _name(name)
    with transaction.atomic():
        hold_user(user)
        passkey = passkey_of(user, pk)
        passkey.wrap().name = name
        passkey.save(update_fields=["data"])


def remove_passkey(*, user: User, pk: int, at: datetime) -> None:
    """Removes a passkey. Raises NotFound, and Conflict for the last factor where one is needed."""
    with transaction.atomic():
        hold_user(user)
        passkey = passkey_of(user, pk)
        name = passkey.wrap().name
        _remove(user, [passkey])
        _tell(user, "passkey_removed", at, name)


def remove_app(*, user: User, at: datetime) -> None:
    """Removes the authenticator app. Raises as `remove_passkey`."""
    with transaction.atomic():
        hold_user(user)
        apps = list(Authenticator.objects.filter(user_id=user.pk, type=Type.TOTP))
        if not apps:
            raise NotFound("There is no authenticator app any more.")
        _remove(user, apps)
        _tell(user, "app_removed", at)


def disable(*, user: User, at: datetime) -> None:
    """Removes every second factor and the recovery codes. Raises Conflict where one is needed."""
    with transaction.atomic():
        hold_user(user)
        factors = list(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS))
        if not factors:
            raise Conflict(OFF)
        _remove(user, factors)
        _tell(user, "disabled", at)


def renew_codes(*, user: User, at: datetime) -> None:
    """Makes new recovery codes in place of the old ones. Raises Conflict without a factor."""
    with transaction.atomic():
        hold_user(user)
        if not has_mfa(user):
            raise Conflict(OFF)
        Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).delete()
        RecoveryCodes.activate(user)
        _tell(user, "codes_renewed", at)


def show_codes_once(*, user: User, at: datetime) -> list[str]:
    """The recovery codes, the first time that somebody looks at them; later none."""
    with transaction.atomic():
        hold_user(user)
        codes = Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).first()
        if codes is None or codes.data.get("viewed_at"):
            return []
        codes.data["viewed_at"] = at.timestamp()
        codes.save(update_fields=["data"])
        shown: list[str] = codes.wrap().get_unused_codes()
        return shown


def forget_devices(*, user: User) -> None:
    """Makes every trusted device ask for a code again.

    allauth's cookie of a trusted device is made of the password, the factors and their seeds; a
    factor with another seed makes it worth nothing.
    """
    with transaction.atomic():
        hold_user(user)
        factor = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).first()
        if factor is not None:
            factor.data["seed"] = secrets.token_hex(16)
            factor.save(update_fields=["data"])


def needed_by(user: User) -> str:
    """Why a person may not be without a second factor, in words; empty where they may."""
    if user.is_staff_member and environment().staff_mfa:
        return STAFF_NEED
    account = Account.objects.filter(memberships__user=user, requires_mfa=True).first()
    if account is None:
        return ""
    return f"{account.name} needs MFA from everybody in it, so yours cannot be removed."


def passkey_of(user: User, pk: int) -> Authenticator:
    """A passkey of this person. Raises NotFound."""
    found = Authenticator.objects.filter(user_id=user.pk, type=Type.WEBAUTHN, pk=pk).first()
    if found is None:
        raise NotFound(NO_SUCH)
    return found


def _remove(user: User, gone: list[Authenticator]) -> None:
    """Removes factors; the recovery codes go with the last one, which cannot go where needed."""
    ids = [each.pk for each in gone]
    others = Authenticator.objects.filter(user_id=user.pk).exclude(pk__in=ids)
    is_last = not others.filter(type__in=FACTORS).exists()
    if is_last and (words := needed_by(user)):
        raise Conflict(words)
    Authenticator.objects.filter(pk__in=ids).delete()
    if is_last:
        others.delete()


def _make_codes(user: User) -> bool:
    if factors_of(user).has_codes:
        return False
    RecoveryCodes.activate(user)
    return True


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput("Give the passkey a name, as Telephone or Blue key.", field="name")
    return checked_text(name, field="name", most=MOST_LETTERS)


def _tell(user: User, what: str, at: datetime, detail: str = "") -> None:
    enqueue(tell, user_id=user.pk, what=what, at=at.isoformat(), detail=detail)
