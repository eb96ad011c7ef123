"""What SIP messages carry: descriptions of media, and keys."""

from __future__ import annotations

import re
from typing import Final

from aiosipua import SipMessage, SipRequest

SDP: Final = "application/sdp"
_KINDS: Final = ("application/dtmf-relay", "application/dtmf")
_BOUNDARY = re.compile(r';\s*boundary\s*=\s*("?)([^";]{1,70})\1', re.IGNORECASE)
_PART_KIND = re.compile(r"^(?:content-type|c)\s*:\s*([^\s;]+)", re.IGNORECASE | re.MULTILINE)


def kind_of(message: SipMessage) -> str:
    """The media type of the body in lower case, without parameters."""
    return (message.headers.get_first("content-type") or "").partition(";")[0].strip().lower()


def sdp_of(message: SipMessage) -> str:
    """The SDP a message carries, alone or as a part among others; empty where it has none."""
    if not message.body:
        return ""
    kind = kind_of(message)
    if kind == SDP:
        return message.text
    return _part(message) if kind.startswith("multipart/") else ""


def _part(message: SipMessage) -> str:
    """The first SDP in a multipart body (RFC 5621, RFC 2046 section 5.1)."""
    found = _BOUNDARY.search(message.headers.get_first("content-type") or "")
    if not found:
        return ""
    for part in message.text.split(f"--{found.group(2)}")[1:]:
        head, gap, body = part.replace("\r\n", "\n").partition("\n\n")
        kind = _PART_KIND.search(head)
        if gap and kind and kind.group(1).lower() == SDP:
            return body.strip("\n").replace("\n", "\r\n") + "\r\n"
    return ""


def unread_body(request: SipRequest) -> list[str]:
    """The header lines of a 415 where the body is none that we can read (RFC 3261 8.2.3)."""
    if not request.body:
        return []
    get = request.headers.get_first
    encoding = (get("content-encoding") or get("e") or "identity").strip().lower()
    if encoding != "identity":
        return ["Accept-Encoding: identity"]
    is_optional = "handling=optional" in (get("content-disposition") or "").replace(" ", "").lower()
    if kind_of(request) == SDP or is_optional or sdp_of(request):
        return []
    return [f"Accept: {SDP}"]


def key_of_info(request: SipRequest) -> str | None:
    """The key that an INFO reports: empty for none, None where its body is of no kind we read.

    Two kinds are common and neither is an RFC: `application/dtmf-relay` with `Signal=5`, and
    `application/dtmf` with the key alone.
    """
    if not request.body:
        return ""
    kind, text = kind_of(request), request.text
    if kind not in _KINDS:
        return None
    if kind == "application/dtmf-relay":
        found = re.search(r"signal\s*=\s*(\S+)", text, re.IGNORECASE)
        text = found.group(1) if found else ""
    key = {"10": "*", "11": "#"}.get(text.strip(), text.strip().upper())
    return key if len(key) == 1 and key in "0123456789*#ABCD" else ""
