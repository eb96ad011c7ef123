"""Bearer tokens: whose account a request is for, and what it may do there.

Source: seed 000, "Request Header" and "API Keys".
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.security.base import AuthBase

from deskbell.accounts.actions import use_api_token
from deskbell.accounts.models import ApiToken
from deskbell.accounts.scopes import Scope
from deskbell.foundation import clock
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import NotAllowed, NotSignedIn
from deskbell.platform.addresses import address_of
from deskbell.platform.tenancy import account_scope

from .described import answers_of_all
from .errors import BadToken
from .guessing import GUESSES

__all__ = ["Bearer", "Scope", "TokenRequest", "in_scope", "needs"]


class TokenRequest(HttpRequest):
    """A request whose token is good; for type checking only."""

    auth: ApiToken


class Bearer(AuthBase):
    """Asks for `Authorization: Bearer TOKEN` with one scope."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, scope: Scope, refusal: type[BadToken] = BadToken) -> None:
        super().__init__()
        self.scope = scope
        self.refusal = refusal

    def __call__(self, request: HttpRequest) -> ApiToken:
        """The token, its use counted.

        Raises the refusal, NotAllowed without the scope, and TooOften beyond the token's limit and
        for an address that brought too many wrong ones.
        """
        found = self._found(_written(request, self.refusal), address_of(request), clock.now())
        if self.scope not in found.scopes:
            raise NotAllowed(f"This API token does not have the scope {self.scope}")
        return found

    def _found(self, token: str, address: str, at: datetime) -> ApiToken:
        GUESSES.check(address, token, at)
        try:
            found = use_api_token(token, at=at, per_minute=environment().api_per_minute)
        except NotSignedIn as error:
            GUESSES.wrong(address, at)
            raise self.refusal(str(error)) from error
        GUESSES.right(token)
        return found


def _written(request: HttpRequest, refusal: type[BadToken]) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise refusal("An API token is asked for, as Authorization: Bearer TOKEN")
    return token.strip()


def needs(scope: Scope, refusal: type[BadToken] = BadToken) -> dict[str, Any]:
    """What an operation is declared with so that it asks for a token with `scope`."""
    extra = {"x-scope": str(scope), "responses": answers_of_all(refusal.status)}
    return {"auth": Bearer(scope, refusal), "openapi_extra": extra}


def in_scope(operation: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Runs an operation in the tenancy scope of its token's account."""

    @functools.wraps(operation)
    def scoped(request: TokenRequest, *args: Any, **values: Any) -> HttpResponse:
        with account_scope(request.auth.account_id):
            return operation(request, *args, **values)

    return scoped
