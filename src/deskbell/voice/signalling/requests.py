"""Writing requests of ours, straight into bytes, and what they say of who we are."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from aiosipua import SipMessage, SipResponse

from . import digest
from .addresses import split
from .flows import Flow
from .messages import AGENT, tag_of

SDP: Final = "application/sdp"
_PLAIN_USER: Final = "-_.!~*'()&=+$,;?/"  # RFC 3261 section 25.1, user
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]+")
_CHALLENGES: Final = {
    401: ("www-authenticate", "Authorization"),
    407: ("proxy-authenticate", "Proxy-Authorization"),
}
WITHHELD: Final = '"Anonymous" <sip:anonymous@anonymous.invalid>'  # RFC 3323 section 4.1


def new_branch() -> str:
    """A branch for a request of ours (RFC 3261 section 8.1.1.7)."""
    return "z9hG4bK" + secrets.token_hex(8)


def safe(text: str) -> str:
    """One line of a message: nothing in it can begin another."""
    return _UNSAFE.sub(" ", text).strip()


def safe_uri(text: str) -> str:
    """A URI as a request line or angle brackets can hold it."""
    return re.sub(r"[\x00-\x20\x7f<>]", "", text)


def address(user: str, host: str, name: str = "") -> str:
    """A name-addr: `"Name" <sip:user@host>`. `host` may carry a port."""
    shown = f"[{host}]" if host.count(":") > 1 and not host.startswith("[") else host
    uri = f"<sip:{quote(safe(user), safe=_PLAIN_USER)}@{shown}>" if user else f"<sip:{shown}>"
    cleaned = safe(name).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{cleaned}" {uri}' if cleaned else uri


def target_of(message: SipMessage, fallback: str = "from") -> str:
    """The URI that later requests to the peer go to: its Contact's (section 12.1)."""
    contacts = message.headers.get("contact")
    _, uri = split(contacts[0] if contacts else message.headers.get(fallback)[0])
    return safe_uri(uri)


@dataclass(slots=True)
class Peer:
    """The other side of a dialog: the values of To and Route, the request URI, the way there."""

    flow: Flow
    target: str
    remote: str
    routes: tuple[str, ...] = ()

    @property
    def tag(self) -> str:
        """The tag that the peer gave itself, empty before it answered."""
        return tag_of(self.remote)

    def line_and_routes(self) -> tuple[str, tuple[str, ...]]:
        """The request URI and the Route values; a first hop without `lr` takes the URI's place.

        Source: RFC 3261 section 12.2.1.1.
        """
        if not self.routes or re.search(r";\s*lr\b", self.routes[0], re.IGNORECASE):
            return self.target, self.routes
        first = safe_uri(split(self.routes[0])[1])
        return first, (*self.routes[1:], f"<{self.target}>")


@dataclass(frozen=True, slots=True)
class Self:
    """Our side of a dialog: the value of From, the Call-ID, our Contact's URI and Via's sent-by."""

    local: str
    call_id: str
    contact: str
    sent_by: str


def written(
    method: str,
    ours: Self,
    peer: Peer,
    *,
    branch: str,
    number: int,
    headers: Iterable[str] = (),
    body: str = "",
    kind: str = SDP,
    to: str = "",
) -> bytes:
    """A request as it goes out. `headers` are whole lines; `to` stands for the peer's own."""
    uri, routes = peer.line_and_routes()
    lines = [
        f"{method} {uri} SIP/2.0",
        f"Via: SIP/2.0/{peer.flow.kind} {ours.sent_by};branch={branch};rport",
        "Max-Forwards: 70",
        *(f"Route: {route}" for route in routes),
        f"From: {ours.local}",
        f"To: {to or peer.remote}",
        f"Call-ID: {ours.call_id}",
        f"CSeq: {number} {method}",
        f"User-Agent: {AGENT}",
        *headers,
    ]
    if body:
        lines.append(f"Content-Type: {kind}")
    content = body.encode()
    lines.append(f"Content-Length: {len(content)}\r\n\r\n")
    return "\r\n".join(lines).encode() + content


def bare_request(
    method: str,
    ours: Self,
    peer: Peer,
    *,
    branch: str,
    number: int,
    headers: Iterable[str],
    body: str,
) -> bytes:
    """A request outside of any call; `headers` may stand for those that it has by itself."""
    uri, routes = peer.line_and_routes()
    given = {line.partition(":")[0].strip().lower(): safe(line) for line in headers}
    defaults = {
        "from": f"From: {ours.local}",
        "to": f"To: {peer.remote}",
        "call-id": f"Call-ID: {ours.call_id}",
        "cseq": f"CSeq: {number} {method}",
        "contact": f"Contact: <{ours.contact}>",
        "max-forwards": "Max-Forwards: 70",
        "user-agent": f"User-Agent: {AGENT}",
    }
    if body:
        defaults["content-type"] = f"Content-Type: {SDP}"
    content = body.encode()
    lines = [
        f"{method} {uri} SIP/2.0",
        f"Via: SIP/2.0/{peer.flow.kind} {ours.sent_by};branch={branch};rport",
        *(f"Route: {route}" for route in routes),
        *(line for name, line in defaults.items() if name not in given),
        *given.values(),
        f"Content-Length: {len(content)}\r\n\r\n",
    ]
    return "\r\n".join(lines).encode() + content


def credentials_for(
    response: SipResponse, *, username: str, password: str, method: str, uri: str
) -> str:
    """The header line that answers a 401 or 407, empty where none can (RFC 3261 section 22)."""
    if not username or response.status_code not in _CHALLENGES:
        return ""
    asks, answers = _CHALLENGES[response.status_code]
    for challenge in response.headers.get(asks):
        value = digest.answer(
            challenge, username=username, password=password, method=method, uri=uri
        )
        if value:
            return f"{answers}: {value}"
    return ""


def is_stale(response: SipResponse) -> bool:
    """Whether a challenge says that the answer was right but came too late."""
    asks, _ = _CHALLENGES.get(response.status_code, ("", ""))
    return any(
        re.search(r"\bstale\s*=\s*\"?true", value, re.IGNORECASE)
        for value in response.headers.get(asks)
    )


def identity_lines(
    caller: str, host: str, name: str, *, identity: str, is_private: bool
) -> Sequence[str]:
    """P-Asserted-Identity and Privacy (RFC 3325, RFC 3323).

    The asserted identity is the caller's own unless `identity` names another; of a caller who
    withholds it only what `identity` names is said, to the network alone.
    """
    known = identity or ("" if is_private or caller == "anonymous" else caller)
    asserted = address(known, host, "" if is_private else name)
    lines = [f"P-Asserted-Identity: {asserted}"] if known else []
    return [*lines, "Privacy: id"] if is_private else lines
