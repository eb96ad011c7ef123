"""Tokens, which are shown once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ..models import Account, ApiToken, User, UserToken
from ..tokens import hash_of, new_token


def make_user_token(*, user: User, at: datetime) -> str:
    """A token for the user's sid:token pair; only its hash is kept, so this is the one look."""
    token = new_token()
    UserToken.objects.create(user=user, token_hash=hash_of(token), created_at=at)
    return token


def make_api_token(*, account: Account, name: str, scopes: Iterable[str], at: datetime) -> str:
    """A bearer token for /api/v2; only its hash is kept, so this is the one look at it."""
    token = new_token()
    ApiToken.objects.create(
        account=account, name=name, token_hash=hash_of(token), scopes=list(scopes), created_at=at
    )
    return token
