"""Tokens, which are shown once: made, used, revoked.

A use is found, held against the limit and counted by one statement, so that any number of web
processes count as one. It commits without waiting for the disk: a crash of the database may forget
the last uses, which harms nobody, and an answer would otherwise wait for a write.
"""

from __future__ import annotations

import ipaddress
import json
import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import InterfaceError, OperationalError, connection

from deskbell.foundation.errors import InvalidInput, MissingInput, NotAllowed, NotSignedIn

from ..errors import TokenNotFound, TooOften
from ..models import Account, ApiToken, User, UserStatus, UserToken
from ..rules import ACCESSES, ALL_RIGHTS, Right, unheld_scopes
from ..scopes import Scope
from ..tokens import hash_of, new_token

MINUTE: Final = timedelta(minutes=1)
_LONGEST_NAME: Final = 100
_LONGEST_ADDRESS: Final = 64
_SWIFTLY = "set_config('synchronous_commit', 'off', true)"
_ACCOUNT: Final = [field.attname for field in Account._meta.concrete_fields]
_IS_OVER = (
    "(minute_began_at IS NULL OR minute_began_at <= %(at)s - %(minute)s"
    " OR minute_began_at > %(at)s + %(minute)s)"  # a clock that was put back
)
_USE: Final = f"""
UPDATE accounts_apitoken AS token SET
    use_count = use_count + 1,
    last_used_at = %(at)s,
    minute_began_at = CASE WHEN {_IS_OVER} THEN %(at)s ELSE minute_began_at END,
    minute_count = CASE WHEN {_IS_OVER} THEN 1 ELSE minute_count + 1 END
FROM accounts_account AS account
WHERE token_hash = %(hash)s AND revoked_at IS NULL AND account.id = token.account_id
    AND ({_IS_OVER} OR minute_count < %(per_minute)s)
RETURNING token.id, token.name, token.scopes, {_SWIFTLY},
    {", ".join(f"account.{name}" for name in _ACCOUNT)}
"""  # noqa: S608 only names of our own columns are put in
_USE_OF_PERSON: Final = f"""
UPDATE accounts_usertoken AS token SET last_used_at = %(at)s, use_count = use_count + 1
FROM accounts_user AS person
WHERE person.id = token.user_id AND person.sid = %(sid)s AND person.status = %(active)s
    AND token_hash = %(hash)s AND revoked_at IS NULL
RETURNING person.*, {_SWIFTLY} AS swiftly
"""  # noqa: S608 as above
_WRONG: Final = f"""
INSERT INTO accounts_wrongtokens AS known (address, began_at, count)
VALUES (%(address)s, %(at)s, 1)
ON CONFLICT (address) DO UPDATE SET
    count = CASE WHEN known.began_at <= %(at)s - %(minute)s THEN 1 ELSE known.count + 1 END,
    began_at = CASE WHEN known.began_at <= %(at)s - %(minute)s THEN %(at)s ELSE known.began_at END
RETURNING count, began_at, {_SWIFTLY}
"""  # noqa: S608 as above
_FORGET: Final = "DELETE FROM accounts_wrongtokens WHERE began_at < %(at)s - interval '1 day'"


def make_user_token(*, user: User, at: datetime, name: str = "") -> str:
    """A token for the user's sid:token pair; only its hash is kept, so this is the one look.

    `name` says what it is for. Raises InvalidInput.
    """
    token = new_token()
    UserToken.objects.create(
        user=user, name=_checked_name(name), token_hash=hash_of(token), created_at=at
    )
    return token


def revoke_user_token(*, user: User, token_id: int, at: datetime) -> UserToken:
    """Ends one of the person's own tokens at once and for good; its row stays.

    Raises TokenNotFound for one that is another's, does not exist or was revoked before.
    """
    found = UserToken.objects.filter(user=user, pk=token_id, revoked_at=None)
    if not found.update(revoked_at=at):
        raise TokenNotFound("There is no such token, or it was revoked before")
    return UserToken.objects.get(pk=token_id)


def use_user_token(sid: str, token: str, *, at: datetime) -> User:
    """The person of a sid:token pair; its use is counted.

    Raises NotSignedIn, also for one who may not sign in.
    """
    asked = {"sid": sid, "hash": hash_of(token), "active": UserStatus.ACTIVE.value, "at": at}
    found = next(iter(User.objects.raw(_USE_OF_PERSON, asked)), None)
    if found is None:
        raise NotSignedIn("Authentication failed")
    return found


def make_api_token(
    *,
    account: Account,
    name: str,
    scopes: Iterable[str],
    at: datetime,
    by: str = "",
    held: frozenset[Right] = ALL_RIGHTS,
) -> str:
    """A bearer token for /api/v2; only its hash is kept, so this is the one look at it.

    `by` is the email address of whoever makes it, and `held` their rights in the account; the
    command line has all of them. Raises MissingInput and InvalidInput, with `field` `name` or
    `scopes`, and NotAllowed for a scope whose right is not held.
    """
    name = _checked_name(name)
    wanted = list(dict.fromkeys(scopes))
    if not name:
        raise MissingInput("A token needs a name that says what it is for", field="name")
    if unknown := set(wanted) - {str(each) for each in Scope}:
        raise InvalidInput(f"There is no scope {min(unknown)!r}", field="scopes")
    if not wanted:
        raise MissingInput("A token needs one scope at least", field="scopes")
    for scope, right in unheld_scopes(held).items():
        if scope in wanted:
            raise NotAllowed(f"The scope {scope} needs the {ACCESSES[right].name} access")
    token = new_token()
    ApiToken.objects.create(
        account=account,
        name=name,
        token_hash=hash_of(token),
        scopes=wanted,
        created_by=by,
        created_at=at,
    )
    return token


def _checked_name(name: str) -> str:
    stripped = name.strip()
    if len(stripped) > _LONGEST_NAME or "\0" in stripped:
        raise InvalidInput(f"A name has {_LONGEST_NAME} characters at most", field="name")
    return stripped


def revoke_api_token(*, account: Account, token_id: int, at: datetime) -> ApiToken:
    """Ends a token at once and for good; its row stays, with its uses.

    Raises TokenNotFound for one that is another account's, does not exist or was revoked before.
    """
    found = ApiToken.objects.filter(account=account, pk=token_id, revoked_at=None)
    if not found.update(revoked_at=at):
        raise TokenNotFound("There is no such API token, or it was revoked before")
    return ApiToken.objects.select_related("account").get(pk=token_id)


def use_api_token(token: str, *, at: datetime, per_minute: int) -> ApiToken:
    """The token that a request brought, with its account; its use is counted.

    Of the token only `id`, `name`, `scopes` and `account` are read. A minute begins with the first
    use after the last one; `per_minute` uses are had in it. Raises TooOften beyond them, which is
    no use, and NotSignedIn for a token that does not exist or was revoked.
    """
    asked = {"hash": hash_of(token), "at": at, "minute": MINUTE, "per_minute": per_minute}
    row = _first_of_request(asked)
    if row is None:
        raise _why_not(asked["hash"], at)
    return _token_of(row)


def _first_of_request(asked: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Runs the statement on a connection that nobody has looked at since the last request.

    Django would ask first whether it still stands, which takes as long as the statement. So the
    statement itself finds out, and is run again on a new connection where it does not.
    """
    if connection.in_atomic_block:
        return _use(asked)
    connection.health_check_done = True  # type: ignore[attr-defined]  # django-stubs lack it
    try:
        return _use(asked)
    except (InterfaceError, OperationalError):
        connection.close()
        return _use(asked)


def _use(asked: Mapping[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(_USE, asked)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _token_of(row: tuple[Any, ...]) -> ApiToken:
    found_id, name, scopes, _, *values = row
    account = Account.from_db(connection.alias, _ACCOUNT, values)
    return ApiToken(id=found_id, name=name, scopes=json.loads(scopes), account=account)


def _why_not(token_hash: object, at: datetime) -> Exception:
    found = ApiToken.objects.filter(token_hash=token_hash, revoked_at=None).first()
    if found is None:
        return NotSignedIn("This API token does not exist or was revoked")
    left = ((found.minute_began_at or at) + MINUTE - at).total_seconds()
    return TooOften("This API token was used too often", seconds=max(1, math.ceil(left)))


def count_wrong_token(*, address: str, at: datetime) -> tuple[int, datetime]:
    """Counts a wrong token from an IP address, and gives how many came since when, in a minute.

    Addresses of one IPv6 network of 64 bits count as one: its owner has all of them.
    """
    asked: dict[str, Any] = {"address": network_of(address), "at": at, "minute": MINUTE}
    with connection.cursor() as cursor:
        cursor.execute(_WRONG, asked)
        count, began_at, _ = cursor.fetchone()
        if count == 1:
            cursor.execute(_FORGET, asked)
    return int(count), began_at


def network_of(address: str) -> str:
    """An IPv4 address as it is, the network of 64 bits of an IPv6 address; other text cut."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:_LONGEST_ADDRESS]
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    return str(ipaddress.ip_network((int(known), 64), strict=False))
