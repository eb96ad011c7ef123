"""What is refused before there is a call, and why: RFC 3261 section 8.2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiosipua import SipRequest

from .bodies import unread_body
from .dialogs.refreshing import SHORTEST, is_too_short
from .messages import ALLOW, METHODS, SUPPORTED, Facts, unsupported_by_us

Answer = tuple[int, Sequence[str]]
CAN_DO: Final = (f"Allow: {ALLOW}", "Accept: application/sdp", f"Supported: {SUPPORTED}")
_WITHIN_CALLS: Final = {"CANCEL", "BYE", "INFO", "UPDATE", "PRACK", "NOTIFY"}


def refusal_of(request: SipRequest) -> Answer | None:
    """Why an INVITE cannot be a call, whoever sends it: the code and its header lines."""
    if missing := unsupported_by_us(request):
        return 420, [f"Unsupported: {', '.join(missing)}"]
    if unread := unread_body(request):
        return 415, unread
    if is_too_short(request):
        return 422, [f"Min-SE: {SHORTEST}"]
    return (400, ()) if len(request.headers.get("replaces")) > 1 else None


def answer_to_stray(request: SipRequest, facts: Facts, *, is_draining: bool) -> Answer:
    """The answer to a request that belongs to no call."""
    if facts.to_tag or facts.method in _WITHIN_CALLS:
        return 481, ()
    if facts.method != "OPTIONS":
        return 405 if facts.method in METHODS else 501, [f"Allow: {ALLOW}"]
    if missing := unsupported_by_us(request):
        return 420, [f"Unsupported: {', '.join(missing)}"]
    return (503, ["Retry-After: 30"]) if is_draining else (200, CAN_DO)
