"""What the library takes for `requests`: each request of it goes out by `foundation.http`.

A customer names the address, so it may lead inside, answer a byte a minute, or send us elsewhere.
Here every request goes to the very address that was checked, under one deadline for the whole
notification, with TLS verified whatever the address says, without the environment's proxies and
sign-ins, and without following redirects. What happened is kept, because the library itself says
no more than yes or no.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from deskbell.foundation import http
from deskbell.foundation.dialling import Deadline
from deskbell.foundation.errors import Refused, Unreachable

SECONDS: Final = 12.0
_OURS: Final = frozenset({"accept-encoding", "connection", "content-length", "transfer-encoding"})


@dataclass(slots=True)
class Exchange:
    """One notification's requests: the key that all carry, and what each came to."""

    key: str
    deadline: Deadline = field(default_factory=lambda: Deadline(SECONDS))
    outcomes: list[http.Answer | Refused | Unreachable] = field(default_factory=list)


_current: ContextVar[Exchange] = ContextVar("deskbell_apprise_exchange")


@contextmanager
def exchange(key: str) -> Iterator[Exchange]:
    """A context in which the library may send; outside one it cannot."""
    made = Exchange(key)
    token = _current.set(made)
    try:
        yield made
    finally:
        _current.reset(token)


class _Adapter(BaseAdapter):
    """Sends what `requests` has prepared. Arguments that would weaken it count for nothing."""

    def send(
        self, request: requests.PreparedRequest, *_weaker: Any, **_options: Any
    ) -> requests.Response:
        now = _current.get()
        try:
            answer = _asked(request, now)
        except (Refused, Unreachable) as error:
            now.outcomes.append(error)
            raise requests.ConnectionError(str(error), request=request) from error
        now.outcomes.append(answer)
        return _response(request, answer)

    def close(self) -> None:
        """Nothing is kept open."""


def _asked(request: requests.PreparedRequest, now: Exchange) -> http.Answer:
    headers = {
        name: _text(value) for name, value in request.headers.items() if name.lower() not in _OURS
    }
    try:
        left = now.deadline.left(http.TIMEOUT_SECONDS)
    except TimeoutError as error:
        raise Unreachable("The service takes too long") from error
    return http.request(
        request.method or "GET",
        request.url or "",
        body=_bytes(request.body),
        headers=headers | {"Idempotency-Key": now.key},
        timeout=left,
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b"".join(body)


def _response(request: requests.PreparedRequest, answer: http.Answer) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response.headers = CaseInsensitiveDict(answer.headers)
    response.encoding = requests.utils.get_encoding_from_headers(response.headers)
    response.raw = io.BytesIO(answer.body)
    response.url = request.url or ""
    response.request = request
    return response


class CheckedSession(requests.Session):
    """A session that knows no other way out."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.adapters.clear()
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Adapter())

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Sends without following where an answer leads."""
        return super().send(request, **(options | {"allow_redirects": False}))


class Requests:
    """Stands for the module `requests` inside the library: the same names, our way out."""

    Session = CheckedSession

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)  # codes, exceptions, auth

    @staticmethod
    def session() -> CheckedSession:
        """A session, as `requests.session()`."""
        return CheckedSession()

    @staticmethod
    def request(method: str, url: str, **options: Any) -> requests.Response:
        """One request."""
        with CheckedSession() as session:
            return session.request(method, url, **options)

    def get(self, url: str, **options: Any) -> requests.Response:
        """A GET."""
        return self.request("GET", url, **options)

    def post(
        self, url: str, data: Any = None, json: Any = None, **options: Any
    ) -> requests.Response:
        """A POST."""
        return self.request("POST", url, data=data, json=json, **options)

    def put(self, url: str, data: Any = None, **options: Any) -> requests.Response:
        """A PUT."""
        return self.request("PUT", url, data=data, **options)

    def patch(self, url: str, data: Any = None, **options: Any) -> requests.Response:
        """A PATCH."""
        return self.request("PATCH", url, data=data, **options)

    def delete(self, url: str, **options: Any) -> requests.Response:
        """A DELETE."""
        return self.request("DELETE", url, **options)

    def head(self, url: str, **options: Any) -> requests.Response:
        """A HEAD."""
        return self.request("HEAD", url, **options)
