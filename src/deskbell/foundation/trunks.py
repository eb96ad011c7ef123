"""How SIP peers, networks and prefixes are written: read alike by gateway and web side."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final, Literal

from .errors import InvalidInput

THIS_MACHINE: Final = "this-machine"

# None is this machine, whatever addresses it has.
Network = ipaddress.IPv4Network | ipaddress.IPv6Network | None
TransportName = Literal["UDP", "TCP"]

_PEER: Final = re.compile(
    r"(?:sip:)?(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?"
    r"(?:;transport=(?P<transport>udp|tcp))?",
    re.IGNORECASE,
)
_PREFIX: Final = re.compile(r"\+[0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Peer:
    """Where to send SIP: a name or IP address, a port, and by what."""

    host: str
    port: int = 5060
    transport: TransportName = "UDP"

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        suffix = ";transport=tcp" if self.transport == "TCP" else ""
        return f"{host}:{self.port}{suffix}"


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


def read_network(text: str) -> Network:
    """Reads an IP address, a network as 192.0.2.0/24, or `this-machine`. Raises InvalidInput."""
    if text == THIS_MACHINE:
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise InvalidInput(
            f"{text[:80]!r} is no address or network; right is 192.0.2.7 or 192.0.2.0/24"
        ) from None


def read_prefix(text: str) -> str:
    """Checks the beginning of a number. Raises InvalidInput."""
    if not _PREFIX.fullmatch(text):
        raise InvalidInput(
            f"{text[:40]!r} is no prefix; right is a plus and digits, as +1 or +4989"
        )
    return text
