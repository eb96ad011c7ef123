"""The keys of hosted carriers: one setting each, absent where the carrier is not used.

`signing` checks what the carrier sends us, `user` and `password` open what it keeps for us.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import InvalidInput

_ED25519_BYTES = 32


@dataclass(frozen=True, slots=True)
class CarrierKeys:
    """What one carrier and we know of each other; nothing of it is ever shown."""

    user: str = field(repr=False)
    password: str = field(repr=False)
    signing: str = field(repr=False)


def read_carriers(variables: Mapping[str, str]) -> dict[str, CarrierKeys]:
    """The keys of every carrier whose setting is there, by the carrier's name.

    Raises InvalidInput, naming the setting and never its value.
    """
    found: dict[str, CarrierKeys] = {}
    if twilio := variables.get("DESKBELL_TWILIO"):
        sid, token = _parts(twilio, "DESKBELL_TWILIO", "ACCOUNT-SID:AUTH-TOKEN")
        found["twilio"] = CarrierKeys(sid, token, token)
    if signalwire := variables.get("DESKBELL_SIGNALWIRE"):
        takes = "PROJECT-ID:API-TOKEN:SIGNING-KEY"
        found["signalwire"] = CarrierKeys(*_parts(signalwire, "DESKBELL_SIGNALWIRE", takes))
    if telnyx := variables.get("DESKBELL_TELNYX"):
        key, public = _parts(telnyx, "DESKBELL_TELNYX", "API-KEY:PUBLIC-KEY")
        found["telnyx"] = CarrierKeys("", key, _ed25519(public))
    return found


def _parts(text: str, name: str, takes: str) -> list[str]:
    found = [part.strip() for part in text.split(":")]
    if len(found) != takes.count(":") + 1 or not all(found):
        raise InvalidInput(f"{name} takes {takes}; it has another number of parts")
    return found


def _ed25519(key: str) -> str:
    try:
        length = len(base64.b64decode(key, validate=True))
    except (binascii.Error, ValueError):
        length = 0
    if length != _ED25519_BYTES:
        raise InvalidInput("DESKBELL_TELNYX takes Telnyx's public key in base64 as its second part")
    return key
