"""Telnyx: its own REST, and events as JSON.

Sources: https://developers.telnyx.com/api-reference/messages/send-a-message,
https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks,
https://developers.telnyx.com/docs/messaging/messages/error-codes
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.errors import InvalidInput, Refused, Unreachable

from .carriers import Heard, NotOurs, Report, Text
from .rest import object_in, post, text_in, within

_NOT_OURS: Final = frozenset(
    {
        *("10009", "10010", "20002", "20006", "20012", "20013", "20014", "20015", "20016"),
        *("20017", "20100", "40010", "40013", "40100", "40150", "40151", "40305", "40306"),
        *("40309", "40311", "40312", "40313", "40314", "40315", "40320", "40321", "40329"),
    }
)
_LATER: Final = frozenset({"10011", "40011", "40016", "40018", "40318"})
STOPPED: Final = "40300"
_WORDS: Final = {
    "40001": "the number is a landline, or takes no texts",
    "40002": "the network took it for spam",
    "40003": "the network took it for spam",
    "40004": "the other network refused it",
    "40005": "it could not be delivered in time",
    "40006": "the other network is down",
    "40008": "the other network did not take it",
    "40010": "our number is not registered for texts to the United States",
    "40012": "the number is not a valid one",
    "40014": "it could not be delivered in time",
    "40015": "the carrier took it for spam",
    STOPPED: "the person answered STOP; START from that phone lets texts through again",
    "40310": "the number is not a valid one",
}
_FAILED: Final = frozenset({"sending_failed", "delivery_failed"})
_HEARD: Final = "message.received"
_MAX_ID: Final = 200


@dataclass(frozen=True, slots=True)
class Telnyx:
    """Telnyx's Messaging API."""

    keys: CarrierKeys
    name: str = "telnyx"
    label: str = "Telnyx"
    answers_in_document: bool = False
    is_hosted: bool = True

    def send(self, text: Text) -> str:
        """See `Carrier.send`."""
        content = {"from": text.sender, "to": text.to, "text": text.body}
        if text.status_url:
            content["webhook_url"] = text.status_url
        answer = post(
            f"{self.keys.url}/v2/messages",
            json.dumps(content).encode(),
            {
                "Authorization": f"Bearer {self.keys.password}",
                "Content-Type": "application/json",
            },
            text.key,
        )
        found = object_in(answer.body)
        if answer.status in {200, 201, 202}:
            return text_in(found, "data", "id")
        code = text_in(found, "errors", 0, "code")
        says = text_in(found, "errors", 0, "detail") or text_in(found, "errors", 0, "title")
        words = f"Telnyx refused the text: {says or _WORDS.get(code) or answer.status}"
        if code == STOPPED:
            raise Refused(words)
        if code in _LATER:
            raise Unreachable(words)
        if code in _NOT_OURS or answer.status in {401, 403, 404}:
            raise NotOurs(words)
        raise Refused(words)

    def read_heard(self, body: bytes) -> Heard | None:
        """See `Carrier.read_heard`; an event `message.received`."""
        payload = _payload(body)
        if payload is None or text_in(object_in(body), "data", "event_type") != _HEARD:
            return None
        return Heard(
            provider_id=text_in(payload, "id")[:_MAX_ID],
            theirs=text_in(payload, "from", "phone_number").strip(),
            ours=text_in(payload, "to", 0, "phone_number").strip(),
            text=text_in(payload, "text"),
        )

    def read_report(self, body: bytes) -> Report | None:
        """See `Carrier.read_report`; an event `message.finalized`, others say nothing yet."""
        payload = _payload(body)
        if payload is None or text_in(object_in(body), "data", "event_type") == _HEARD:
            return None
        status = text_in(payload, "to", 0, "status")
        code = text_in(payload, "errors", 0, "code") or text_in(
            payload, "to", 0, "errors", 0, "code"
        )
        found = text_in(payload, "id")[:_MAX_ID]
        if status in _FAILED:
            says = _WORDS.get(code) or text_in(payload, "errors", 0, "title")
            words = f"Telnyx could not deliver it: {says or 'no reason was given'}"
            return Report(found, has_failed=True, words=words, is_stopped=code == STOPPED)
        return Report(found, has_arrived=status == "delivered")


def _payload(body: bytes) -> dict[str, Any] | None:
    """The event's payload. Raises InvalidInput for a body that is no event of a message."""
    payload = within(object_in(body), "data", "payload")
    if not isinstance(payload, dict):
        raise InvalidInput("An event has data with a payload", field="data")
    return payload if text_in(payload, "id") else None
