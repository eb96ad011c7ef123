"""All HTTP that leaves Deskbell.

Two doors. `request` goes to addresses that customers name (webhooks): it resolves the name itself,
refuses private addresses, and connects to the very address it checked, so a name that changes its
answer between check and use gains nothing. `internal_client` goes to the deployment's own
processes, whose addresses the operator names.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpcore
import httpx

from .environment import environment
from .errors import Refused, Unreachable

TIMEOUT_SECONDS = 10.0
MAX_ANSWER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers with lower-case names, at most 64 KiB of body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_public(address: str) -> bool:
    """Whether an IP address is one that the whole internet can mean."""
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not ip.is_multicast


class _CheckedBackend(httpcore.SyncBackend):
    """Connects to the first public address of a name, or to a host the operator allows."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        if f"{host}:{port}" in environment().private_hosts:
            return super().connect_tcp(host, port, timeout, local_address, socket_options)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} cannot be found: {error}") from error
        addresses = [str(entry[4][0]) for entry in found]
        if not all(is_public(address.partition("%")[0]) for address in addresses):
            raise Refused(f"{host} leads to a private address; a public one is needed")
        return super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)


class _CheckedTransport(httpx.HTTPTransport):
    """httpx's transport on connections that were checked first."""

    def __init__(self) -> None:
        super().__init__(trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(), network_backend=_CheckedBackend()
        )


def request(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT_SECONDS,
) -> Answer:
    """One request to an address that a customer named; redirects are not followed.

    Raises Refused for an address that must not be called or a URL that is none, Unreachable where
    nothing answered within `timeout` seconds in all. Any HTTP status is an Answer.
    """
    deadline = time.monotonic() + timeout
    try:
        with (
            httpx.Client(transport=_CheckedTransport(), timeout=timeout) as client,
            client.stream(method, url, content=body, headers=dict(headers or {})) as response,
        ):
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk[: MAX_ANSWER_BYTES - len(content)]
                if time.monotonic() > deadline:
                    raise Unreachable(f"{url} did not finish its answer in {timeout:g} s")
                if len(content) >= MAX_ANSWER_BYTES:
                    break
            return Answer(response.status_code, dict(response.headers), bytes(content))
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise Refused(f"{url!r} is not a web address: {error}") from error
    except httpx.HTTPError as error:
        raise Unreachable(f"{url} cannot be reached: {error}") from error


def internal_client(*, timeout: float = TIMEOUT_SECONDS) -> httpx.AsyncClient:
    """A pooled client for the deployment's own processes; the caller closes it."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
    return httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=False)


def get_internal(url: str, *, timeout: float = 2.0) -> Answer:
    """One GET to the deployment's own processes, as a health check. Raises Unreachable."""
    try:
        response = httpx.get(url, timeout=timeout, trust_env=False)
    except httpx.HTTPError as error:
        raise Unreachable(f"{url} cannot be reached: {error}") from error
    return Answer(response.status_code, dict(response.headers), response.content)
