"""Notifies a service that people have already: Slack, Teams, Telegram, ntfy and their kin.

The library Apprise knows their ways; `wire` is how it reaches them, `services` which they are. An
address holds keys: nobody is shown more of it than the service and its last few characters.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from deskbell.delivery import wording
from deskbell.delivery.transport import (
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
from deskbell.foundation import http
from deskbell.foundation.errors import InvalidInput, Refused, Unreachable

from . import services, wire

log = logging.getLogger(__name__)
_LONGEST: Final = 2000
_LONGEST_TITLE: Final = 150
_SHOWN: Final = 4
_TRY_LATER: Final = frozenset({408, 425, 429})


class AppriseTransport:
    """Notification services."""

    kind = "apprise"
    label = "Notification service"
    has_secret = False
    has_codes = False
    fields = (
        Field(
            "address",
            "Address",
            "As Apprise writes it: slack://…, workflows://…, tgram://…, ntfys://…; or "
            "a webhook's address from Slack, Discord, Teams or Google Chat.",
        ),
    )

    def check_address(self, text: str) -> str:
        """An address that the library can read, of a service that is allowed. Raises InvalidInput.

        A server of one's own must not lead inside; a name that cannot be found now is taken.
        """
        url = text.strip()
        if not url or len(url) > _LONGEST or any(mark.isspace() for mark in url):
            raise InvalidInput(
                "A notification service has one address without spaces, as ntfys://ntfy.sh/topic",
                field="address",
            )
        service, parts = services.read(url)
        if host := services.host_of(service.made(parts)):
            try:
                http.check_public(host)
            except Refused as error:
                raise InvalidInput(_fit_to_tell(error), field="address") from error
        return url

    def send(self, parcel: Parcel) -> Outcome:
        """Sends the parcel as one notification."""
        kind = "failure" if parcel.is_emergency else "warning"
        return _notified(parcel, title=_title(parcel), body=_body(parcel), kind=kind)

    def send_note(self, note: Note) -> Outcome:
        """Sends a note as one notification."""
        return _notified(note, title=note.title, body=note.text, kind="info")

    def recall(self, parcel: Parcel, provider_id: str) -> None:
        """A notification that went out cannot be taken back."""

    def read_reply(self, text: str) -> Reply:  # noqa: ARG002 every transport is given it
        """These services are not answered; the link in the notification is."""
        return Reply(Meaning.NOTHING)

    def shown(self, address: str) -> str:
        """The service and the address's last characters, "Slack, …7FQ2"; loads no library.

        A web address is told by its host.
        """
        parts = urlsplit(address)
        label = services.LABELS.get(parts.scheme) or parts.hostname or self.label
        tail = address.partition("?")[0].rstrip("/").rpartition("/")[2]
        length = min(_SHOWN, len(tail) // 4)
        return f"{label}, …{tail[len(tail) - length :]}"


def _title(parcel: Parcel) -> str:
    start = "EMERGENCY" if parcel.is_emergency else "Message"
    if parcel.bundled:
        start = f"{len(parcel.bundled) + 1} messages"
    words = f"{start} for {parcel.account_name} from {wording.caller_of(parcel)}"
    return wording.one_line(words, _LONGEST_TITLE)


def _body(parcel: Parcel) -> str:
    lines = [parcel.content.replace("\x00", " ").strip(), ""]
    lines += [f"{name}: {wording.one_line(value, 300)}" for name, value in wording.facts_of(parcel)]
    if length := wording.length(parcel.recording_seconds):
        lines.append(f"Recording ({length}): {parcel.message_url}")
    taken = wording.already_taken(parcel)
    lines += ["", taken or f"Acknowledge: {parcel.acknowledge_url}"]
    for brief in parcel.bundled:
        who = wording.one_line(brief.caller_name or brief.caller_number or "unknown", 100)
        lines += ["", f"Also from {who}: {brief.content}", f"Acknowledge: {brief.acknowledge_url}"]
    return "\n".join(lines).strip()


def _notified(what: Parcel | Note, *, title: str, body: str, kind: str) -> Outcome:
    """What the service makes of a notification."""
    try:
        service, parts = services.read(what.address)
        made = service.made(parts)
    except InvalidInput as error:
        return lasting_failure(str(error))
    with wire.exchange(what.idempotency_key) as told:
        try:
            was_taken = bool(
                made.notify(title=title, body=body, notify_type=kind, body_format="text")
            )
        except Exception as error:  # noqa: BLE001 each service is code of its own
            # Its words may hold the address.
            log.warning("The service %s raised %s", service.label, type(error).__name__)
            was_taken = False
    return _judged(service.label, was_taken, told.outcomes)


def _judged(
    label: str, was_taken: bool, outcomes: Sequence[http.Answer | Refused | Unreachable]
) -> Outcome:
    last = outcomes[-1] if outcomes else None
    if was_taken:
        status = f": it answered {last.status}" if isinstance(last, http.Answer) else ""
        return delivered(f"{label} took it{status}")
    if last is None:
        return lasting_failure(f"{label} cannot be notified: its address is not complete")
    if isinstance(last, http.NoAnswer):
        return passing_failure(f"{label} gave no whole answer", may_have_arrived=True)
    if isinstance(last, Unreachable):
        return passing_failure(f"{label} cannot be reached", may_have_arrived=_some_took(outcomes))
    if isinstance(last, Refused):
        return lasting_failure(f"{label} must not be called there: {_fit_to_tell(last)}")
    return _judged_answer(label, last, may_have_arrived=_some_took(outcomes[:-1]))


def _fit_to_tell(error: Refused) -> str:
    """Its words, unless they quote the address."""
    words = str(error)
    return "it is not a web address" if "://" in words else words


def _judged_answer(label: str, answer: http.Answer, *, may_have_arrived: bool) -> Outcome:
    words = f"{label} answered {answer.status}"
    if answer.status in _TRY_LATER or answer.status >= 500:
        return passing_failure(words, may_have_arrived=may_have_arrived)
    if 300 <= answer.status < 400:
        return lasting_failure(f"{words} and leads elsewhere; give the final address")
    if answer.status < 300:
        return lasting_failure(f"{label} did not take it, though it answered {answer.status}")
    return lasting_failure(words)


def _some_took(outcomes: Sequence[http.Answer | Refused | Unreachable]) -> bool:
    return any(isinstance(each, http.Answer) and each.status < 300 for each in outcomes)
