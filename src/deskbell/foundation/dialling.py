"""Connects to the address that was checked, and no longer than it may take.

A customer's name may lead inside the operator's network, today or a second after it was checked;
and a server may answer one byte a minute. So the name is resolved here, every address it has must
be public, the connection goes to one of those very addresses, and one deadline covers it all.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from queue import Empty, SimpleQueue
from typing import Any

import httpcore

from .environment import environment
from .errors import Refused

_GLOBAL_V6 = ipaddress.ip_network("2000::/3")  # RFC 4291, 2.4: all of global unicast so far
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits


class Deadline:
    """An instant by which something must be done, `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, timeout: float | None = None) -> float:
        """The seconds that are left, `timeout` at most. Raises TimeoutError at the end."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left if timeout is None else min(left, timeout)


def is_public(address: str) -> bool:
    """Whether an IP address, and any IPv4 address inside it, is one the whole internet can mean."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast
    if ip.ipv4_mapped:
        return is_public(str(ip.ipv4_mapped))
    if ip in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    if ip.sixtofour and not is_public(str(ip.sixtofour)):
        return False
    return ip in _GLOBAL_V6 and ip.is_global


def check_host(host: str, port: int, deadline: Deadline, timeout: float | None = None) -> list[str]:
    """The addresses of a host that may be connected to.

    Raises Refused where one of them is private and the operator did not allow the host
    (`DESKBELL_PRIVATE_HOSTS`), httpcore's ConnectError where the name cannot be found, its
    ConnectTimeout where that takes too long.
    """
    found = _resolve(host, port, deadline, timeout)
    is_allowed = {f"{host}:{port}", f"[{host}]:{port}"} & environment().private_hosts
    if not is_allowed and not all(is_public(address.partition("%")[0]) for address in found):
        raise Refused(f"{host} leads to a private address; a public one is needed")
    return found


def _resolve(host: str, port: int, deadline: Deadline, timeout: float | None) -> list[str]:
    """The addresses of a name. The resolver takes no deadline, so it is asked in a thread."""
    box: SimpleQueue[list[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            box.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
        except (OSError, UnicodeError) as error:
            box.put(error)

    threading.Thread(target=ask, name=f"resolve-{host}", daemon=True).start()
    try:
        answer = box.get(timeout=deadline.left(timeout))
    except (Empty, TimeoutError) as error:
        raise httpcore.ConnectTimeout(f"{host} was not found in time") from error
    if isinstance(answer, Exception):
        raise httpcore.ConnectError("its name cannot be found") from answer
    return answer


class CheckedBackend(httpcore.SyncBackend):
    """Connects to public addresses, or to hosts that the operator allows, until a deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Tries each address in turn, with an even share of the time that is left."""
        host = host.strip("[]")
        addresses = check_host(host, port, self._deadline, timeout)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for tried, address in enumerate(addresses):
            try:
                share = self._deadline.left() / (len(addresses) - tried)
                connected = super().connect_tcp(address, port, share, local_address, socket_options)
                return _TimedStream(connected, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            except TimeoutError as error:
                failure = httpcore.ConnectTimeout("it took too long")
                failure.__cause__ = error
        raise failure


class _TimedStream(httpcore.NetworkStream):
    """A connection each of whose steps takes no longer than what is left of the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._stream.read(max_bytes, self._deadline.left(timeout))
        except TimeoutError as error:
            raise httpcore.ReadTimeout("it took too long") from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._stream.write(buffer, self._deadline.left(timeout))
        except TimeoutError as error:
            raise httpcore.WriteTimeout("it took too long") from error

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            left = self._deadline.left(timeout)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("it took too long") from error
        return _TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, left), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
