"""All HTTP that leaves Deskbell.

Two doors. `request` goes to addresses that customers name (webhooks): it resolves the name itself,
refuses private addresses, and connects to the very address it checked, so a name that changes its
answer between check and use gains nothing. `ask_internal` and `internal_session` go to the
deployment's own processes, whose addresses the operator names. None of them looks at the proxies
of its environment.
"""

from __future__ import annotations

import base64
import functools
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpcore
import httpx

from .dialling import CheckedBackend, Deadline, check_host
from .errors import Refused, Unreachable

if TYPE_CHECKING:
    import aiohttp

TIMEOUT_SECONDS = 10.0
RESOLVE_SECONDS = 3.0
MAX_ANSWER_BYTES = 64 * 1024
_ERROR_NUMBER = re.compile(r"^\[Errno -?\d+\] ")


class NoAnswer(Unreachable):
    """The request may have gone out, and no whole answer came: it may have been acted upon."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers with lower-case names, the body (normally up to 64 KiB)."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def check_public(url: str) -> None:
    """Raises Refused for a URL that `request` would refuse; asks the resolver for up to 3 s.

    A name that cannot be found now passes.
    """
    parts = _parse(url)
    try:
        check_host(_host(parts), _port(parts), Deadline(RESOLVE_SECONDS))
    except httpcore.ConnectError:
        return


def request(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    timeout: float | None = None,
    most: int = MAX_ANSWER_BYTES,
) -> Answer:
    """One request to an address that a customer named; redirects are not followed.

    `timeout` is in seconds, normally 10, and covers all: finding the name, connecting, each byte.
    A body longer than `most` bytes is cut. Any HTTP status is an Answer. Raises Refused for an
    address that must not be called or a URL that is none, Unreachable where nothing could be sent,
    NoAnswer where it may have been.
    """
    parts = _parse(url)
    backend = CheckedBackend(Deadline(timeout or TIMEOUT_SECONDS))
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_tls(), network_backend=backend) as pool,
            pool.stream(
                method,
                _target(parts),
                headers=_headers(parts, headers or {}),
                content=body,
            ) as response,
        ):
            return _read(response, most)
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as error:
        raise Refused(f"{parts.host} cannot be asked: {error}") from error
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        raise Unreachable(f"{parts.host} cannot be reached: {_words(error)}") from error
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        raise NoAnswer(f"{parts.host} gave no whole answer: {_words(error)}") from error


def _parse(url: str) -> httpx.URL:
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise Refused(f"{url!r} is not a web address: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise Refused(f"{url!r} is not a web address: it starts with http:// or https://")
    return parts


def _host(parts: httpx.URL) -> str:
    return parts.raw_host.decode("ascii").strip("[]")


def _port(parts: httpx.URL) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _target(parts: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=parts.raw_scheme, host=parts.raw_host, port=parts.port, target=parts.raw_path
    )


def _headers(parts: httpx.URL, given: Mapping[str, str]) -> list[tuple[str, str]]:
    """With the name and password of the URL, and without leave to pack the answer."""
    headers = {"Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close", **given}
    if parts.userinfo:
        name_and_password = unquote(parts.userinfo.decode("ascii")).encode()
        headers["Authorization"] = f"Basic {base64.b64encode(name_and_password).decode()}"
    return list(headers.items())


def _read(response: httpcore.Response, most: int) -> Answer:
    content = bytearray()
    for chunk in response.iter_stream():
        content += chunk[: most - len(content)]
        if len(content) >= most:
            break
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }
    return Answer(response.status, headers, bytes(content))


def _words(error: Exception) -> str:
    return _ERROR_NUMBER.sub("", str(error)) or "it took too long"


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # takes tens of milliseconds, so once a process


def internal_session(*, connections: int) -> aiohttp.ClientSession:
    """A pooled asyncio client for the deployment's own processes, without time limits of its own.

    aiohttp's and not httpx's: at 100 call set-ups a second httpx took twice the CPU and fell
    behind. Must be made inside a running loop; the caller closes it.
    """
    import aiohttp  # only the gateway needs it, and it loads slowly

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections, keepalive_timeout=4.0),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(),
    )


def ask_internal(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    timeout: float = 2.0,
) -> Answer:
    """One request to the deployment's own processes, in `timeout` seconds.

    Raises Unreachable; NoAnswer, which is one, where it may have been carried out.
    """
    try:
        response = httpx.request(
            method,
            url,
            headers=dict(headers or {}),
            content=body or None,
            timeout=timeout,
            trust_env=False,
            verify=url.startswith("https:"),  # reading all certificates takes longer than asking
        )
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise Unreachable(f"{url} cannot be reached: {error}") from error
    except httpx.HTTPError as error:
        words = str(error) or type(error).__name__
        raise NoAnswer(f"{url} gave no answer: {words}") from error
    except httpx.InvalidURL as error:
        raise Unreachable(f"{url} cannot be reached: {error}") from error
    return Answer(response.status_code, dict(response.headers), response.content)
