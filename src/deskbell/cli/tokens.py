"""`token`: tokens of /api/v2, which are an account's, and of the Auto Attendant API, a person's."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from deskbell.accounts import actions, queries
from deskbell.accounts.models import ApiToken, User
from deskbell.api.v2.auth import Scope
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput, NotFound

from .accounts import account_named


def token(chosen: argparse.Namespace) -> int:
    """Makes, lists or revokes; a token is printed this once.

    Raises NotFound for an account, token or person that is not there, InvalidInput for a scope
    that is none and what `accounts.actions` raises.
    """
    if chosen.action == "person":
        _say_once(_of_person(chosen.email))
    elif chosen.action == "add":
        _say_once(_of_account(chosen))
    elif chosen.action == "revoke":
        account = account_named(chosen.account)
        ended = actions.revoke_api_token(account=account, token_id=chosen.id, at=clock.now())
        sys.stdout.write(f"Token {ended.pk} ({ended.name}) works no more\n")
    else:
        for each in queries.api_tokens(account_named(chosen.account)):
            sys.stdout.write(f"{_words(each)}\n")
    return 0


def _of_person(email: str) -> str:
    user = User.objects.with_email(email)
    if user is None or not user.is_active:
        raise NotFound(f"nobody with the email address {email} may sign in")
    return f"{user.sid}:{actions.make_user_token(user=user, at=clock.now())}"


def _of_account(chosen: argparse.Namespace) -> str:
    known = [str(scope) for scope in Scope]
    for scope in chosen.scopes:
        if scope not in known:
            raise InvalidInput(f"there is no scope {scope}; there are {', '.join(known)}")
    return actions.make_api_token(
        account=account_named(chosen.account),
        name=chosen.name,
        scopes=chosen.scopes or known,
        at=clock.now(),
    )


def _say_once(made: str) -> None:
    sys.stdout.write(f"{made}\n")
    sys.stderr.write("Note it now: only its hash is kept.\n")


def _words(each: ApiToken) -> str:
    uses = "1 use" if each.use_count == 1 else f"{each.use_count:,} uses"
    parts = [
        f"{each.pk:>4}  {each.name}",
        ", ".join(each.scopes),
        f"made {_day(each.created_at)}",
        f"{uses}, the last {_day(each.last_used_at)}" if each.use_count else "never used",
    ]
    if each.revoked_at:
        parts.append(f"revoked {_day(each.revoked_at)}")
    return "; ".join(parts)


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "at a time not known"
