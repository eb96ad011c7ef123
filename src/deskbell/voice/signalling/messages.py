"""Reading what the gateway needs from SIP requests, and writing answers to them.

Parsing is aiosipua's. Answers are written straight into bytes: at hundreds of set-ups a second,
message objects for answers that never change are what would cost most.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from aiosipua import SipMessage, SipRequest, parse_via

from .addresses import scheme_of

ALLOW: Final = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY"
METHODS: Final = {*ALLOW.split(", "), "REGISTER", "SUBSCRIBE", "MESSAGE", "PUBLISH"}
EXTENSIONS: Final = ("100rel", "timer", "replaces")
SUPPORTED: Final = ", ".join(EXTENSIONS)
AGENT: Final = "Deskbell"
REASONS: Final[Mapping[int, str]] = {
    100: "Trying",
    180: "Ringing",
    181: "Call Is Being Forwarded",
    182: "Queued",
    183: "Session Progress",
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    407: "Proxy Authentication Required",
    408: "Request Timeout",
    415: "Unsupported Media Type",
    416: "Unsupported URI Scheme",
    420: "Bad Extension",
    422: "Session Interval Too Small",
    423: "Interval Too Brief",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    482: "Loop Detected",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    489: "Bad Event",
    491: "Request Pending",
    500: "Server Internal Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    504: "Server Time-out",
    505: "Version Not Supported",
    600: "Busy Everywhere",
    603: "Decline",
}
_TAG = re.compile(r";\s*tag\s*=\s*([^;,\s>]+)", re.IGNORECASE)
_SINGLE = ("from", "to", "call-id", "cseq")
_REQUIRED = ("via", *_SINGLE)
_FIRST_LINE = re.compile(rb"[!-~]+ [^\s]+ SIP/(\d+\.\d+)\r?\n")
_SCHEMES = {"sip", "sips", "tel"}


def reason_of(code: int) -> str:
    """The words beside a status code."""
    return REASONS.get(code, "Answered" if code < 300 else "Refused")


class BadRequest(Exception):
    """A request that is not as RFC 3261 section 8.1.1 asks; `code` is what to refuse it with."""

    def __init__(self, why: str, *, code: int = 400) -> None:
        super().__init__(why)
        self.code = code


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


def check_form(data: bytes, request: SipRequest) -> None:
    """Whether a request has the form of one, where the parser looked away. Raises BadRequest."""
    found = _FIRST_LINE.match(data.lstrip(b"\r\n"))
    if found is None:
        raise BadRequest("the first line is not METHOD URI SIP/2.0")
    if found.group(1) != b"2.0":
        raise BadRequest("not SIP/2.0", code=505)
    length = request.headers.get_first("content-length")
    if length is not None and (not length.isdecimal() or int(length) > len(request.body)):
        raise BadRequest("the body is shorter than Content-Length says")
    if scheme_of(request.uri) not in _SCHEMES:
        raise BadRequest("the URI's scheme is none of ours", code=416)
    if "?" in request.uri.rpartition("@")[2]:
        raise BadRequest("the URI of a request has no headers")


def is_answerable(request: SipRequest) -> bool:
    """Whether a request that cannot be read says at least whom to tell so."""
    return request.method != "ACK" and all(request.headers.get(name) for name in _REQUIRED)


def facts_of(request: SipRequest) -> Facts:
    """Reads a request. Raises BadRequest, naming what is missing or cannot be read."""
    headers = request.headers
    missing = [name for name in _REQUIRED if not headers.get(name)]
    if missing:
        raise BadRequest(f"no {', '.join(missing)}")
    if any(len(headers.get(name)) > 1 for name in _SINGLE):
        raise BadRequest("a header that stands once stands twice")
    via = parse_via(headers.get("via")[0])
    number, method = (*headers.get("cseq")[0].split(), "", "")[:2]
    if not number.isdecimal() or len(number) > 10 or method != request.method:
        raise BadRequest("CSeq does not fit the request")
    if int(number) >= 2**31:
        raise BadRequest("CSeq is too large")
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
    lines = [f"SIP/2.0 {code} {reason_of(code)}"]
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


def _options(message: SipMessage, *names: str) -> set[str]:
    return {option.lower() for name in names for option in message.headers.get(name)}


def has_option(message: SipMessage, option: str) -> bool:
    """Whether a peer supports, or even requires, an extension of SIP."""
    return option in _options(message, "supported", "require")


def requires(message: SipMessage, option: str) -> bool:
    """Whether a peer requires an extension of SIP."""
    return option in _options(message, "require")


def unsupported_by_us(request: SipRequest) -> list[str]:
    """The extensions that a request requires and we do not have (RFC 3261 section 8.2.2.3)."""
    required = request.headers.get("require")
    return [option for option in required if option.lower() not in EXTENSIONS]


def allows(message: SipMessage, method: str) -> bool:
    """Whether a peer says that it takes a method."""
    return method in {name.upper() for name in message.headers.get("allow")}
