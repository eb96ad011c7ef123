"""The gateway as other rooms see it: the one module of this room that they may import."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deskbell.foundation.errors import InvalidInput, Refused, Unreachable
from deskbell.foundation.http import ask_internal
from deskbell.foundation.signing import HEADER, sign, with_body_hash

from .remote import (
    Calls,
    CallsAddress,
    LimitReached,
    NewCall,
    NewParticipant,
    RemoteCall,
    RemoteParticipant,
    gateways_in_turn,
    ready_gateway,
)
from .traces import draw, find

__all__ = [
    "Calls",
    "CallsAddress",
    "LimitReached",
    "NewCall",
    "NewParticipant",
    "RemoteCall",
    "RemoteParticipant",
    "call_from_page",
    "drain",
    "gateways_in_turn",
    "health",
    "music",
    "ready_gateway",
    "reload",
    "ringing",
    "trace",
]


def health(url: str, *, timeout: float = 2.0) -> dict[str, Any]:
    """What the gateway at `url` (`http://host:port`) says of itself.

    At least `ready` (takes calls), `config` (has a configuration), `calls`, `sip_dropped`,
    `rtp_dropped`, `tick_p99_ms`. Raises Unreachable.
    """
    answer = ask_internal("GET", f"{url}/health", timeout=timeout)
    try:
        found = json.loads(answer.body)
    except ValueError as error:
        raise Unreachable(f"{url}/health is not a gateway's: {answer.status}") from error
    if answer.status != 200 or not isinstance(found, dict):
        raise Unreachable(f"{url}/health answered {answer.status}")
    return found


def music() -> bytes:
    """Twelve seconds of quiet music for who waits, G.711 µ-law, which may be played in a loop."""
    from .tones import music as made  # numpy, which most who ask this module do without

    return made()


def ringing() -> bytes:
    """One round of ringing as in the United States, G.711 µ-law, for playing in a loop."""
    from .tones import ringing as made  # as above

    return made()


def call_from_page(
    url: str,
    secret: str,
    *,
    offer: str,
    called: str,
    caller: str,
    caller_name: str = "",
    account: str = "",
    timeout: float = 5.0,
) -> str:
    """Has a browser call `called` through the gateway at `url`: its `offer` (SDP) for our answer.

    `caller` is shown as who calls, `account` is the `AC…` sid of who pays. Raises InvalidInput for
    an offer that makes no sense, Unreachable, and Refused where the gateway takes no such calls.
    """
    fields = {"sdp": offer, "to": called, "from": caller, "caller_name": caller_name}
    body = json.dumps(fields | {"account": account}).encode()
    target = with_body_hash(f"{url}/page-calls", body)
    headers = {HEADER: sign(secret, target), "Content-Type": "application/json"}
    answer = ask_internal("POST", target, headers=headers, body=body, timeout=timeout)
    try:
        found = json.loads(answer.body)
    except ValueError as error:
        raise Unreachable(f"{url} answered {answer.status}") from error
    if answer.status == 400:
        raise InvalidInput(str(found.get("error")))
    if answer.status != 200:
        raise Refused(str(found.get("error") or f"the gateway answered {answer.status}"))
    return str(found["sdp"])


def reload(url: str, secret: str, *, timeout: float = 2.0) -> None:
    """Has the gateway at `url` read its configuration now, instead of within 10 s.

    Raises Unreachable where it does not answer, Refused where the secret is another.
    """
    _order(f"{url}/reload", secret, timeout=timeout)


def drain(url: str, secret: str, *, timeout: float = 2.0) -> None:
    """Has the gateway at `url` take no more calls: those that run go on, then it may be stopped.

    Raises as `reload`.
    """
    _order(f"{url}/drain", secret, timeout=timeout)


def _order(target: str, secret: str, *, timeout: float) -> None:
    headers = {HEADER: sign(secret, target)}
    answer = ask_internal("POST", target, headers=headers, timeout=timeout)
    if answer.status == 403:
        raise Refused(f"{target} does not know this secret")
    if answer.status >= 300:
        raise Unreachable(f"{target} answered {answer.status}")


def trace(sid: str, folders: Sequence[Path], *, width: int = 120) -> str:
    """The call `sid` as a ladder, from gateways' data folders or folders above them.

    Raises InvalidInput for what is no sid, NotFound, in words, where none of them kept it.
    """
    return draw(find(sid, folders), width=width)
