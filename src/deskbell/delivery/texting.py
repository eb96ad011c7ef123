"""Texts by a carrier's REST: one function for each carrier that we send them by.

Sources: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource,
https://developers.telnyx.com/api-reference/messages/send-a-message
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings

from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.errors import Refused, Unreachable
from deskbell.foundation.http import Answer, request

TWILIO: Final = "https://api.twilio.com"
TELNYX: Final = "https://api.telnyx.com"
LONGEST: Final = 1600
_AGAIN: Final = frozenset({408, 425, 429})


def send_text(*, sender: str, to: str, body: str) -> str:
    """Sends a text through the carrier that is set; the carrier's id of it.

    Numbers are in E.164. Raises Refused, in words, where nobody sends texts here or the carrier
    will not; Unreachable where another try may help, NoAnswer where it may have been sent.
    """
    carriers = settings.ENVIRONMENT.carriers
    for name, send in _CARRIERS.items():
        if name in carriers:
            return send(carriers[name], sender, to, body)
    raise Refused(NOBODY)


def can_send() -> bool:
    """Whether a carrier that sends texts is set."""
    return any(name in settings.ENVIRONMENT.carriers for name in _CARRIERS)


NOBODY: Final = "No carrier that sends texts is connected; set DESKBELL_TWILIO or DESKBELL_TELNYX"


def _twilio(keys: CarrierKeys, sender: str, to: str, body: str) -> str:
    pair = base64.b64encode(f"{keys.user}:{keys.password}".encode()).decode()
    answer = request(
        "POST",
        f"{TWILIO}/2010-04-01/Accounts/{keys.user}/Messages.json",
        body=urlencode({"From": sender, "To": to, "Body": body}).encode(),
        headers={
            "Authorization": f"Basic {pair}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    found = _content(answer)
    if answer.status == 201:
        return str(found.get("sid", ""))
    raise Refused(f"Twilio refused the text: {found.get('message') or answer.status}")


def _telnyx(keys: CarrierKeys, sender: str, to: str, body: str) -> str:
    answer = request(
        "POST",
        f"{TELNYX}/v2/messages",
        body=json.dumps({"from": sender, "to": to, "text": body}).encode(),
        headers={
            "Authorization": f"Bearer {keys.password}",
            "Content-Type": "application/json",
        },
    )
    found = _content(answer)
    if answer.status == 200:
        data = found.get("data")
        return str(data.get("id", "")) if isinstance(data, dict) else ""
    faults = found.get("errors")
    first = faults[0] if isinstance(faults, list) and faults else {}
    words = first.get("detail") or first.get("title") if isinstance(first, dict) else ""
    raise Refused(f"Telnyx refused the text: {words or answer.status}")


_CARRIERS: Final[Mapping[str, Callable[[CarrierKeys, str, str, str], str]]] = {
    "twilio": _twilio,
    "telnyx": _telnyx,
}


def _content(answer: Answer) -> dict[str, Any]:
    """The answer's JSON object. Raises Unreachable for one that says to try again."""
    if answer.status in _AGAIN or answer.status >= 500:
        raise Unreachable(f"The carrier answered {answer.status}")
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
