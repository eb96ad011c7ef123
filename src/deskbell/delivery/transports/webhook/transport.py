"""Posts a message as signed JSON to a URL of the customer's own.

The payload and the answers that count are documented in this folder's README.md.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from deskbell.delivery.transport import (
    Brief,
    Field,
    Meaning,
    Note,
    Outcome,
    Parcel,
    Reply,
    delivered,
    lasting_failure,
    passing_failure,
)
from deskbell.delivery.wording import one_line
from deskbell.foundation import http
from deskbell.foundation.errors import InvalidInput, Refused, Unreachable

from .signature import HEADER, sign

_TRY_LATER = {408, 425, 429}
_MAX_BY = 100
_MAX_QUOTE = 200


class WebhookTransport:
    """The signed webhook."""

    kind = "webhook"
    label = "External API"
    has_secret = True
    has_codes = False
    fields = (
        Field("address", "URL", "We post each message here as signed JSON.", "url"),
        Field("secret", "Secret", "Made by us; checks that a request is ours.", "secret"),
    )

    def check_address(self, text: str) -> str:
        """A web address without name, password or fragment that does not lead inside.

        A name that cannot be found now is taken: it may come to be. Raises InvalidInput.
        """
        url = text.strip()
        try:
            parts = urlsplit(url)
            is_web = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            is_web = False
        if not is_web or len(url) > 2000:
            raise InvalidInput(
                "A webhook needs a web address, as https://example.com/hook", field="address"
            )
        if parts.username or parts.password or parts.fragment:
            raise InvalidInput(
                "Leave name, password and # out of the address: the signature says who sends",
                field="address",
            )
        try:
            http.check_public(url)
        except Refused as error:
            raise InvalidInput(str(error), field="address") from error
        return url

    def send(self, parcel: Parcel) -> Outcome:
        """Posts the parcel; 2xx is delivered, and may acknowledge in the same answer."""
        return self._post(parcel, payload(parcel))

    def send_note(self, note: Note) -> Outcome:
        """Posts a note in the same way; what the answer says counts for nothing."""
        return self._post(note, note_payload(note))

    def recall(self, parcel: Parcel, provider_id: str) -> None:
        """What was posted cannot be taken back."""

    def _post(self, what: Parcel | Note, body: bytes) -> Outcome:
        try:
            answer = http.request(
                "POST",
                what.address,
                body=body,
                headers={
                    "Content-Type": "application/json",
                    "User-Agent": "Deskbell/1",
                    "Idempotency-Key": what.idempotency_key,
                    HEADER: sign(what.secret, body, what.sent_at),
                },
            )
        except http.NoAnswer as error:
            return passing_failure(str(error), may_have_arrived=True)
        except Unreachable as error:
            return passing_failure(str(error))
        except Refused as error:
            return lasting_failure(str(error))
        return self._read(answer, what.sent_at)

    def shown(self, address: str) -> str:
        """The address without its query, which may hold a key."""
        return address.partition("?")[0]

    def _read(self, answer: http.Answer, sent_at: datetime) -> Outcome:
        text = answer.body.decode("utf-8", "replace")
        words = f"It answered {answer.status}"
        if 200 <= answer.status < 300:
            reply = self.read_reply(text)
            return delivered(
                words,
                provider_id=one_line(answer.headers.get("x-request-id", ""), 200),
                acknowledged=reply.meaning == Meaning.ACKNOWLEDGE,
                by=reply.by,
            )
        if quoted := one_line(text, _MAX_QUOTE):
            words += f": {quoted}"
        if answer.status in _TRY_LATER or answer.status >= 500:
            wait = retry_after(answer.headers.get("retry-after", ""), sent_at)
            return passing_failure(words, retry_after=wait)
        if 300 <= answer.status < 400:
            words = f"It answered {answer.status} and leads elsewhere; give the final address"
        return lasting_failure(words)

    def read_reply(self, text: str) -> Reply:
        """`{"acknowledged": true, "by": "…"}` acknowledges; anything else means nothing."""
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            return Reply(Meaning.NOTHING)
        if not isinstance(said, dict) or said.get("acknowledged") is not True:
            return Reply(Meaning.NOTHING)
        by = said.get("by")
        return Reply(Meaning.ACKNOWLEDGE, by=one_line(by, _MAX_BY) if isinstance(by, str) else "")


def payload(parcel: Parcel) -> bytes:
    """The JSON that is posted: the same bytes in every try of a delivery."""
    content = {
        "type": "message.delivery",
        "id": parcel.idempotency_key,
        "account": {"number": parcel.account_number, "name": parcel.account_name},
        "message": {
            "id": parcel.message_id,
            "uuid": parcel.message_uuid,
            "taken_at": parcel.taken_at.isoformat(),
            "caller_name": parcel.caller_name,
            "caller_number": parcel.caller_number,
            "called_number": parcel.called_number,
            "company_name": parcel.company_name,
            "content": parcel.content,
            "answers": dict(parcel.answers),
            "is_emergency": parcel.is_emergency,
            "recording_seconds": parcel.recording_seconds,
            "url": parcel.message_url,
        },
        "contact": {"name": parcel.contact_name},
        "level": {"name": parcel.level_name, "attempt": parcel.attempt},
        "forwarded": _forwarded(parcel),
        "acknowledge_url": parcel.acknowledge_url,
        "bundled": [_brief(brief) for brief in parcel.bundled],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _forwarded(parcel: Parcel) -> dict[str, str] | None:
    """Who had it sent outside escalation, their words, and who has acknowledged it already."""
    if not parcel.forwarded_by:
        return None
    return {
        "by": parcel.forwarded_by,
        "words": parcel.words,
        "acknowledged_by": parcel.acknowledged_by,
    }


def _brief(brief: Brief) -> dict[str, object]:
    return {
        "id": brief.message_id,
        "taken_at": brief.taken_at.isoformat(),
        "caller_name": brief.caller_name,
        "caller_number": brief.caller_number,
        "content": brief.content,
        "is_emergency": brief.is_emergency,
        "acknowledge_url": brief.acknowledge_url,
    }


def note_payload(note: Note) -> bytes:
    """The JSON of a note: the same bytes in every try."""
    content = {
        "type": "note",
        "id": note.idempotency_key,
        "account": {"name": note.account_name},
        "title": note.title,
        "text": note.text,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def retry_after(text: str, at: datetime) -> timedelta | None:
    """The wait that a Retry-After header asks for: seconds or a date (RFC 9110, 10.2.3)."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 10**6))
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max((when if when.tzinfo else when.replace(tzinfo=UTC)) - at, timedelta(0))
