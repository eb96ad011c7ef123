"""One answer of `GET /voice/config` as values: who may call in, who may be called, how often."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from deskbell.foundation.trunks import Network, Peer

from ..offers import CodecName
from ..signalling.flows import local_host_towards

MOST_HOSTS_KEPT: Final = 4096


@dataclass(frozen=True, slots=True)
class Trunk:
    """A way to the telephone network.

    Calls come in from `networks`. They go out to `address`, where it has one, for numbers that
    begin with one of `prefixes` (E.164 with its plus; `+` is every number). `username` and
    `password` answer its challenges; with `registers` we tell it where we are. `caller_id` is
    shown where the account has none of its own. `codecs` are offered in this order; none are all.
    """

    name: str
    networks: tuple[Network, ...] = ()
    address: Peer | None = None
    prefixes: tuple[str, ...] = ("+",)
    username: str = ""
    password: str = field(default="", repr=False)
    registers: bool = False
    caller_id: str = ""
    codecs: tuple[CodecName, ...] = ()


@dataclass(frozen=True, slots=True)
class Phone:
    """A SIP phone that registers with us.

    `username` is its own in the whole deployment, `name` what `<Client>` says of it within its
    account. `ha1` is the hash of its password by algorithm (`MD5`, `SHA-256`; RFC 7616 section
    3.4.2) in `realm`. It rings for each of `numbers`: whole numbers and extensions. That of a
    receptionist (`is_staff`) is rung by orders over REST alone, for all accounts, and calls nobody.
    """

    username: str
    name: str
    account: str
    realm: str
    ha1: Mapping[str, str] = field(repr=False)
    numbers: tuple[str, ...] = ()
    is_staff: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What an account may cost: the beginnings of the numbers it may call, and calls at once.

    `caller_id` is what others see where a document asks for nothing, `numbers` what they may see
    besides. Nothing is allowed by default.
    """

    prefixes: tuple[str, ...] = ()
    calls_out: int = 0
    caller_id: str = ""
    numbers: tuple[str, ...] = ()


_NO_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Configuration:
    """One answer of `GET /voice/config`; `prompts` are SHA-256 names in hex.

    `phones` are by user name, `accounts` by `AC…` sid; an account that is not there has `limits`.
    `proxy` is where registered phones are reached when it keeps the registrar, `sip_hosts` what
    `<Sip>` may reach besides trunks and phones. `messages` takes Sms, Message, Email and Fax,
    `fallback` is asked when a document cannot be had; both may be empty.
    """

    trunks: tuple[Trunk, ...]
    max_calls: int
    prompts: tuple[str, ...]
    incoming: str
    status_callback: str
    account_sid: str
    realm: str = ""
    phones: Mapping[str, Phone] = field(default_factory=dict)
    limits: Limits = _NO_LIMITS
    accounts: Mapping[str, Limits] = field(default_factory=dict)
    proxy: Peer | None = None
    sip_hosts: frozenset[str] = frozenset()
    messages: str = ""
    fallback: str = ""
    _hosts: dict[str, str | None] = field(default_factory=dict, compare=False, repr=False)

    def trunk_of(self, host: str) -> str | None:
        """The name of the trunk that the IP address `host` belongs to."""
        if host not in self._hosts:
            if len(self._hosts) >= MOST_HOSTS_KEPT:
                self._hosts.clear()
            self._hosts[host] = _trunk_of(self.trunks, host)
        return self._hosts[host]

    def trunk(self, name: str) -> Trunk | None:
        """The trunk of that name."""
        return next((trunk for trunk in self.trunks if trunk.name == name), None)

    def is_staff_phone(self, username: str) -> bool:
        """Whether a phone is a receptionist's, which is the deployment's and no customer's."""
        phone = self.phones.get(username)
        return phone is not None and phone.is_staff

    def limits_of(self, account: str) -> Limits:
        """What an account may do, by its `AC…` sid."""
        return self.accounts.get(account, self.limits)


def _trunk_of(trunks: tuple[Trunk, ...], host: str) -> str | None:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    for trunk in trunks:
        for network in trunk.networks:
            if _is_own(address) if network is None else address in network:
                return trunk.name
    return None


def _is_own(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is this machine's: then it is also where we would answer it from."""
    every = "0.0.0.0"  # noqa: S104 any of ours will do; nothing is bound
    return address.is_loopback or local_host_towards(str(address), bound=every) == str(address)
