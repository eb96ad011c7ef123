"""Where phones are: they say so by REGISTER, and are asked for their password each time.

Bindings are kept on disk, so that a gateway that was restarted still finds its phones.
Source: RFC 3261 section 10.3; Path is RFC 3327, instances are RFC 5626.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import formatdate
from pathlib import Path
from typing import Any, Final, Literal

from aiosipua import Address, SipRequest, parse_address, parse_uri, stringify_uri

from ..configuration.values import Phone
from ..files import write_whole
from .admission import Challenged, Refused
from .destinations import Destination
from .flows import Flow
from .identity import Identity
from .messages import Facts, new_tag, response_to

log = logging.getLogger(__name__)

LEAST_SECONDS: Final = 60
DEFAULT_SECONDS: Final = 3600
MOST_SECONDS: Final = 3600
BEHIND_NAT_SECONDS: Final = 120
MOST_CONTACTS: Final = 10
MAX_CONTACT: Final = 512
MOST_PATHS: Final = 5
_SCHEME: Final = re.compile(r"\bsips?:", re.IGNORECASE)


class BadRegistration(Exception):
    """A REGISTER that cannot be taken; `code` is what it is answered with."""

    def __init__(self, code: int, *headers: str) -> None:
        super().__init__(f"answered with {code}")
        self.code = code
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Binding:
    """One place where a phone is: `uri` is what it calls itself, host and port where it came from;
    `home` is its own address, which is another where a proxy brought it.

    `until` is in seconds since the epoch. `key` is the phone's instance where it has one, else its
    URI, so that one which comes back by another way takes its own place.
    """

    key: str
    uri: str
    host: str
    port: int
    home: str
    transport: Literal["UDP", "TCP"]
    call_id: str
    number: int
    until: float
    path: tuple[str, ...] = ()
    flow: Flow | None = None

    @property
    def destination(self) -> Destination:
        """Where to send a call to it: back by the way that it came, or along its Path."""
        return Destination(
            uri=self.uri,
            host=self.host,
            port=self.port,
            transport=self.transport,
            flow=self.flow,
            route=self.path,
        )


class Registrar:
    """Keeps the bindings of phones. `now` gives seconds since the epoch.

    `identity` is asked for the phone behind each REGISTER, `source_of(request, flow)` for the
    address that it came from.
    """

    def __init__(
        self,
        *,
        source_of: Callable[[SipRequest, Flow], str],
        path: Path | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.identity: Identity | None = None
        self._source_of = source_of
        self._path = path
        self._now = now
        self._bindings: dict[str, dict[str, Binding]] = {}
        self._is_changed = False

    # Reads

    def bindings(self, username: str) -> list[Destination]:
        """Where a phone is now, the newest registration first; empty where it is not registered."""
        found = self._live(username)
        found.sort(key=lambda binding: binding.until, reverse=True)
        return [binding.destination for binding in found]

    def is_at_home(self, username: str, host: str) -> bool:
        """Whether the phone is registered from the address `host`."""
        return any(binding.home == host for binding in self._live(username))

    @property
    def size(self) -> int:
        """How many bindings there are now."""
        return sum(len(self._live(username)) for username in tuple(self._bindings))

    def _live(self, username: str) -> list[Binding]:
        kept = self._bindings.get(username)
        if kept is None:
            return []
        now = self._now()
        for key in [key for key, binding in kept.items() if binding.until <= now]:
            del kept[key]
            self._is_changed = True
        if not kept:
            del self._bindings[username]
        return list(kept.values())

    # Requests

    def on_register(self, request: SipRequest, facts: Facts, flow: Flow) -> bytes:
        """The answer to a REGISTER; writes the phone's bindings where it proved to be it."""
        host = self._source_of(request, flow)
        named = _user(request, "to")
        assert self.identity is not None  # noqa: S101 the gateway sets it before it listens
        found = self.identity.of(request, host, named=named)
        if isinstance(found, Refused):
            return response_to(request, found.code, to_tag=new_tag())
        if isinstance(found, Challenged):
            return response_to(request, 401, to_tag=new_tag(), headers=found.headers)
        if named != found.username:  # one phone's password must not move another's calls
            return response_to(request, 403, to_tag=new_tag())
        try:
            self._take(found, request, facts, flow)
        except BadRegistration as error:
            return response_to(request, error.code, to_tag=new_tag(), headers=error.headers)
        return response_to(request, 200, to_tag=new_tag(), headers=self._told(found, request))

    def _take(self, phone: Phone, request: SipRequest, facts: Facts, flow: Flow) -> None:
        contacts = request.headers.get("contact")
        if not contacts:
            return
        if "*" in contacts:
            self._leave(phone, request, contacts, facts)
            return
        if len(contacts) > MOST_CONTACTS:
            raise BadRegistration(400)
        fresh = [self._binding(text, request, facts, flow) for text in contacts]
        kept = {binding.key: binding for binding in self._live(phone.username)}
        for binding in fresh:
            before = kept.get(binding.key)
            if before and before.call_id == facts.call_id and facts.number < before.number:
                raise BadRegistration(500)
        for binding in fresh:
            kept.pop(binding.key, None)
            if binding.until > self._now():
                kept[binding.key] = binding
        self._keep(phone, kept)

    def _leave(self, phone: Phone, request: SipRequest, contacts: list[str], facts: Facts) -> None:
        """`*` with Expires 0 takes every binding away (RFC 3261 section 10.3, step 6)."""
        if len(contacts) != 1 or (request.headers.get_first("expires") or "").strip() != "0":
            raise BadRegistration(400)
        live = self._live(phone.username)
        if any(b.call_id == facts.call_id and facts.number < b.number for b in live):
            raise BadRegistration(500)
        self._keep(phone, {})

    def _keep(self, phone: Phone, kept: dict[str, Binding]) -> None:
        before = self._bindings.pop(phone.username, {})
        newest = dict(list(kept.items())[-MOST_CONTACTS:])
        if newest:
            self._bindings[phone.username] = newest
        self._is_changed = True
        if bool(before) != bool(newest):
            log.info("phone %s is %s", phone.username, "registered" if newest else "gone")

    def _binding(self, text: str, request: SipRequest, facts: Facts, flow: Flow) -> Binding:
        address = _contact(text)
        seconds = _seconds(address, request)
        path = tuple(request.headers.get("path"))[:MOST_PATHS]
        is_direct = not path and address.uri.host.strip("[]") == flow.host
        granted = min(seconds, MOST_SECONDS if is_direct or path else BEHIND_NAT_SECONDS)
        uri = stringify_uri(address.uri)
        instance = (address.params.get("+sip.instance") or "").strip('"')
        return Binding(
            key=instance or uri,
            uri=uri,
            host=flow.host,
            port=flow.port,
            home=self._source_of(request, flow),
            transport="TCP" if flow.kind == "TCP" else "UDP",
            call_id=facts.call_id,
            number=facts.number,
            until=self._now() + granted,
            path=path,
            flow=flow,
        )

    def _told(self, phone: Phone, request: SipRequest) -> list[str]:
        """The headers of the 200: all bindings with the seconds that they last, and the Path."""
        now = self._now()
        told = [
            f"Contact: <{binding.uri}>;expires={max(1, round(binding.until - now))}"
            for binding in self._live(phone.username)
        ]
        paths = [f"Path: {value}" for value in request.headers.get("path")]
        return [*told, *paths, f"Date: {formatdate(now, usegmt=True)}"]

    # Disk

    def load(self) -> None:
        """Takes the bindings that an earlier gateway kept, where there are any."""
        if self._path is None:
            return
        try:
            found = json.loads(self._path.read_bytes())
            rows = {name: [_from_row(row) for row in rows] for name, rows in found.items()}
        except FileNotFoundError:
            return
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            log.warning("the phones that were registered are not known any more: %r", error)
            return
        self._bindings = {name: {row.key: row for row in kept} for name, kept in rows.items()}

    async def save(self) -> None:
        """Writes the bindings to disk where they changed; a full disk is only logged."""
        if self._path is None or not self._is_changed:
            return
        self._is_changed = False
        rows = {
            name: [_to_row(binding) for binding in kept.values()]
            for name, kept in self._bindings.items()
        }
        content = json.dumps(rows).encode()
        try:
            await asyncio.to_thread(write_whole, self._path, content, is_private=True)
        except OSError as error:
            self._is_changed = True
            log.warning("registered phones cannot be kept on disk: %s", error)


def _user(request: SipRequest, header: str) -> str:
    value = request.headers.get_first(header) or ""
    return (parse_address(value).uri.user or "").partition(":")[0]


def _contact(text: str) -> Address:
    """Reads a Contact. Raises BadRegistration for one that no call could be sent to."""
    if len(text) > MAX_CONTACT or not text.isprintable() or not _SCHEME.search(text):
        raise BadRegistration(400)
    try:
        address = parse_address(text)
        again = parse_uri(stringify_uri(address.uri))
    except ValueError:
        raise BadRegistration(400) from None
    is_whole = address.uri.host and 0 < (address.uri.port or 5060) < 65536
    if address.uri.scheme not in {"sip", "sips"} or not is_whole or again.host != address.uri.host:
        raise BadRegistration(400)
    return replace(address, uri=replace(address.uri, headers={}))


def _seconds(address: Address, request: SipRequest) -> int:
    """How long a binding is asked for; 0 ends it. Raises BadRegistration for too short a time."""
    asked = address.params.get("expires")
    if asked is None:
        asked = request.headers.get_first("expires") or ""
    asked = asked.strip()
    seconds = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 11 else None
    if seconds is None:
        return DEFAULT_SECONDS
    if 0 < seconds < LEAST_SECONDS:
        raise BadRegistration(423, f"Min-Expires: {LEAST_SECONDS}")
    return seconds


_KEPT: Final = (
    *("key", "uri", "host", "port", "home", "transport"),
    *("call_id", "number", "until", "path"),
)


def _to_row(binding: Binding) -> dict[str, Any]:
    return {name: getattr(binding, name) for name in _KEPT}


def _from_row(row: dict[str, Any]) -> Binding:
    return Binding(**{name: row[name] for name in _KEPT} | {"path": tuple(row["path"])})
