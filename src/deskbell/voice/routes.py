"""Where a call goes: to a phone of the same account, through a trunk, or nowhere.

Every call that leaves goes through here, so here stands what an account may call: only numbers that
begin as its limits allow, none that earns money for whoever is called, only its own phones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from aiosipua import parse_uri

from deskbell.foundation.errors import DeskbellError, InvalidInput, NotAllowed
from deskbell.foundation.numbers import digits_of, national_digits, to_e164
from deskbell.foundation.tolls import allowed_by
from deskbell.foundation.trunks import Peer, read_peer
from deskbell.rcml.verbs import Client, Number, Sip

from .configuration import Configuration, Limits, Phone, Trunk
from .resolver import Resolver
from .signalling.destinations import Destination
from .signalling.registrar import Registrar

MAX_TEXT: Final = 255
_USER: Final = re.compile(r"[A-Za-z0-9_.!~*'()&=+$,/#%-]{0,128}")
_SHOWN: Final = re.compile(r"[A-Za-z0-9+_.*#-]{1,64}")


class NoRoute(DeskbellError):
    """Nothing leads there: the phone is not registered, or no trunk carries the number."""


class TooManyCalls(NotAllowed):
    """The call may be made, only not now: all that the account may have are in use."""


class Routes:
    """Finds the destinations of one gateway's calls.

    `configuration()` is the present one; `calls_out(account)` says how many calls through trunks
    the account with this `AC…` sid has now.
    """

    def __init__(
        self,
        configuration: Callable[[], Configuration | None],
        registrar: Registrar,
        *,
        calls_out: Callable[[str], int] = lambda _account: 0,
        resolver: Resolver | None = None,
    ) -> None:
        self._configuration = configuration
        self._registrar = registrar
        self.calls_out = calls_out
        self._resolver = resolver or Resolver()

    async def to(
        self, noun: Number | Sip | Client, *, account: str, is_ordered: bool = False
    ) -> list[Destination]:
        """Where to call, the best first; the others are to be tried where it fails.

        `account` is the `AC…` sid of who pays. Receptionists' phones are rung where our own web
        side ordered the call (`is_ordered`), never by what a document says.

        Raises NotAllowed for a number, host or phone that the account may not call, or with all its
        calls in use; NoRoute where nothing leads there.
        """
        present = self._present()
        if isinstance(noun, Client):
            staff = present.phones.get(_named(noun.name)) if is_ordered else None
            if staff is not None and staff.is_staff:
                return await self._to_phones(present, [staff])
            return await self._to_client(present, noun.name, account)
        if isinstance(noun, Sip):
            return await self._to_sip(present, noun, account)
        return await self._to_number(present, noun.number, account)

    def caller_shown(self, account: str, wanted: str) -> str:
        """The number that is shown to whoever is called.

        The account's own numbers may be shown; for anything else its caller id is, then a trunk's,
        so that nobody calls in another's name. Without any of these what was wanted is shown.
        """
        present = self._present()
        limits = present.limits_of(account)
        is_ours = any(_is_same(wanted, number) for number in (*limits.numbers, limits.caller_id))
        if is_ours and _SHOWN.fullmatch(wanted):
            return wanted
        ours = limits.caller_id or next((t.caller_id for t in present.trunks if t.caller_id), "")
        return ours or (wanted if _SHOWN.fullmatch(wanted) else "anonymous")

    def may_redirect(self, host: str) -> bool:
        """Whether a 3xx may send a call of ours to `host`: never to one that no document may, nor
        to a trunk, whose numbers cost money and are checked and counted before a call is made."""
        present = self._configuration()
        if present is None or host.lower() not in present.sip_hosts:
            return False
        return not any(t.address and t.address.host.lower() == host.lower() for t in present.trunks)

    def _present(self) -> Configuration:
        found = self._configuration()
        if found is None:
            raise NoRoute("the gateway has no configuration yet")
        return found

    # Numbers

    async def _to_number(
        self, present: Configuration, text: str, account: str
    ) -> list[Destination]:
        number = text.partition("?")[0].partition(";")[0].strip()[:MAX_TEXT]
        phones = [p for p in _phones(present, account) if _rings_for(p, number)]
        if phones:
            return await self._to_phones(present, phones)
        return await self._through_trunks(present, number, account, present.trunks)

    async def _through_trunks(
        self, present: Configuration, number: str, account: str, trunks: tuple[Trunk, ...]
    ) -> list[Destination]:
        limits = present.limits_of(account)
        e164 = to_e164(number)
        if not e164:
            raise NotAllowed(
                f"{number[:40]!r} is no telephone number that can be called from here; right is "
                "one with its country code, as +12125550142"
            )
        self._check(e164, account, limits)
        found = [(prefix, trunk) for trunk in trunks if (prefix := _carries(trunk, e164))]
        if not found:
            raise NoRoute(f"no trunk carries {e164}")
        found.sort(key=lambda each: len(each[0]), reverse=True)
        ways: list[Destination] = []
        for _, trunk in found:
            ways += await self._by(trunk, e164)
        if not ways:
            raise NoRoute(f"no trunk that carries {e164} can be found")
        return ways

    def _check(self, e164: str, account: str, limits: Limits) -> None:
        if not allowed_by(limits.prefixes, e164):
            begins = ", ".join(limits.prefixes) or "none"
            raise NotAllowed(f"{e164} may not be called; this account's prefixes are: {begins}")
        if self.calls_out(account) >= limits.calls_out:
            raise TooManyCalls(
                f"this account's limit of calls through trunks, {limits.calls_out} at once, "
                "is reached"
            )

    async def _by(self, trunk: Trunk, e164: str) -> list[Destination]:
        peer = trunk.address
        assert peer is not None  # noqa: S101 a trunk that carries a number has one
        return [
            Destination(
                uri=_uri(e164, peer),
                host=host,
                port=peer.port,
                transport=peer.transport,
                username=trunk.username,
                password=trunk.password,
                domain=peer.host if trunk.username else "",
                trunk=trunk.name,
                codecs=trunk.codecs,
            )
            for host in await self._hosts(peer)
        ]

    async def _hosts(self, peer: Peer) -> list[str]:
        """The first address of a host; none where its name cannot be found."""
        return (await self._resolver.addresses(peer.host))[:1]

    # Phones

    async def _to_client(
        self, present: Configuration, text: str, account: str
    ) -> list[Destination]:
        name = _named(text)
        phones = [p for p in _phones(present, account) if name in {p.name, p.username}]
        if not phones:
            raise NoRoute(f"this account has no phone {name!r}")
        return await self._to_phones(present, phones)

    async def _to_phones(self, present: Configuration, phones: list[Phone]) -> list[Destination]:
        if present.proxy is not None:
            return await self._by_proxy(present.proxy, phones)
        found = [way for phone in phones for way in self._registrar.bindings(phone.username)]
        if not found:
            names = ", ".join(phone.name for phone in phones)
            raise NoRoute(f"the phone {names} is not registered now")
        return found

    async def _by_proxy(self, proxy: Peer, phones: list[Phone]) -> list[Destination]:
        hosts = await self._hosts(proxy)
        if not hosts:
            raise NoRoute(f"the proxy {proxy} cannot be found")
        return [
            Destination(
                uri=f"sip:{phone.username}@{phone.realm}",
                host=hosts[0],
                port=proxy.port,
                transport=proxy.transport,
            )
            for phone in phones
        ]

    # SIP addresses

    async def _to_sip(self, present: Configuration, noun: Sip, account: str) -> list[Destination]:
        user, peer = _read_sip(noun.uri)
        host = peer.host.lower()
        if host == present.realm.lower():
            return await self._to_client(present, unquote(user), account)
        trunks = tuple(t for t in present.trunks if t.address and t.address.host.lower() == host)
        if trunks:  # a number behind a trunk costs the same however it is written
            return await self._through_trunks(present, unquote(user), account, trunks)
        if host not in present.sip_hosts:
            raise NotAllowed(f"{host} may not be called; DESKBELL_SIP_HOSTS names hosts that may")
        hosts = await self._hosts(peer)
        if not hosts:
            raise NoRoute(f"{host} cannot be found")
        return [
            Destination(
                uri=_uri(user, peer),
                host=hosts[0],
                port=peer.port,
                transport=peer.transport,
                username=noun.username,
                password=noun.password,
            )
        ]


def _phones(present: Configuration, account: str) -> list[Phone]:
    return [p for p in present.phones.values() if p.account == account and not p.is_staff]


def _named(text: str) -> str:
    """The name that `<Client>` says, without the headers that may follow it."""
    return text.partition("?")[0].strip()[:MAX_TEXT]


def _rings_for(phone: Phone, number: str) -> bool:
    return any(_is_same(number, own) for own in phone.numbers)


def _is_same(one: str, other: str) -> bool:
    """Whether two ways to write a number mean the same."""
    digits = digits_of(one)
    return bool(digits) and national_digits(one) == national_digits(other)


def _carries(trunk: Trunk, e164: str) -> str:
    """The longest prefix of a trunk that goes out and carries a number; empty where none does."""
    if trunk.address is None:
        return ""
    return max((p for p in trunk.prefixes if e164.startswith(p)), key=len, default="")


def _read_sip(text: str) -> tuple[str, Peer]:
    """The user of a SIP URI, as written, and where it leads. Raises NotAllowed."""
    uri = text.partition("?")[0].strip()
    wrong = NotAllowed(f"{uri[:80]!r} is no SIP address; right is sip:NAME@HOST")
    if len(uri) > MAX_TEXT or not uri.lower().startswith(("sip:", "sips:")):
        raise wrong
    try:
        found = parse_uri(uri)
        user = (found.user or "").partition(":")[0]
        is_tcp = (found.params.get("transport") or "").lower() == "tcp"
        peer = read_peer(f"{found.host}:{found.port or 5060}{';transport=tcp' if is_tcp else ''}")
    except (ValueError, InvalidInput):
        raise wrong from None
    if not _USER.fullmatch(user):
        raise wrong
    return user, peer


def _uri(user: str, peer: Peer) -> str:
    return f"sip:{user}@{peer}" if user else f"sip:{peer}"
