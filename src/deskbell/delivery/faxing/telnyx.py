"""Telnyx's Programmable Fax: the PDF is uploaded, then faxed by its name there.

Nothing of ours needs to be reachable for the document; only reports come to us. Sources:
https://developers.telnyx.com/docs/programmable-fax/send-a-fax-api,
https://developers.telnyx.com/docs/media/media-api/quickstart,
https://developers.telnyx.com/docs/programmable-fax/receiving-webhooks
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx

from deskbell.delivery.texting.rest import object_in, post, text_in, within
from deskbell.delivery.transport import (
    Outcome,
    delivered,
    lasting_failure,
    passing_failure,
    unanswered,
    under_way,
)
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.errors import InvalidInput, Refused, Unreachable
from deskbell.foundation.http import NoAnswer

from .providers import Fax

REPORTED_WITHIN: Final = timedelta(minutes=30)  # ten pages at the slowest speed, and the queue
_KEPT_SECONDS: Final = 86_400
_BUSY_WAIT: Final = timedelta(minutes=1)
_LASTING: Final = {
    "destination_invalid": "the number is not a valid one",
    "receiver_invalid_number_format": "the number is not a valid one",
    "receiver_unallocated_number": "nobody has that number",
    "receiver_incompatible_destination": "no fax machine answers there",
    "receiver_decline": "the other side refused it",
    "unverified_destination_not_allowed": "Telnyx wants the number verified first",
    "destination_not_in_countries_whitelist": "Telnyx may not call that country",
    "destination_not_in_service_plan": "Telnyx may not call that country",
    "file_format_invalid": "Telnyx could not read the document",
    "file_size_limit_exceeded": "the document is too large",
    "page_count_limit_exceeded": "the document has too many pages",
}
_NOBODY: Final = {
    "receiver_no_answer": "nobody answered",
    "receiver_no_response": "no fax machine answered",
    "fax_initial_communication_timeout": "no fax machine answered",
}


@dataclass(frozen=True, slots=True)
class Telnyx:
    """A fax application at Telnyx, by its id."""

    keys: CarrierKeys
    application: str
    public_url: str
    label: str = "Telnyx"

    def send(self, fax: Fax) -> Outcome:
        """Uploads the document and has it faxed; see `Provider.send`."""
        name = self._uploaded(fax)
        content = {
            "connection_id": self.application,
            "to": fax.to,
            "from": fax.sender,
            "media_name": name,
            "client_state": base64.b64encode(fax.state.encode()).decode(),
            "webhook_url": f"{self.public_url}/faxes/telnyx/status",
        }
        found = self._asked("faxes", json.dumps(content).encode(), "application/json", fax.key)
        return under_way(
            "Telnyx took it",
            provider_id=text_in(found, "data", "id"),
            within=REPORTED_WITHIN,
            sender=fax.sender,
        )

    def _uploaded(self, fax: Fax) -> str:
        """The document's name at Telnyx; the same key again replaces it."""
        form = httpx.Request(
            "POST",
            self.keys.url,
            data={"media_name": f"{fax.key}.pdf", "ttl_secs": str(_KEPT_SECONDS)},
            files={"media": (f"{fax.key}.pdf", fax.pdf, "application/pdf")},
        )
        try:
            found = self._asked("media", form.read(), form.headers["Content-Type"], fax.key)
        except NoAnswer as error:  # it may have been uploaded, and certainly was not faxed
            raise Unreachable(str(error)) from error
        return text_in(found, "data", "media_name") or f"{fax.key}.pdf"

    def _asked(self, what: str, body: bytes, kind: str, key: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.keys.password}", "Content-Type": kind}
        answer = post(f"{self.keys.url}/v2/{what}", body, headers, key)
        found = object_in(answer.body)
        if 200 <= answer.status < 300:
            return found
        says = text_in(found, "errors", 0, "detail") or text_in(found, "errors", 0, "title")
        words = f"Telnyx refused the fax: {says or answer.status}"
        if answer.status in {401, 403}:  # the operator can mend it
            raise Unreachable(words)
        raise Refused(words)


@dataclass(frozen=True, slots=True)
class Report:
    """What Telnyx says became of a fax; `outcome` is None where it is still on its way."""

    state: str
    provider_id: str
    outcome: Outcome | None


def read_report(body: bytes) -> Report:
    """An event of Telnyx's about a fax. Raises InvalidInput for what is none."""
    payload = within(object_in(body), "data", "payload")
    if not isinstance(payload, dict) or not text_in(payload, "fax_id"):
        raise InvalidInput("An event of a fax has data with a payload and its fax_id", field="data")
    provider_id = text_in(payload, "fax_id")
    return Report(_state(payload), provider_id, _outcome(payload, provider_id))


def _state(payload: Mapping[str, Any]) -> str:
    try:
        return base64.b64decode(text_in(payload, "client_state"), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _outcome(payload: Mapping[str, Any], provider_id: str) -> Outcome | None:
    status = text_in(payload, "status")
    if status == "delivered":
        pages = text_in(payload, "page_count")
        words = f"The other machine took {pages} pages" if pages else "The other machine took it"
        return delivered(words, provider_id=provider_id)
    if status != "failed":
        return None
    why = text_in(payload, "failure_reason")
    if why in _LASTING:
        return lasting_failure(f"Telnyx could not fax it: {_LASTING[why]}", provider_id=provider_id)
    if why in _NOBODY:
        return unanswered(f"Telnyx could not fax it: {_NOBODY[why]}", provider_id=provider_id)
    if why == "user_busy":
        return passing_failure("The line is busy", retry_after=_BUSY_WAIT)
    return passing_failure(f"Telnyx could not fax it: {why.replace('_', ' ') or 'no reason given'}")
