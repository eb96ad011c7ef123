"""Requests to the web side, signed, and never for longer than a call can bear.

The signature covers the URL as requested, so a redirect is followed by hand and signed anew. It is
made with the secret that opens this gateway's own doors, so nothing is ever signed that one of them
would take: any host that a document names could else have it signed, and bring it here.
"""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp
from yarl import URL

from deskbell.foundation.errors import Unreachable
from deskbell.foundation.http import internal_session
from deskbell.foundation.signing import HEADER, sign, with_body_hash

MAX_BYTES: Final = 32 * 1024 * 1024
MAX_REDIRECTS: Final = 5
DOORS: Final = ("/2010-04-01", "/reload", "/drain", "/page-calls")  # and what is signed behind
LARGE_BYTES: Final = 1024 * 1024
CONNECTIONS: Final = 100
ACCOUNT: Final = "X-Deskbell-Account"
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_FORM: Final = "application/x-www-form-urlencoded; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, its kind (lower case, no parameters), its body, and whose it is.

    `offset` is how much of an upload the other side has by now, where it says so, `account` the
    AC sid that our web side names for whom a call belongs to.
    """

    status: int
    kind: str
    body: bytes
    url: str
    etag: str = ""
    offset: int | None = None
    account: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300


def with_query(url: str, fields: Mapping[str, str]) -> str:
    """`url` with `fields` after whatever query it has."""
    if not fields:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(fields)}"


class WebSide:
    """The web side and whatever else documents point to. One per process; close it.

    `on_answer(status, seconds)` is told of each answer, with status 0 where none came.
    """

    def __init__(self, secret: str, *, timeout: float = 5.0) -> None:
        self.on_answer: Callable[[int, float], None] = lambda _status, _seconds: None
        self._secret = secret
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = internal_session(connections=CONNECTIONS)
        return self._session

    async def form(self, method: str, url: str, fields: Mapping[str, str]) -> Reply:
        """Sends `fields` as a form (POST) or in the query (GET), and follows redirects.

        Raises Unreachable where no whole answer came in time.
        """
        for _ in range(MAX_REDIRECTS + 1):
            if method == "GET":
                url, fields = with_query(url, fields), {}
            reply, location = await self._send(
                method,
                url,
                sign(self._secret, url, fields),
                urlencode(fields).encode() if method == "POST" else b"",
                {"Content-Type": _FORM} if method == "POST" else {},
            )
            if not location:
                return reply
            url = urljoin(url, location)
            if reply.status not in {307, 308}:
                method, fields = "GET", {}
        raise Unreachable(f"{url} redirects more than {MAX_REDIRECTS} times")

    async def get(self, url: str, *, etag: str = "") -> Reply:
        """GET, signed. Raises Unreachable."""
        headers = {"If-None-Match": etag} if etag else {}
        reply, location = await self._send("GET", url, sign(self._secret, url), b"", headers)
        return await self.form("GET", urljoin(url, location), {}) if location else reply

    async def head(self, url: str) -> Reply:
        """HEAD, signed; redirects are not followed. Raises Unreachable."""
        reply, _ = await self._send("HEAD", url, sign(self._secret, url), b"", {})
        return reply

    async def put(self, url: str, body: bytes, kind: str) -> Reply:
        """PUT with the body's hash in the query, signed. Raises Unreachable."""
        url = await asyncio.to_thread(with_body_hash, url, body)
        headers = {"Content-Type": kind}
        reply, _ = await self._send("PUT", url, sign(self._secret, url), body, headers, limit=60.0)
        return reply

    async def _send(
        self,
        method: str,
        url: str,
        signature: str,
        body: bytes,
        headers: dict[str, str],
        *,
        limit: float = 0.0,
    ) -> tuple[Reply, str]:
        if urlsplit(url).path.startswith(DOORS):
            raise Unreachable(f"{url[:80]} is a gateway's own address, and never asked by one")
        headers[HEADER] = signature
        began, status = time.monotonic(), 0
        try:
            async with (
                asyncio.timeout(limit or self._timeout),
                self._open().request(
                    method,
                    URL(url, encoded=True),
                    data=_sent(body),
                    headers=headers,
                    allow_redirects=False,
                ) as response,
            ):
                content = await _read(response)
                status = response.status
        except TimeoutError as error:
            raise Unreachable(f"{url} did not answer in time") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise Unreachable(f"{url} cannot be reached: {error!r}") from error
        finally:
            self.on_answer(status, time.monotonic() - began)
        location = response.headers.get("Location", "") if response.status in _REDIRECTS else ""
        etag = response.headers.get("ETag", "")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        offset = response.headers.get("Upload-Offset", "")
        got = int(offset) if offset.isascii() and offset.isdigit() else None
        account = response.headers.get(ACCOUNT, "")
        return Reply(response.status, kind, content, url, etag, got, account), location


def _sent(body: bytes) -> bytes | io.BytesIO | None:
    """A large body goes out in parts: in one it would hold up the event loop."""
    return io.BytesIO(body) if len(body) > LARGE_BYTES else body or None


async def _read(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MAX_BYTES:
            raise Unreachable(f"The answer has more than {MAX_BYTES} bytes")
    return bytes(content)
