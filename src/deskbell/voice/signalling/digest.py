"""Digest authentication, both sides: who a phone is, and our answers to a trunk's challenges.

Nonces need no memory: they carry when they were made and are signed, so that any gateway with the
same secret knows its fellow's. They are good for the address that was challenged alone: nobody can
have wrong answers counted against another's. Only right answers leave a trace, to be taken once.
Source: RFC 7616 (and 2617, which MD5-only phones speak), RFC 8760 for SHA-256 in SIP; `qop=auth`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from deskbell.foundation.digest import ALGORITHMS, ha1_of, hashed

__all__ = [
    "ALGORITHMS",
    "Authorization",
    "Digest",
    "Verdict",
    "answer",
    "best_of",
    "ha1_of",
    "read_authorization",
]

NONCE_SECONDS: Final = 300.0
MOST_NONCES: Final = 20_000
MAX_HEADER: Final = 4096
_SIGNED_BYTES: Final = 16
_PAIR: Final = re.compile(
    r"\s*([A-Za-z0-9_\-]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\s,\"]*))\s*(?:,|$)"
)
_COUNT: Final = re.compile(r"[0-9a-fA-F]{8}")


class Verdict(Enum):
    """What an answer to a challenge is worth.

    `OK` is right. `STALE` would be, but its nonce is too old or was used for this already: a fresh
    challenge with `stale=true` has the phone try again by itself. `WRONG` is a wrong password.
    `FOREIGN` answers no challenge of ours, which says nothing about the password.
    """

    OK = "ok"
    STALE = "stale"
    WRONG = "wrong"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Authorization:
    """What an Authorization or Proxy-Authorization header says; absent parts are empty."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    algorithm: str = "MD5"
    qop: str = ""
    nc: str = ""
    cnonce: str = ""
    opaque: str = ""


def read_authorization(value: str) -> Authorization | None:
    """Reads a header's value; None where it is no Digest, or lacks what every answer has."""
    found = _parts(value)
    if found is None or not all(found.get(name) for name in ("username", "nonce", "response")):
        return None
    return Authorization(
        username=found["username"],
        realm=found.get("realm", ""),
        nonce=found["nonce"],
        uri=found.get("uri", ""),
        response=found["response"].lower(),
        algorithm=found.get("algorithm", "MD5").upper(),
        qop=found.get("qop", "").lower(),
        nc=found.get("nc", ""),
        cnonce=found.get("cnonce", ""),
        opaque=found.get("opaque", ""),
    )


def _parts(value: str) -> dict[str, str] | None:
    """The parameters of a Digest header by lower-case name; the first of a name counts."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "digest" or len(value) > MAX_HEADER:
        return None
    found: dict[str, str] = {}
    at = 0
    while at < len(rest):
        pair = _PAIR.match(rest, at)
        if pair is None:
            return None
        quoted = pair.group(2)
        text = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else pair.group(3)
        found.setdefault(pair.group(1).lower(), text)
        at = pair.end()
    return found


def _response(
    algorithm: str, ha1: str, *, nonce: str, nc: str, cnonce: str, qop: str, method: str, uri: str
) -> str:
    ha2 = hashed(algorithm, f"{method}:{uri}")
    middle = f"{nc}:{cnonce}:{qop}:" if qop else ""
    return hashed(algorithm, f"{ha1}:{nonce}:{middle}{ha2}")


def answer(
    challenge: str, *, username: str, password: str, method: str, uri: str, count: int = 1
) -> str:
    """The Authorization value for a challenge of somebody else's; empty where none is possible.

    `challenge` is the value of WWW- or Proxy-Authenticate, `count` how often its nonce was used,
    this time included. A challenge without qop (RFC 2069) is answered as it asks.
    """
    found = _parts(challenge)
    if found is None or "nonce" not in found:
        return ""
    algorithm = found.get("algorithm", "MD5").upper()
    offered = {part.strip().lower() for part in found.get("qop", "").split(",")} - {""}
    if algorithm not in ALGORITHMS or (offered and "auth" not in offered):
        return ""
    realm, nonce = found.get("realm", ""), found["nonce"]
    qop = "auth" if offered else ""
    nc, cnonce = f"{count:08x}", secrets.token_hex(8)
    right = _response(
        algorithm,
        hashed(algorithm, f"{username}:{realm}:{password}"),
        nonce=nonce,
        nc=nc,
        cnonce=cnonce,
        qop=qop,
        method=method,
        uri=uri,
    )
    parts = [
        f'username="{_quoted(username)}"',
        f'realm="{_quoted(realm)}"',
        f'nonce="{_quoted(nonce)}"',
        f'uri="{uri}"',
        f'response="{right}"',
        f"algorithm={algorithm}",
    ]
    if qop:
        parts += [f'cnonce="{cnonce}"', f"qop={qop}", f"nc={nc}"]
    if "opaque" in found:
        parts.append(f'opaque="{_quoted(found["opaque"])}"')
    return "Digest " + ", ".join(parts)


def best_of(challenges: list[str]) -> str:
    """The challenge to answer where there are several: the strongest that we know, else empty."""
    by_algorithm: dict[str, str] = {}
    for challenge in challenges:
        found = _parts(challenge)
        if found is not None:
            by_algorithm.setdefault(found.get("algorithm", "MD5").upper(), challenge)
    return next((by_algorithm[name] for name in ALGORITHMS if name in by_algorithm), "")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


class Digest:
    """Makes challenges and judges answers to them. `now` gives seconds since the epoch.

    A nonce is good for `seconds`, and each count of it once in this process.
    """

    def __init__(
        self, secret: str, *, now: Callable[[], float] = time.time, seconds: float = NONCE_SECONDS
    ) -> None:
        self._key = hashlib.sha256(f"sip digest {secret}".encode()).digest()
        self._now = now
        self._seconds = seconds
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._forgotten_until = 0.0

    def challenge(self, realm: str, *, host: str = "", is_stale: bool = False) -> tuple[str, ...]:
        """Values of WWW- or Proxy-Authenticate, one for each algorithm (RFC 7616 section 3.3).

        Whoever asks from another address than `host` cannot use them.
        """
        nonce = self._new_nonce(realm, host)
        stale = ", stale=true" if is_stale else ""
        return tuple(
            f'Digest realm="{_quoted(realm)}", nonce="{nonce}", algorithm={name}, qop="auth"{stale}'
            for name in ALGORITHMS
        )

    def check(
        self,
        given: Authorization,
        *,
        method: str,
        realm: str,
        ha1: Mapping[str, str],
        host: str = "",
    ) -> Verdict:
        """Judges an answer, that came from `host`, for the user whose hashes are `ha1`.

        Takes the same time for each.
        """
        made = self._made_at(given.nonce, realm, host)
        if made is None:
            return Verdict.FOREIGN
        if not self._is_right(given, method, ha1):
            return Verdict.WRONG
        if self._now() - made > self._seconds or made <= self._forgotten_until:
            return Verdict.STALE
        return Verdict.OK if self._is_first(given) else Verdict.STALE

    def _is_right(self, given: Authorization, method: str, ha1: Mapping[str, str]) -> bool:
        kept = ha1.get(given.algorithm)
        if kept is None or given.qop != "auth" or not _COUNT.fullmatch(given.nc):
            return False
        right = _response(
            given.algorithm,
            kept,
            nonce=given.nonce,
            nc=given.nc,
            cnonce=given.cnonce,
            qop=given.qop,
            method=method,
            uri=given.uri,
        )
        return hmac.compare_digest(right.encode(), given.response.encode())

    def _is_first(self, given: Authorization) -> bool:
        """Whether the nonce's count is higher than any before (RFC 7616 section 3.4.6)."""
        count = int(given.nc, 16)
        if count <= self._counts.get(given.nonce, 0):
            return False
        self._counts[given.nonce] = count
        self._counts.move_to_end(given.nonce)
        self._forget_old()
        return True

    def _forget_old(self) -> None:
        """Nonces that have run out need no count; where there are too many, the oldest run out."""
        while self._counts:
            nonce = next(iter(self._counts))
            made = _time_of(nonce)
            if len(self._counts) <= MOST_NONCES and self._now() - made <= self._seconds:
                return
            if len(self._counts) > MOST_NONCES:
                self._forgotten_until = max(self._forgotten_until, made)
            del self._counts[nonce]

    def _new_nonce(self, realm: str, host: str) -> str:
        told = int(self._now() * 1000).to_bytes(8, "big") + secrets.token_bytes(8)
        return base64.urlsafe_b64encode(told + self._signature(told, realm, host)).decode()

    def _signature(self, told: bytes, realm: str, host: str) -> bytes:
        signed = told + f"{host} {realm}".encode()
        return hmac.digest(self._key, signed, "sha256")[:_SIGNED_BYTES]

    def _made_at(self, nonce: str, realm: str, host: str) -> float | None:
        """When a nonce of ours was made for `host`; None for anybody else's."""
        try:
            raw = base64.urlsafe_b64decode(nonce.encode())
        except (binascii.Error, ValueError):
            return None
        told, signed = raw[:16], raw[16:]
        if not hmac.compare_digest(signed, self._signature(told, realm, host)):
            return None
        return int.from_bytes(told[:8], "big") / 1000


def _time_of(nonce: str) -> float:
    return int.from_bytes(base64.urlsafe_b64decode(nonce.encode())[:8], "big") / 1000
