"""Signed requests from gateways: who may ask, and what the form says.

Source: design, voice, "The contract between web and gateway"; RCML reference, section 2.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from deskbell.foundation.errors import InvalidInput, NotAllowed
from deskbell.foundation.sids import is_sid
from deskbell.foundation.signing import HEADER, is_signed, is_signed_body

from ..errors import TooMuch, with_errors

MAX_FORM_BYTES: Final = 256 * 1024
MAX_BODY_BYTES: Final = 30 * 1024 * 1024
_MAX_NUMBER: Final = 2**31 - 1
Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponseBase]


class Form(Mapping[str, str]):
    """A form's fields, each once, without the characters that PostgreSQL cannot keep."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = {name: value.replace("\x00", "") for name, value in fields.items()}

    def __getitem__(self, name: str) -> str:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def text(self, name: str) -> str:
        """A field's text without space around it; empty where it is absent."""
        return self._fields.get(name, "").strip()

    def sid(self, name: str, prefix: str) -> str:
        """A field that has to be a sid. Raises InvalidInput."""
        found = self.text(name)
        if not is_sid(found, prefix):
            raise InvalidInput(
                f"{name} takes {prefix} and 32 hex digits; not {found[:64]!r}", field=name
            )
        return found

    def number(self, name: str) -> float:
        """A field as a number that is not negative; 0 where it is absent or none."""
        try:
            found = float(self.text(name))
        except ValueError:
            return 0.0
        return found if 0 <= found <= _MAX_NUMBER else 0.0

    def moment(self, name: str, *, otherwise: datetime) -> datetime:
        """A field as an RFC 2822 date in UTC, never after `otherwise`, which also stands in."""
        try:
            found = parsedate_to_datetime(self.text(name))
        except (ValueError, TypeError, OverflowError):
            return otherwise
        try:
            return min(found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC), otherwise)
        except OverflowError:
            return otherwise


def form_of(request: HttpRequest) -> Form:
    """The request's form."""
    return Form(request.POST.dict())


def _urls(request: HttpRequest) -> set[str]:
    """The URLs by which the gateway may have asked: as seen here, and by our own addresses.

    A proxy in front changes scheme and host, and the signature covers both.
    """
    environment = settings.ENVIRONMENT
    path = request.get_full_path()
    return {
        request.build_absolute_uri(),
        environment.web_url + path,
        environment.public_url + path,
    }


def _check(request: HttpRequest) -> None:
    secret = settings.ENVIRONMENT.secrets.voice
    signature = request.headers.get(HEADER, "")
    if request.method == "PUT":
        body = request.body
        good = [is_signed_body(secret, url, signature, body) for url in _urls(request)]
    else:
        fields = request.POST.dict() if request.method == "POST" else {}
        good = [is_signed(secret, url, signature, fields) for url in _urls(request)]
    if not any(good):
        raise NotAllowed(f"The header {HEADER} is missing, or is not right for this request")


def check_size(request: HttpRequest) -> None:
    """Raises TooMuch for a body that is larger than what its method may bring."""
    most = MAX_BODY_BYTES if request.method == "PUT" else MAX_FORM_BYTES
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > most:
        raise TooMuch(f"The body has {length} bytes; at most {most} are taken")


def signed(*methods: str) -> Callable[[View[Arguments]], View[Arguments]]:
    """Makes a view answer only signed requests by `methods`; others get 405, 403 or 413."""

    def wrap(view: View[Arguments]) -> View[Arguments]:
        @functools.wraps(view)
        def guarded(
            request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
        ) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponse(status=405, headers={"Allow": ", ".join(methods)})
            check_size(request)
            _check(request)
            return view(request, *args, **kwargs)

        return csrf_exempt(with_errors(guarded))

    return wrap
