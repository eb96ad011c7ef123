"""Twilio, and whoever speaks its REST: SignalWire's spaces, a machine of the operator's own.

Sources: https://www.twilio.com/docs/messaging/api/message-resource,
https://www.twilio.com/docs/messaging/guides/webhook-request,
https://www.twilio.com/docs/api/errors,
https://developer.signalwire.com/rest/compatibility-api/overview
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.errors import InvalidInput, Refused, Unreachable

from .carriers import Heard, NotOurs, Report, Text
from .rest import object_in, post, text_in

# What the operator can mend: keys and account, the sender, permissions, registration.
_NOT_OURS: Final = frozenset(
    {
        *("20003", "20404", "21212", "21408", "21601", "21603", "21606", "21607", "21608"),
        *("21609", "21659", "21660", "21661", "21662", "21663", "30002", "30032", "30034"),
    }
)
_LATER: Final = frozenset({"14107", "20429", "21611", "21730", "30001"})  # queues that are full
STOPPED: Final = "21610"
_WORDS: Final = {
    "21211": "the number is not a valid one",
    "21408": "texts to that country are not switched on at the carrier",
    STOPPED: "the person answered STOP; START from that phone lets texts through again",
    "21612": "there is no way from our number to theirs",
    "21614": "the number is not a mobile phone's",
    "21635": "the number is a landline",
    "30001": "the carrier's queue is full",
    "30002": "the account at the carrier is suspended",
    "30003": "the phone is switched off or out of reach",
    "30004": "the text was blocked by the phone or its network",
    "30005": "the number is unknown or no longer in service",
    "30006": "the number is a landline, or its network takes no texts",
    "30007": "the network took it for spam",
    "30008": "the network did not say why",
    "30032": "our toll-free number is not verified for texts",
    "30034": "our number is not registered for texts to the United States",
}
_FAILED: Final = frozenset({"undelivered", "failed", "canceled"})
_MAX_ID: Final = 200


@dataclass(frozen=True, slots=True)
class Twilio:
    """A carrier of Twilio's family. `is_hosted` is false for a machine of the operator's own."""

    name: str
    label: str
    keys: CarrierKeys
    is_hosted: bool = True
    answers_in_document: bool = True

    def send(self, text: Text) -> str:
        """See `Carrier.send`."""
        pair = base64.b64encode(f"{self.keys.user}:{self.keys.password}".encode()).decode()
        fields = {"From": text.sender, "To": text.to, "Body": text.body}
        if text.status_url:
            fields["StatusCallback"] = text.status_url
        answer = post(
            f"{self.keys.url}/2010-04-01/Accounts/{quote(self.keys.user, safe='')}/Messages.json",
            urlencode(fields).encode(),
            {
                "Authorization": f"Basic {pair}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            text.key,
        )
        found = object_in(answer.body)
        if answer.status in {200, 201}:
            return text_in(found, "sid")
        code, says = text_in(found, "code"), text_in(found, "message")
        words = f"{self.label} refused the text: {says or _WORDS.get(code) or answer.status}"
        if code in _LATER:
            raise Unreachable(words)
        if code in _NOT_OURS or answer.status in {401, 403, 404}:
            raise NotOurs(words)
        raise Refused(words)

    def read_heard(self, body: bytes) -> Heard | None:
        """See `Carrier.read_heard`; the fields MessageSid, From, To and Body."""
        form = _form(body)
        found = Heard(
            provider_id=_id_of(form),
            theirs=form.get("From", "").strip(),
            ours=form.get("To", "").strip(),
            text=form.get("Body", ""),
        )
        if not (found.provider_id and found.theirs and found.ours):
            raise InvalidInput("A text has a MessageSid, From and To", field="MessageSid")
        return found

    def read_report(self, body: bytes) -> Report | None:
        """See `Carrier.read_report`; the fields MessageSid, MessageStatus and ErrorCode."""
        form = _form(body)
        sid = _id_of(form)
        status = form.get("MessageStatus") or form.get("SmsStatus") or ""
        if not sid:
            raise InvalidInput("A report has a MessageSid", field="MessageSid")
        code = form.get("ErrorCode", "").strip()
        if status in _FAILED:
            why = _WORDS.get(code) or (f"error {code[:12]}" if code else "no reason was given")
            words = f"{self.label} could not deliver it: {why}"
            return Report(sid, has_failed=True, words=words, is_stopped=code == STOPPED)
        return Report(sid, has_arrived=status in {"delivered", "read"})


def _form(body: bytes) -> dict[str, str]:
    """The fields of a form, each once. Raises InvalidInput for what is none."""
    try:
        found = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise InvalidInput("The body is not a form") from error
    return {name: value.replace("\x00", "") for name, value in found}


def _id_of(form: Mapping[str, str]) -> str:
    return (form.get("MessageSid") or form.get("SmsSid") or "").strip()[:_MAX_ID]
