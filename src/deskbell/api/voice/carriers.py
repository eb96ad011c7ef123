"""Hosted carriers: whether a request is theirs, and what opens the recordings they keep.

A carrier's calls meet the same attendant as our gateway's; only signatures, sids and URLs differ.
A new carrier is one class here, its keys in `foundation.carriers` and its dialect in `rcml`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.http import HttpRequest

from deskbell.attendant.ways import Way
from deskbell.foundation import clock
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.errors import NotAllowed, NotFound
from deskbell.foundation.sids import is_sid
from deskbell.foundation.signing import is_signed

REPLAY_AFTER: Final = timedelta(minutes=5)


class Check(Protocol):
    """Says whether a request was signed by the carrier that holds the keys."""

    def __call__(self, request: HttpRequest, keys: CarrierKeys) -> bool: ...


def by_hmac(*headers: str) -> Check:
    """Twilio's scheme: HMAC-SHA1 over the URL and the form, under one of `headers`."""

    def is_genuine(request: HttpRequest, keys: CarrierKeys) -> bool:
        fields = request.POST.dict() if request.method == "POST" else {}
        url = settings.ENVIRONMENT.public_url + request.get_full_path()
        given = [request.headers[name] for name in headers if name in request.headers]
        return any(is_signed(keys.signing, url, signature, fields) for signature in given)

    return is_genuine


def _ed25519(request: HttpRequest, keys: CarrierKeys) -> bool:
    """Telnyx's scheme: Ed25519 over `timestamp|body`; older than five minutes is a replay."""
    stamp = request.headers.get("telnyx-timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    if abs(clock.now().timestamp() - int(stamp)) > REPLAY_AFTER.total_seconds():
        return False
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys.signing))
    try:
        signature = base64.b64decode(request.headers.get("telnyx-signature-ed25519", ""))
        key.verify(signature, stamp.encode() + b"|" + request.body)
    except (ValueError, InvalidSignature):
        return False
    return True


# Sources: https://www.twilio.com/docs/usage/security,
# https://developer.signalwire.com/guides/webhook-security,
# https://developers.telnyx.com/docs/development/sdk/python/webhooks
CHECKS: Final[Mapping[Way, Check]] = {
    Way.TWILIO: by_hmac("X-Twilio-Signature"),
    Way.SIGNALWIRE: by_hmac("X-SignalWire-Signature", "X-Twilio-Signature"),
    Way.TELNYX: _ed25519,
}


def carrier_named(name: str) -> Way:
    """The carrier of a URL. Raises NotFound for one that is unknown or has no keys here."""
    if name not in CHECKS or name not in settings.ENVIRONMENT.carriers:
        raise NotFound(f"No carrier {name[:32]!r} is connected here")
    return Way(name)


def check_genuine(request: HttpRequest, carrier: Way) -> None:
    """Raises NotAllowed for a request that the carrier did not sign."""
    if not CHECKS[carrier](request, settings.ENVIRONMENT.carriers[carrier]):
        raise NotAllowed(f"The request is not signed by {carrier}, or not for this URL")


def sid_of(prefix: str, theirs: str, carrier: Way) -> str:
    """A carrier's own id as a sid of ours: as it is where it is one, else made from it."""
    return theirs if is_sid(theirs, prefix) else made_sid(prefix, carrier, theirs)


def made_sid(prefix: str, whose: str, theirs: str) -> str:
    """A sid of ours for an id of somebody else's, always the same; `whose` keeps two apart."""
    return prefix + hashlib.sha256(f"{whose}:{theirs}".encode()).hexdigest()[:32]
