"""Who asks: HTTP Basic with a user's sid and token, a lock against guessing, and a rate limit.

Ten wrong tokens for a sid from one address lock the two for fifteen minutes, as ten wrong passwords
do at the sign-in page; the count is in Django's cache, so that all web processes share it. The rate
limit is there to keep one client from starving the others; each web process counts for itself,
because asking the database at each request would cost more than it saves.
Source: design, attendant API, "Base" and "Common response error codes".
"""

from __future__ import annotations

import base64
import hashlib
import math
import threading
import time
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest
from ninja.security.base import AuthBase

from deskbell.accounts.actions import network_of, use_user_token
from deskbell.accounts.rules import Right
from deskbell.foundation import clock
from deskbell.foundation.errors import NotAllowed, NotSignedIn
from deskbell.platform.addresses import address_of

from .callers import ENTERPRISE_ADMIN, Caller, caller_of
from .codes import TooMany

LOCK: Final = timedelta(minutes=15)
TRIES_PER_SID: Final = 10
TRIES_PER_ADDRESS: Final = 100
_REMEMBERED: Final = 10_000
_FAILED: Final = "Authentication failed"


class CallerRequest(HttpRequest):
    """A request whose caller is known; for type checking only."""

    auth: Caller


class BasicAuth(AuthBase):
    """Asks for a sid and token, and for a right that the caller has in one account at least."""

    openapi_type = "http"
    openapi_scheme = "basic"

    def __init__(self, right: Right | None = None, *, operator: bool = False) -> None:
        super().__init__()
        self.right = right
        self.operator = operator

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller. Raises NotSignedIn, TooMany, NotAllowed."""
        at = clock.now()
        sid, token = pair_of(request)
        tries = Tries(network_of(address_of(request)), sid)
        tries.check(at)
        try:
            user = use_user_token(sid, token, at=at)
        except NotSignedIn:
            tries.count(at)
            raise
        tries.forget()
        LIMITER.take(user.pk)
        return self._checked(caller_of(user))

    def _checked(self, caller: Caller) -> Caller:
        if not caller.reaches_something:
            raise NotAllowed("This person has no role in any enterprise")
        if self.operator and not caller.is_operator:
            raise NotAllowed("The operator may do this")
        if self.right is not None and not caller.may_somewhere(self.right):
            raise NotAllowed("An enterprise admin may do this")
        return caller


ANY_ROLE: Final = BasicAuth()
ADMIN: Final = BasicAuth(ENTERPRISE_ADMIN)
OPERATOR: Final = BasicAuth(operator=True)


def pair_of(request: HttpRequest) -> tuple[str, str]:
    """The sid and token of the Authorization header. Raises NotSignedIn. Source: RFC 7617."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise NotSignedIn(_FAILED)
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode()
    except ValueError as error:
        raise NotSignedIn(_FAILED) from error
    sid, colon, token = pair.partition(":")
    if not colon or "\0" in sid:
        raise NotSignedIn(_FAILED)
    return sid.strip(), token.strip()


class Tries:
    """Wrong tokens from an address: for one sid, and for all of them."""

    def __init__(self, address: str, sid: str) -> None:
        self._limits = {
            _key(address, sid): TRIES_PER_SID,
            _key(address): TRIES_PER_ADDRESS,
        }
        self._of_sid = _key(address, sid)
        self._found: dict[str, Any] = {}

    def check(self, at: datetime) -> None:
        """Raises TooMany while locked. One read of the cache."""
        self._found = cache.get_many(list(self._limits))
        for key, (count, first) in self._found.items():
            left = (first + LOCK - at).total_seconds()
            if count >= self._limits[key] and left > 0:
                raise TooMany("Too many wrong tokens", seconds=math.ceil(left))

    def count(self, at: datetime) -> None:
        """Counts one more. Writes the cache; the lock's time runs from the first."""
        for key in self._limits:
            count, first = self._found.get(key, (0, at))
            if first + LOCK <= at:
                count, first = 0, at
            cache.set(key, (count + 1, first), timeout=LOCK.total_seconds())

    def forget(self) -> None:
        """Begins anew for the sid, whose token was right."""
        if self._of_sid in self._found:
            cache.delete(self._of_sid)


def _key(*parts: str) -> str:
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"autoattendant.tries.{digest}"


class Limiter:
    """A bucket of requests for each user: `burst` at once, `a_second` after that."""

    def __init__(self, a_second: float, burst: int) -> None:
        self.a_second = a_second
        self.burst = burst
        self._lock = threading.Lock()
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def take(self, user_id: int) -> None:
        """One request of the user's. Raises TooMany where the bucket is empty."""
        now = time.monotonic()
        with self._lock:
            left, since = self._buckets.pop(user_id, (float(self.burst), now))
            left = min(float(self.burst), left + (now - since) * self.a_second)
            self._buckets[user_id] = (max(left - 1, 0.0) if left >= 1 else left, now)
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        if left < 1:
            wait = math.ceil((1 - left) / self.a_second)
            raise TooMany("Too many requests", seconds=max(1, wait))


LIMITER: Final = Limiter(a_second=30, burst=600)
