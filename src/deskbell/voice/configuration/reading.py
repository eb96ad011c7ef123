"""Reads the JSON of `GET /voice/config`; a web side may leave out what it has no use for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.trunks import read_network, read_peer, read_prefix

from ..offers import CODECS, CodecName
from .values import Configuration, Limits, Phone, Trunk


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
    except (ValueError, LookupError, TypeError, AttributeError, InvalidInput) as error:
        raise InvalidInput(f"The configuration cannot be read: {error!r}") from error


def _trunk(found: Mapping[str, Any]) -> Trunk:
    prefixes = found.get("prefixes")
    return Trunk(
        name=str(found["name"]),
        networks=tuple(read_network(text) for text in found["addresses"]),
        address=read_peer(str(found["outgoing"])) if found.get("outgoing") else None,
        prefixes=("+",) if prefixes is None else _prefixes(prefixes),
        username=str(found.get("username") or ""),
        password=str(found.get("password") or ""),
        registers=bool(found.get("registers")),
        caller_id=str(found.get("caller_id") or ""),
        codecs=tuple(_codec(str(text)) for text in found.get("codecs") or ()),
    )


def _codec(text: str) -> CodecName:
    for codec in CODECS:
        if codec == text.upper():
            return codec
    raise InvalidInput(f"{text[:20]!r} is no codec; right are {', '.join(CODECS)}")


def _phone(found: Mapping[str, Any], realm: str) -> Phone:
    username = str(found["username"])
    return Phone(
        username=username,
        name=str(found.get("name") or username),
        account=str(found["account"]),
        realm=str(found.get("realm") or realm),
        ha1={str(name).upper(): str(value).lower() for name, value in found["ha1"].items()},
        numbers=tuple(str(number) for number in found.get("numbers", ())),
        is_staff=found.get("staff") is True,
    )


def _limits(found: Mapping[str, Any]) -> Limits:
    return Limits(
        prefixes=_prefixes(found.get("prefixes", ())),
        calls_out=int(found.get("calls_out", 0)),
        caller_id=str(found.get("caller_id") or ""),
        numbers=tuple(str(number) for number in found.get("numbers", ())),
    )


def _prefixes(found: Iterable[object]) -> tuple[str, ...]:
    return tuple(read_prefix(str(prefix)) for prefix in found)
