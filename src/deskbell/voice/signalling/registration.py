"""Registers us at trunks that want it, so that they know where to send their calls.

One task for each trunk: registers, refreshes well before the end, and waits longer after each
failure. Source: RFC 3261 section 10.2, RFC 5626 section 4.5 for the waits.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from aiosipua import SipResponse, parse_address

from deskbell.foundation.trunks import Peer

from ..configuration.values import Trunk
from ..resolver import Resolver
from .destinations import Destination
from .digest import answer, best_of

log = logging.getLogger(__name__)

ASKED_SECONDS: Final = 600
FIRST_WAIT: Final = 5.0
LONGEST_WAIT: Final = 600.0
MOST_TRIES: Final = 4  # one without a password, one with, one more for a stale nonce or 423


class Requests(Protocol):
    """What is needed of the agent."""

    def request(
        self, destination: Destination, method: str, headers: Sequence[str] = (), body: str = ""
    ) -> asyncio.Future[SipResponse]:
        """Sends a request; the future brings its final answer."""
        ...

    def local_host(self, peer: str) -> str:
        """The address of this machine that `peer` should send to."""
        ...


@dataclass(slots=True)
class _State:
    """How one trunk's registration stands."""

    trunk: Trunk
    words: str = "not yet"
    hosts: frozenset[str] = frozenset()
    call_id: str = field(default_factory=lambda: secrets.token_hex(12))
    tag: str = field(default_factory=lambda: secrets.token_hex(6))
    number: int = 0
    failures: int = 0
    seconds: int = ASKED_SECONDS


class Registrations:
    """Our registrations at trunks; we listen on `port`. `wait(seconds)` is for tests."""

    def __init__(
        self,
        requests: Callable[[], Requests],
        resolver: Resolver,
        *,
        port: int,
        wait: Callable[[float], asyncio.Future[None]] | None = None,
    ) -> None:
        self._requests = requests
        self._resolver = resolver
        self._port = port
        self._wait = wait
        self._states: dict[str, _State] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    @property
    def words(self) -> dict[str, str]:
        """How each trunk's registration stands: `registered`, or why not."""
        return {name: state.words for name, state in self._states.items()}

    def trunk_of(self, host: str) -> str:
        """The trunk that we are registered at and that has the IP address `host`; else empty."""
        for name, state in self._states.items():
            if host in state.hosts and state.words == "registered":
                return name
        return ""

    def follow(self, trunks: Sequence[Trunk]) -> None:
        """Registers at those of `trunks` that want it, and leaves the others."""
        wanted = {t.name: t for t in trunks if t.registers and t.address}
        for name in tuple(self._states):
            if wanted.get(name) != self._states[name].trunk:
                self._tasks.pop(name).cancel()
                del self._states[name]
        for name, trunk in wanted.items():
            if name not in self._states:
                state = self._states[name] = _State(trunk)
                self._tasks[name] = asyncio.create_task(self._keep(state), name=f"trunk {name}")

    async def close(self) -> None:
        """Stops, and tells the trunks that we are gone: at most a second, lest they wait for us."""
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        there = [state for state in self._states.values() if state.words == "registered"]
        try:
            async with asyncio.timeout(1.0):
                leaving = (self._once(state, seconds=0) for state in there)
                await asyncio.gather(*leaving, return_exceptions=True)
        except TimeoutError:
            log.info("a trunk did not say that it knows we are gone")
        self._states.clear()
        self._tasks.clear()

    async def _keep(self, state: _State) -> None:
        while True:
            was = state.words
            try:
                state.words = await self._once(state, seconds=state.seconds)
            except Exception as error:  # one trunk's trouble must not end its task for ever
                log.exception("registering at %s went wrong", state.trunk.name)
                state.words = f"failed: {error!r}"
            is_there = state.words == "registered"
            state.failures = 0 if is_there else state.failures + 1
            if state.words != was:
                say = log.info if is_there else log.warning
                say("trunk %s: %s", state.trunk.name, state.words)
            await self._rest(self.wait_after(state.failures, state.seconds))

    @staticmethod
    def wait_after(failures: int, seconds: int) -> float:
        """Seconds until the next REGISTER: before what was granted ends, or ever longer waits."""
        if not failures:
            return max(5.0, seconds * random.uniform(0.5, 0.8))  # noqa: S311 spreads load
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures - 1, 10))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 spreads load

    async def _rest(self, seconds: float) -> None:
        await (self._wait(seconds) if self._wait else asyncio.sleep(seconds))

    async def _once(self, state: _State, *, seconds: int) -> str:
        """Registers for `seconds` (0: leaves); `registered`, or why not."""
        peer = state.trunk.address
        assert peer is not None  # noqa: S101 only such trunks are followed
        hosts = await self._resolver.addresses(peer.host)
        if not hosts:
            return f"{peer.host} cannot be found"
        destination = Destination(_domain(peer), hosts[0], peer.port, peer.transport)
        authorization = ""
        for _ in range(MOST_TRIES):
            headers = self._headers(state, destination, seconds, authorization)
            response = await self._requests().request(destination, "REGISTER", headers)
            code = response.status_code
            if code in {401, 407} and state.trunk.username:
                authorization = _answer(response, code, state.trunk, destination.uri)
                if authorization:
                    continue
            if code == 423:
                seconds = max(seconds, _number(response, "min-expires") or seconds * 2)
                continue
            return self._result(state, response, seconds, hosts)
        return "the trunk refuses the user name or the password"

    def _result(
        self, state: _State, response: SipResponse, asked: int, hosts: Sequence[str]
    ) -> str:
        code = response.status_code
        if code >= 300:
            return f"the trunk answers {code}"
        state.hosts = frozenset(hosts)
        state.seconds = max(30, _granted(response) or asked)
        return "registered"

    def _headers(
        self, state: _State, destination: Destination, seconds: int, authorization: str
    ) -> list[str]:
        trunk = state.trunk
        peer = trunk.address
        assert peer is not None  # noqa: S101 only such trunks are followed
        state.number += 1
        ours = f"sip:{trunk.username or 'deskbell'}@{_shown(peer.host)}"
        host = _shown(self._requests().local_host(destination.host))
        suffix = ";transport=tcp" if destination.transport == "TCP" else ""
        contact = f"sip:{trunk.username or 'deskbell'}@{host}:{self._port}{suffix}"
        headers = [
            f"From: <{ours}>;tag={state.tag}",
            f"To: <{ours}>",
            f"Call-ID: {state.call_id}",
            f"CSeq: {state.number} REGISTER",
            f"Contact: <{contact}>",
            f"Expires: {seconds}",
        ]
        return [*headers, authorization] if authorization else headers


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _domain(peer: Peer) -> str:
    """The request URI of a REGISTER: the domain, without a user."""
    return f"sip:{_shown(peer.host)}"


def _answer(response: SipResponse, code: int, trunk: Trunk, uri: str) -> str:
    theirs = "www-authenticate" if code == 401 else "proxy-authenticate"
    ours = "Authorization" if code == 401 else "Proxy-Authorization"
    challenge = best_of(response.headers.get(theirs))
    found = answer(
        challenge, username=trunk.username, password=trunk.password, method="REGISTER", uri=uri
    )
    return f"{ours}: {found}" if found else ""


def _number(response: SipResponse, header: str) -> int:
    text = (response.headers.get_first(header) or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _granted(response: SipResponse) -> int:
    """The seconds that the trunk granted: of the Contact where it says so, else Expires."""
    for text in response.headers.get("contact"):
        try:
            asked = parse_address(text).params.get("expires") or ""
        except ValueError:
            continue
        if asked.isascii() and asked.isdigit() and len(asked) < 10:
            return int(asked)
    return _number(response, "expires")
