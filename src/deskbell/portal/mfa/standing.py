"""What second factors people have, and whether a session has passed one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from deskbell.accounts.models import User

Type = Authenticator.Type
FACTORS = (Type.TOTP, Type.WEBAUTHN)


def has_mfa(user: User) -> bool:
    """Whether the person has a second factor: an authenticator app or a passkey. One query."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def having_mfa(user_ids: Iterable[int]) -> frozenset[int]:
    """Those of the people (by id) who have a second factor; one query for a whole list."""
    found = Authenticator.objects.filter(user_id__in=list(user_ids), type__in=FACTORS)
    return frozenset(found.values_list("user_id", flat=True))


def in_rows() -> Exists:
    """Whether a row of people has a second factor: a condition for queries of them."""
    return Exists(Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=FACTORS))


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether somebody proved a second factor in this session; a trusted device alone did not."""
    records = get_authentication_records(request, request.user)
    return any(each.get("method") == "mfa" for each in records)


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    pk: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """All that a person has: the app, passkeys, and how many recovery codes are left."""

    app: Any = None
    passkeys: tuple[Passkey, ...] = ()
    codes_left: int = 0
    has_codes: bool = False

    @property
    def is_on(self) -> bool:
        """Whether there is a second factor."""
        return self.app is not None or bool(self.passkeys)


def factors_of(user: User) -> Factors:
    """What a person has; one query."""
    app, codes, passkeys = None, None, []
    for each in Authenticator.objects.filter(user_id=user.pk).order_by("pk"):
        if each.type == Type.TOTP:
            app = each
        elif each.type == Type.RECOVERY_CODES:
            codes = each
        else:
            name = each.wrap().name
            passkeys.append(Passkey(each.pk, name, each.created_at, each.last_used_at))
    used = codes.data.get("used_mask", 0).bit_count() if codes else 0
    left = app_settings.RECOVERY_CODE_COUNT - used if codes else 0
    return Factors(app, tuple(passkeys), left, codes is not None)
