"""Reads the JSON of `GET /voice/config`; a web side may leave out what it has no use for."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from deskbell.foundation.errors import InvalidInput

from .values import THIS_MACHINE, Configuration, Limits, Network, Peer, Phone, Trunk

_PEER: Final = re.compile(
    r"(?:sips?:)?(?P<host>\[[0-9a-fA-F:.]+\]|[^\s:;@\[\]]+)(?::(?P<port>\d{1,5}))?"
    r"(?:;transport=(?P<transport>udp|tcp))?",
    re.IGNORECASE,
)
_PREFIX: Final = re.compile(r"\+[0-9]{0,15}")


def read_configuration(data: bytes) -> Configuration:
    """Reads the JSON of `GET /voice/config`. Raises InvalidInput, in words."""
    try:
        found = json.loads(data)
        realm = str(found.get("realm") or "deskbell")
        phones = [_phone(each, realm) for each in found.get("phones", ())]
        accounts = dict(found.get("accounts", {}))
        return Configuration(
            trunks=tuple(_trunk(each) for each in found["trunks"]),
            max_calls=int(found["caps"]["calls"]),
            prompts=tuple(str(name) for name in found.get("prompts", ())),
            incoming=str(found["incoming"]),
            status_callback=str(found.get("status_callback") or ""),
            account_sid=str(found["account_sid"]),
            realm=realm,
            phones={phone.username: phone for phone in phones},
            limits=_limits(found.get("limits") or {}),
            accounts={str(sid): _limits(each) for sid, each in accounts.items()},
            proxy=read_peer(str(found["proxy"])) if found.get("proxy") else None,
            sip_hosts=frozenset(str(host).lower() for host in found.get("sip_hosts", ())),
            messages=str(found.get("messages") or ""),
            fallback=str(found.get("fallback") or ""),
        )
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InvalidInput(f"The configuration cannot be read: {error!r}") from error


def read_peer(text: str) -> Peer:
    """Reads `HOST[:PORT][;transport=udp|tcp]`. Raises InvalidInput."""
    found = _PEER.fullmatch(text.strip())
    port = int(found["port"] or 5060) if found else 0
    if found is None or not 0 < port < 65536:
        raise InvalidInput(
            f"{text[:80]!r} is no SIP address; right is HOST:PORT, with ;transport=tcp for TCP"
        )
    is_tcp = (found["transport"] or "").lower() == "tcp"
    return Peer(found["host"].strip("[]"), port, "TCP" if is_tcp else "UDP")


def _trunk(found: Mapping[str, Any]) -> Trunk:
    prefixes = found.get("prefixes")
    return Trunk(
        name=str(found["name"]),
        networks=tuple(_network(text) for text in found["addresses"]),
        address=read_peer(str(found["outgoing"])) if found.get("outgoing") else None,
        prefixes=("+",) if prefixes is None else _prefixes(prefixes),
        username=str(found.get("username") or ""),
        password=str(found.get("password") or ""),
        registers=bool(found.get("registers")),
        caller_id=str(found.get("caller_id") or ""),
        codecs=tuple(str(codec).upper() for codec in found.get("codecs") or ()),
    )


def _network(text: str) -> Network:
    return None if text == THIS_MACHINE else ipaddress.ip_network(text, strict=False)


def _phone(found: Mapping[str, Any], realm: str) -> Phone:
    username = str(found["username"])
    return Phone(
        username=username,
        name=str(found.get("name") or username),
        account=str(found["account"]),
        realm=str(found.get("realm") or realm),
        ha1={str(name).upper(): str(value).lower() for name, value in found["ha1"].items()},
        numbers=tuple(str(number) for number in found.get("numbers", ())),
    )


def _limits(found: Mapping[str, Any]) -> Limits:
    return Limits(
        prefixes=_prefixes(found.get("prefixes", ())),
        calls_out=int(found.get("calls_out", 0)),
        caller_id=str(found.get("caller_id") or ""),
        numbers=tuple(str(number) for number in found.get("numbers", ())),
    )


def _prefixes(found: Any) -> tuple[str, ...]:
    prefixes = tuple(str(prefix) for prefix in found)
    for prefix in prefixes:
        if not _PREFIX.fullmatch(prefix):
            raise InvalidInput(f"{prefix!r} is no prefix; right is a plus and digits, as +1 or +49")
    return prefixes
