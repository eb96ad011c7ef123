"""Addresses and URIs as they stand in headers (RFC 3261 sections 19.1 and 20.10).

Ours and not aiosipua's, which loses what a user part may hold (`;` and `?`) and reads a `<` in a
quoted name as the beginning of the URI: what a peer called itself has to go back to it unchanged.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote

Transport = Literal["UDP", "TCP"]
MAX_TEXT: Final = 255
_NAME_ADDR = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*))\s*<\s*([^<>]*?)\s*>')
_URI = re.compile(
    r"\s*(sips?):(?:([^@]*)@)?(\[[^\]\s]*\]|[^:;?@\s]+)(?::(\d{1,5}))?(?:;([^?]*))?(?:\?(.*))?\s*$",
    re.IGNORECASE,
)
_TEL = re.compile(r"\s*tel:([^;>?\s]+)", re.IGNORECASE)
_TRANSPORT = re.compile(r"(?:^|;)\s*transport\s*=\s*(\w+)", re.IGNORECASE)
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.\-]*):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SipUri:
    """The parts of a SIP URI; `host` is without brackets, `port` 0 where none is said."""

    user: str
    host: str
    port: int
    params: str

    def transport(self, default: Transport = "UDP") -> Transport:
        """What the `transport` parameter asks for."""
        found = _TRANSPORT.search(self.params)
        if found is None:
            return default
        return "TCP" if found.group(1).lower() == "tcp" else "UDP"

    @property
    def ip(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """The host as an IP address; None where it is a name."""
        return ip_of(self.host)


def ip_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IP address, or None for whatever else a host may be."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def clean(text: str) -> str:
    """Strangers write these: no control characters, and no more than anybody needs."""
    return (text if text.isprintable() else "".join(filter(str.isprintable, text)))[:MAX_TEXT]


def split(value: str) -> tuple[str, str]:
    """The display name and the URI of a From, To, Contact, Route … value."""
    found = _NAME_ADDR.match(value)
    if found is None:
        return "", value.partition(";")[0].strip()
    quoted, plain, uri = found.groups()
    return (re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain.strip()), uri


def read_uri(uri: str) -> SipUri | None:
    """The parts of a SIP or SIPS URI; None for any other."""
    found = _URI.match(uri)
    if found is None:
        return None
    _, user, host, port, params, _ = found.groups()
    number = int(port or 0)
    return SipUri(user or "", host.strip("[]"), number, params or "") if number < 65536 else None


def scheme_of(uri: str) -> str:
    """The scheme of a URI in lower case, empty where it has none."""
    found = _SCHEME.match(uri)
    return found.group(1).lower() if found else ""


def user_in(uri: str) -> str:
    """The user in a URI; the number of a `tel:` (RFC 3966), which has none."""
    number = _TEL.match(uri)
    if number:
        return clean(unquote(number.group(1)))
    found = read_uri(uri)
    return clean(unquote(found.user.partition(";")[0].partition(":")[0])) if found else ""


def user_of(value: str) -> str:
    """The user in the URI of an address header, as `user_in`."""
    return user_in(split(value)[1])
