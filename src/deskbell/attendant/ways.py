"""Who carries a call: our gateway, a hosted carrier, or somebody's own engine.

The way decides the dialect of the documents and the URLs in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from django.conf import settings

from deskbell.foundation.signing import sign
from deskbell.rcml.dialects import Dialect

from .rules import CallState, GatewayLinks, Links


class Way(StrEnum):
    """`engine` is any RCML or TwiML engine that was given a document of the RCML API."""

    GATEWAY = "gateway"
    TWILIO = "twilio"
    SIGNALWIRE = "signalwire"
    TELNYX = "telnyx"
    ENGINE = "engine"


_DIALECTS: Final = {
    Way.TWILIO: Dialect.TWILIO,
    Way.SIGNALWIRE: Dialect.SIGNALWIRE,
    Way.TELNYX: Dialect.TELNYX,
}


def dialect_of(way: Way) -> Dialect:
    """What the documents of a call are written in."""
    return _DIALECTS.get(way, Dialect.RCML)


def links_of(way: Way, *, account_id: int, number_sid: str = "") -> Links:
    """The URLs in the documents of a call; an engine's name the number that was called."""
    environment = settings.ENVIRONMENT
    if way is Way.GATEWAY:
        return GatewayLinks(environment.web_url, account_id)
    if way is Way.ENGINE:
        return EngineLinks(account_id, number_sid)
    return CarrierLinks(way, account_id)


def sound_url(sha256: str) -> str:
    """Where anybody who knows a prompt's name hears it, as WAV; the name cannot be guessed."""
    return f"{settings.ENVIRONMENT.public_url}/voice/sounds/{sha256}.wav"


@dataclass(frozen=True, slots=True)
class CarrierLinks:
    """Absolute public URLs; the carrier signs its requests to them."""

    carrier: Way
    account_id: int

    def step_url(self, state: CallState, *, is_empty: bool = False) -> str:
        """Where the carrier reports what came of the document."""
        empty = "&Empty=1" if is_empty else ""
        base = f"{settings.ENVIRONMENT.public_url}/voice/{self.carrier}/step"
        return f"{base}?account={self.account_id}&n={state.step}{empty}"

    def sound_url(self, sha256: str) -> str:
        """Where a prompt is heard."""
        return sound_url(sha256)

    def wait_url(self) -> str:
        """What a waiting caller hears; the conferences of Telnyx have another API than ours."""
        if self.carrier is Way.TELNYX:
            return ""
        base = f"{settings.ENVIRONMENT.public_url}/voice/{self.carrier}"
        return f"{base}/desk/wait?account={self.account_id}"

    def recorded_url(self, room: str) -> str:
        """Where the carrier tells that it has a recording; it names account and room."""
        base = f"{settings.ENVIRONMENT.public_url}/voice/{self.carrier}"
        return f"{base}/desk/recorded?account={self.account_id}&room={room}"


@dataclass(frozen=True, slots=True)
class EngineLinks:
    """URLs that work without a sign-in, because each carries our signature.

    They hold all that a call's first step needs, so that a document may be fetched long before
    the call, and by somebody who does not carry it. Source: seed 002, "RCML API", for the names.
    """

    account_id: int
    number_sid: str

    def step_url(self, state: CallState, *, is_empty: bool = False) -> str:
        """Where the engine reports what came of the document."""
        path = state.path or ("",)
        query = {
            "PreviousMenuSid": path[-2] if len(path) > 1 else path[-1],
            "MenuSid": path[-1],
            "Organization": organization_sid(),
            "Account": str(self.account_id),
            "Number": self.number_sid,
            "n": str(state.step),
        } | ({"Empty": "1"} if is_empty else {})
        return signed_url(f"/autoattendant/internal/rcml?{urlencode(query)}")

    def sound_url(self, sha256: str) -> str:
        """Where a prompt is heard."""
        return sound_url(sha256)

    def wait_url(self) -> str:
        """Nothing: nobody can be put through to a call that somebody else's engine has."""
        return ""

    def recorded_url(self, _room: str) -> str:
        """Nothing, for the same reason."""
        return ""


def organization_sid() -> str:
    """The one organisation of this deployment, as RCML's action URLs name it."""
    return "OR" + settings.ENVIRONMENT.secrets.account_sid.removeprefix("AC")


def signed_url(path: str) -> str:
    """The public URL of `path` (with its query), and our signature as its last parameter."""
    environment = settings.ENVIRONMENT
    signature = sign(environment.secrets.voice, environment.public_url + path)
    return f"{environment.public_url}{path}&{urlencode({'Signature': signature})}"
