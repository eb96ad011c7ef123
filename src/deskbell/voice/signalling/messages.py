"""Reading what the gateway needs from SIP requests, and writing answers to them.

Parsing is aiosipua's. Answers are written straight into bytes: at hundreds of set-ups a second,
message objects for answers that never change are what would cost most.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from aiosipua import SipRequest, parse_address, parse_via

ALLOW: Final = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE"
AGENT: Final = "Deskbell"
MAX_TEXT: Final = 255
REASONS: Final[Mapping[int, str]] = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    415: "Unsupported Media Type",
    420: "Bad Extension",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    482: "Loop Detected",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
    503: "Service Unavailable",
    603: "Decline",
}
_TAG = re.compile(r";\s*tag\s*=\s*([^;,\s>]+)", re.IGNORECASE)
_TEL = re.compile(r"(?:^|<)\s*tel:([^;>?\s]+)", re.IGNORECASE)
_REQUIRED = ("via", "from", "to", "call-id", "cseq")


class BadRequest(Exception):
    """A request that lacks what RFC 3261 section 8.1.1 asks of every request."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What every request carries, read once (RFC 3261 section 8.1.1)."""

    method: str
    branch: str
    via_host: str
    via_port: int | None
    wants_rport: bool
    call_id: str
    from_tag: str
    to_tag: str
    number: int

    @property
    def key(self) -> tuple[str, str, int, str]:
        """What a request and its retransmissions, and an ACK or CANCEL and its INVITE, share."""
        method = "INVITE" if self.method in {"ACK", "CANCEL"} else self.method
        return (self.branch, self.call_id, self.number, method)


def tag_of(value: str) -> str:
    """The tag of a From or To header, empty where it has none."""
    found = _TAG.search(value, value.rfind(">") + 1)
    return found.group(1) if found else ""


def facts_of(request: SipRequest) -> Facts:
    """Reads a request. Raises BadRequest, naming what is missing or cannot be read."""
    headers = request.headers
    missing = [name for name in _REQUIRED if not headers.get(name)]
    if missing:
        raise BadRequest(f"no {', '.join(missing)}")
    via = parse_via(headers.get("via")[0])
    number, _, method = headers.get("cseq")[0].strip().partition(" ")
    if not number.isdigit() or len(number) > 10 or method.strip() != request.method:
        raise BadRequest("CSeq does not fit the request")
    if not via.host or not 0 < (via.port or 5060) < 65536:
        raise BadRequest("Via names no host and port to answer to")
    return Facts(
        method=request.method,
        branch=via.params.get("branch") or "",
        via_host=via.host,
        via_port=via.port,
        wants_rport="rport" in via.params,
        call_id=headers.get("call-id")[0],
        from_tag=tag_of(headers.get("from")[0]),
        to_tag=tag_of(headers.get("to")[0]),
        number=int(number),
    )


def stamp_source(request: SipRequest, facts: Facts, host: str, port: int) -> None:
    """Writes into the top Via where the request came from (RFC 3261 18.2.1, RFC 3581)."""
    if facts.via_host.strip("[]") == host and not facts.wants_rport:
        return
    vias = request.headers.get("via")
    top = re.sub(r";\s*(received|rport)(=[^;]*)?(?=;|$)", "", vias[0])
    top += f";received={host}"
    if facts.wants_rport:
        top += f";rport={port}"
    vias[0] = top


def new_tag() -> str:
    """A tag nobody can guess (RFC 3261 section 19.3)."""
    return secrets.token_hex(8)


def new_branch() -> str:
    """A branch for a request of ours (RFC 3261 section 8.1.1.7)."""
    return "z9hG4bK" + secrets.token_hex(8)


def response_to(
    request: SipRequest,
    code: int,
    *,
    to_tag: str = "",
    headers: Iterable[str] = (),
    body: str = "",
) -> bytes:
    """The answer to `request` as it goes out (RFC 3261 section 8.2.6).

    `headers` are whole lines without line ends. A body is SDP. `to_tag` is added where the
    request's To has no tag yet.
    """
    get = request.headers.get
    to = get("to")[0]
    if to_tag and not tag_of(to):
        to += f";tag={to_tag}"
    lines = [f"SIP/2.0 {code} {REASONS.get(code, 'Refused')}"]
    lines += [f"Via: {via}" for via in get("via")]
    if code > 100:
        lines += [f"Record-Route: {route}" for route in get("record-route")]
    lines += [
        f"From: {get('from')[0]}",
        f"To: {to}",
        f"Call-ID: {get('call-id')[0]}",
        f"CSeq: {get('cseq')[0]}",
        f"Server: {AGENT}",
        *headers,
    ]
    if body:
        lines.append("Content-Type: application/sdp")
    content = body.encode()
    lines.append(f"Content-Length: {len(content)}\r\n\r\n")
    return "\r\n".join(lines).encode() + content


def sdp_of(request: SipRequest) -> str:
    """The SDP a request carries, empty where it has none."""
    kind = (request.headers.get_first("content-type") or "").partition(";")[0].strip().lower()
    return request.text if request.body and kind == "application/sdp" else ""


def _clean(text: str) -> str:
    """Strangers write these: no control characters, and no more than anybody needs."""
    return "".join(mark for mark in text if mark.isprintable())[:MAX_TEXT]


def _user_of(value: str) -> str:
    """The user in a URI or an address header; the number of a `tel:` (RFC 3966), which has none."""
    number = _TEL.search(value)
    user = number.group(1) if number else parse_address(value).uri.user or ""
    return _clean(unquote(user.partition(";")[0]))


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an INVITE says about the call it asks for; users are the part before the @."""

    call_id: str
    source: str
    caller: str
    caller_name: str
    called: str
    forwarded_from: str
    offer: str
    extra: Mapping[str, str] = field(default_factory=dict)


def invitation_of(request: SipRequest, *, call_id: str, source: str) -> Invitation:
    """Reads an INVITE that came from the IP address `source`.

    The called user is the request URI's, where trunks put the number that was dialled, else To's.
    `extra` holds the X- headers and Diversion, as the RCML reference's section 2 passes them on.
    """
    get = request.headers.get_first
    origin = get("from") or ""
    diversion = get("diversion") or get("history-info") or ""
    extra = {
        _clean(name): _clean(values[0])
        for name, values in request.headers.items()
        if name[:2].lower() == "x-" or name.lower() == "diversion"
    }
    return Invitation(
        call_id=call_id,
        source=source,
        caller=_user_of(origin) or "anonymous",
        caller_name=_clean(parse_address(origin).display_name or ""),
        called=_user_of(request.uri) or _user_of(get("to") or ""),
        forwarded_from=_user_of(diversion) if diversion else "",
        offer=sdp_of(request),
        extra=extra,
    )


def key_of_info(request: SipRequest) -> str | None:
    """The key that an INFO reports: empty for none, None where its body is of no kind we read.

    Two kinds are common and neither is an RFC: `application/dtmf-relay` with `Signal=5`, and
    `application/dtmf` with the key alone.
    """
    kind = (request.headers.get_first("content-type") or "").partition(";")[0].strip().lower()
    if not request.body:
        return ""
    if kind not in {"application/dtmf-relay", "application/dtmf"}:
        return None
    text = request.text
    if kind == "application/dtmf-relay":
        found = re.search(r"signal\s*=\s*(\S+)", text, re.IGNORECASE)
        text = found.group(1) if found else ""
    key = {"10": "*", "11": "#"}.get(text.strip(), text.strip().upper())
    return key if len(key) == 1 and key in "0123456789*#ABCD" else ""
