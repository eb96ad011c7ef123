"""Who may call in: trunks by their address, phones by their password, nobody else.

A call that says it comes from one of our phones has to prove it, wherever it comes from: else
whoever is on a trunk's network could call at another account's cost.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from aiosipua import SipRequest, parse_address

from deskbell.foundation.trunks import Peer

from .configuration import Configuration
from .signalling.admission import Admission, Admitted, Challenged, Refused
from .signalling.flows import Flow
from .signalling.identity import Identity, authorization_of
from .signalling.messages import Facts

log = logging.getLogger(__name__)
MOST_REFUSED_NAMED: Final = 100
SOURCE: Final = "X-Deskbell-Source"


class Callers:
    """Decides for each INVITE from outside any call.

    `configuration()` is the present one, `trunk_of(host)` finds a trunk that we registered at by
    an address of its own, `addresses_of(peer)` are the IP addresses of the proxy.
    """

    def __init__(
        self,
        *,
        configuration: Callable[[], Configuration | None],
        trunk_of: Callable[[str], str] = lambda _host: "",
        addresses_of: Callable[[Peer], frozenset[str]] = lambda peer: frozenset({peer.host}),
    ) -> None:
        self.identity: Identity | None = None
        self._configuration = configuration
        self._trunk_of = trunk_of
        self._addresses_of = addresses_of
        self._refused_hosts: set[str] = set()

    def source_of(self, request: SipRequest, flow: Flow) -> str:
        """The address a request came from first; our own proxy names it in X-Deskbell-Source."""
        present = self._configuration()
        if present is None or present.proxy is None or not self._is_proxy(flow, present.proxy):
            return flow.host
        return (request.headers.get_first(SOURCE) or "").strip() or flow.host

    def admit(self, request: SipRequest, _facts: Facts, flow: Flow) -> Admission:
        """Whether the call may come in; 503 while there is no configuration."""
        present = self._configuration()
        if present is None:
            return Refused(503)
        host = self.source_of(request, flow)
        named = _caller(request)
        is_proxied = bool((request.headers.get_first(SOURCE) or "").strip())
        trunk = self._trunk(present, host, is_proxied=is_proxied, flow=flow)
        if trunk and not self._is_of_phone(present, request, named):
            return Admitted(trunk=trunk)
        if not present.phones or self.identity is None:
            return self._stranger(host)
        found = self.identity.of(request, host, named=named)
        if isinstance(found, Challenged | Refused):
            return found
        if present.is_staff_phone(found.username):
            return Refused(403)  # it would be nobody's call: these phones are only called
        return Admitted(phone=found.username)

    @staticmethod
    def _is_of_phone(present: Configuration, request: SipRequest, named: str) -> bool:
        """Whether a call says that one of our phones makes it."""
        if not present.phones:
            return False
        given = authorization_of(request)
        return named in present.phones or (given is not None and given.username in present.phones)

    def _trunk(
        self, present: Configuration, host: str, *, is_proxied: bool, flow: Flow
    ) -> str | None:
        """The trunk behind an address; the proxy itself is none, or it would let everybody in."""
        if present.proxy and not is_proxied and self._is_proxy(flow, present.proxy):
            return None
        return present.trunk_of(host) or self._trunk_of(host) or None

    def _is_proxy(self, flow: Flow, proxy: Peer) -> bool:
        if flow.host not in self._addresses_of(proxy):
            return False
        return flow.kind == "TCP" or flow.port == proxy.port

    def _stranger(self, host: str) -> Refused:
        if host not in self._refused_hosts and len(self._refused_hosts) < MOST_REFUSED_NAMED:
            self._refused_hosts.add(host)
            log.warning("%s may not call: it is in no trunk, and there are no phones", host)
        return Refused(403)


def _caller(request: SipRequest) -> str:
    value = request.headers.get_first("from") or ""
    return (parse_address(value).uri.user or "").partition(":")[0]
