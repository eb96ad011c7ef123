"""The keys of hosted carriers: one setting each, absent where the carrier is not used.

`signing` checks what the carrier sends us, `user` and `password` open what it keeps for us, `url`
is what its REST begins with.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from .errors import InvalidInput

TWILIO: Final = "https://api.twilio.com"
TELNYX: Final = "https://api.telnyx.com"
_ED25519_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class CarrierKeys:
    """What one carrier and we know of each other; nothing of it is ever shown."""

    user: str = field(repr=False)
    password: str = field(repr=False)
    signing: str = field(repr=False)
    url: str = ""


def read_carriers(variables: Mapping[str, str]) -> dict[str, CarrierKeys]:
    """The keys of every carrier whose setting is there, by the carrier's name.

    Raises InvalidInput, naming the setting and never its value.
    """
    found: dict[str, CarrierKeys] = {}
    if twilio := variables.get("DESKBELL_TWILIO"):
        sid, token = _parts(twilio, "DESKBELL_TWILIO", "ACCOUNT-SID:AUTH-TOKEN")
        found["twilio"] = CarrierKeys(sid, token, token, TWILIO)
    if signalwire := variables.get("DESKBELL_SIGNALWIRE"):
        takes = "PROJECT-ID:API-TOKEN:SIGNING-KEY"
        project, token, signing = _parts(signalwire, "DESKBELL_SIGNALWIRE", takes)
        space = _web_address(variables.get("DESKBELL_SIGNALWIRE_URL") or "")
        found["signalwire"] = CarrierKeys(project, token, signing, space)
    if telnyx := variables.get("DESKBELL_TELNYX"):
        key, public = _parts(telnyx, "DESKBELL_TELNYX", "API-KEY:PUBLIC-KEY")
        found["telnyx"] = CarrierKeys("", key, _ed25519(public), TELNYX)
    return found


def read_text_server(variables: Mapping[str, str]) -> CarrierKeys | None:
    """The machine of the operator's own that sends texts, as `DESKBELL_TEXTS` names it, if any.

    It speaks Twilio's Messages resource; the password opens it and signs what it sends us. Raises
    InvalidInput without the setting's value.
    """
    text = variables.get("DESKBELL_TEXTS") or ""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        host = parts.netloc.rpartition("@")[2] if parts.hostname and parts.port != 0 else ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in {"http", "https"} or not (host and parts.username and parts.password):
        raise InvalidInput(
            "DESKBELL_TEXTS takes a web address with name and password, as "
            "https://NAME:PASSWORD@texts.example.net"
        )
    password = unquote(parts.password)
    url = f"{parts.scheme}://{host}{parts.path.rstrip('/')}"
    return CarrierKeys(unquote(parts.username), password, password, url)


def _web_address(text: str) -> str:
    if text and not text.startswith("https://"):
        raise InvalidInput(
            "DESKBELL_SIGNALWIRE_URL takes your space's address, as "
            f"https://example.signalwire.com/api/laml; not {text!r}"
        )
    return text.rstrip("/")


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
