"""Making, changing and ending calls and who is in a conference, wherever they are.

The requests are Twilio's; where a carrier has other words for the same, they are put right here.
Sources: https://www.twilio.com/docs/voice/api/call-resource,
https://www.twilio.com/docs/voice/api/conference-participant-resource
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from deskbell.foundation.errors import (
    Conflict,
    DeskbellError,
    InvalidInput,
    NotAllowed,
    NotFound,
    Refused,
    Unreachable,
)
from deskbell.foundation.http import Answer

from .addresses import CallsAddress, Fields

NOT_IN_PROGRESS: Final = 21220
MAY_NOT: Final = frozenset({21215, 21216, 21219})  # may not be called, by country or by account
_TOO_MANY: Final = 429
_AGAIN: Final = frozenset({408, 425})


class LimitReached(Unreachable):
    """The other side makes no more calls at once now, for this account or for anybody."""


@dataclass(frozen=True, slots=True)
class NewCall:
    """A call to make. What it hears stands at `url`, or is `document`. Times are in seconds, 0 and
    empty are the other side's own.

    `events` are `initiated`, `ringing`, `answered`, `completed`. `token` makes repeated orders one.
    After `machine_silence` ms without a word, whoever answered is taken for a person. A call to one
    of our own people (`is_staff`) counts on the deployment's limits; only our gateways know that.
    """

    to: str
    caller: str
    url: str = ""
    document: str = ""
    status_callback: str = ""
    events: Sequence[str] = ()
    fallback_url: str = ""
    timeout: int = 0
    time_limit: int = 0
    send_digits: str = ""
    machine_detection: str = ""
    machine_detection_timeout: int = 0
    machine_silence: int = 0
    is_recorded: bool = False
    recording_callback: str = ""
    is_staff: bool = False
    token: str = ""

    def fields(self) -> Fields:
        """As Twilio's form has them."""
        named = {
            "To": self.to,
            "From": self.caller,
            "Url": self.url,
            "Twiml": self.document,
            "StatusCallback": self.status_callback,
            "FallbackUrl": self.fallback_url,
            "Timeout": str(self.timeout or ""),
            "TimeLimit": str(self.time_limit or ""),
            "SendDigits": self.send_digits,
            "MachineDetection": self.machine_detection,
            "MachineDetectionTimeout": str(self.machine_detection_timeout or ""),
            "MachineDetectionSilenceTimeout": str(self.machine_silence or ""),
            "Record": "true" if self.is_recorded else "",
            "RecordingStatusCallback": self.recording_callback,
            "Staff": "true" if self.is_staff else "",
        }
        events = [("StatusCallbackEvent", event) for event in self.events]
        return [pair for pair in named.items() if pair[1]] + events


@dataclass(frozen=True, slots=True)
class NewParticipant:
    """Somebody to call into a conference.

    `url` is what they hear before they join, once its document is through: whoever hangs up there
    never joins. `is_staff` as for a call, `is_recorded` keeps what the conference says from its
    beginning, told at `recording_callback`. Only our gateways know `url` and `is_staff`.
    """

    to: str
    caller: str
    is_muted: bool = False
    ends_conference: bool = False
    starts_conference: bool = True
    beeps: bool = True
    url: str = ""
    is_staff: bool = False
    is_recorded: bool = False
    recording_callback: str = ""
    label: str = ""
    status_callback: str = ""
    events: Sequence[str] = ()
    timeout: int = 0
    time_limit: int = 0
    token: str = ""

    def fields(self) -> Fields:
        """As Twilio's form has them."""
        named = {
            "To": self.to,
            "From": self.caller,
            "Muted": _flag(self.is_muted),
            "EndConferenceOnExit": _flag(self.ends_conference),
            "StartConferenceOnEnter": _flag(self.starts_conference),
            "Beep": _flag(self.beeps),
            "Url": self.url,
            "Staff": "true" if self.is_staff else "",
            "ConferenceRecord": "record-from-start" if self.is_recorded else "",
            "ConferenceRecordingStatusCallback": self.recording_callback,
            "Label": self.label,
            "StatusCallback": self.status_callback,
            "Timeout": str(self.timeout or ""),
            "TimeLimit": str(self.time_limit or ""),
        }
        events = [("StatusCallbackEvent", event) for event in self.events]
        return [pair for pair in named.items() if pair[1]] + events


@dataclass(frozen=True, slots=True)
class RemoteCall:
    """A call as the other side tells of it; `seconds` are those of the conversation."""

    sid: str
    status: str
    direction: str = ""
    caller: str = ""
    called: str = ""
    answered_by: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class RemoteParticipant:
    """Who is in a conference, by the sid of its call."""

    call_sid: str
    is_muted: bool
    is_held: bool
    status: str = ""
    label: str = ""


class Calls:
    """The calls of one account at one address.

    Every method raises Unreachable where another try may help (NoAnswer where the order may have
    been carried out, LimitReached where there are too many calls now), and NotFound, Conflict (the
    call is over), NotAllowed (the number may not be called) or Refused where it does not, with the
    other side's own words.
    """

    def __init__(self, address: CallsAddress, *, timeout: float = 0.0) -> None:
        self._address, self._timeout = address, timeout

    def create(self, order: NewCall) -> RemoteCall:
        """Makes a call; it is under way when this returns."""
        return _call(self._post("Calls", order.fields(), token=order.token))

    def get(self, sid: str) -> RemoteCall:
        """How a call is."""
        return _call(self._ask("GET", f"Calls/{sid}"))

    def redirect(self, sid: str, *, url: str = "", document: str = "") -> RemoteCall:
        """Sends a call to another document."""
        fields = [("Url", url), ("Method", "POST")] if url else [("Twiml", document)]
        return _call(self._post(f"Calls/{sid}", fields))

    def end(self, sid: str) -> RemoteCall:
        """Ends a call, at whatever stage it is."""
        return _call(self._post(f"Calls/{sid}", [("Status", "completed")]))

    def cancel(self, sid: str) -> RemoteCall:
        """Ends a call that nobody has answered; one that is answered goes on."""
        return _call(self._post(f"Calls/{sid}", [("Status", "canceled")]))

    # Conferences

    def participants(self, conference: str) -> list[RemoteParticipant]:
        """Who is in the conference of that name or sid."""
        found = self._ask("GET", f"Conferences/{_part(conference)}/Participants")
        return [_participant(each) for each in found.get("participants", ())]

    def add(self, conference: str, order: NewParticipant) -> RemoteParticipant:
        """Calls somebody into a conference, which begins with them where it was none."""
        path = f"Conferences/{_part(conference)}/Participants"
        return _participant(self._post(path, order.fields(), token=order.token))

    def change(
        self,
        conference: str,
        call_sid: str,
        *,
        is_muted: bool | None = None,
        is_held: bool | None = None,
        hold_url: str = "",
        ends_conference: bool | None = None,
    ) -> RemoteParticipant:
        """Mutes or holds a participant, or ends that; what is None stays as it is.

        Who is held hears the document at `hold_url`, else music. With `ends_conference` the
        conference is over once this participant leaves.
        """
        fields = [("HoldUrl", hold_url)] if hold_url else []
        if is_muted is not None:
            fields.append(("Muted", _flag(is_muted)))
        if is_held is not None:
            fields.append(("Hold", _flag(is_held)))
        if ends_conference is not None:
            fields.append(("EndConferenceOnExit", _flag(ends_conference)))
        path = f"Conferences/{_part(conference)}/Participants/{call_sid}"
        return _participant(self._post(path, fields))

    def remove(self, conference: str, call_sid: str) -> None:
        """Takes a participant out of a conference, and ends its call."""
        self._ask("DELETE", f"Conferences/{_part(conference)}/Participants/{call_sid}")

    def end_conference(self, conference: str) -> None:
        """Ends a conference for everybody in it."""
        self._post(f"Conferences/{_part(conference)}", [("Status", "completed")])

    # Inside

    def _post(self, path: str, fields: Fields, *, token: str = "") -> dict[str, Any]:
        return self._ask("POST", path, _in_words_of(self._address, path, fields), token=token)

    def _ask(
        self, method: str, path: str, fields: Fields = (), *, token: str = ""
    ) -> dict[str, Any]:
        answer = self._address.ask(method, path, fields, token=token, timeout=self._timeout)
        if answer.status == 204:
            return {}
        found = _content(answer)
        if 200 <= answer.status < 300:
            return found
        raise _error_of(answer.status, found)


def _in_words_of(address: CallsAddress, path: str, fields: Fields) -> Fields:
    """Telnyx calls a document that comes along Texml, and wants to know its application."""
    if address.kind != "telnyx":
        return fields
    renamed = [("Texml" if name == "Twiml" else name, value) for name, value in fields]
    return [*renamed, ("ApplicationSid", address.application)] if path == "Calls" else renamed


def _content(answer: Answer) -> dict[str, Any]:
    """The answer's JSON object. Raises Unreachable for one that says to try again."""
    if answer.status == _TOO_MANY:
        raise LimitReached(f"Calls cannot be made or changed now: {_words(answer)}")
    if answer.status in _AGAIN or answer.status >= 500:
        raise Unreachable(f"Calls cannot be made or changed now: {_words(answer)}")
    try:
        found = json.loads(answer.body)
    except ValueError as error:
        raise Refused(f"The answer {answer.status} is no JSON") from error
    return found if isinstance(found, dict) else {}


def _words(answer: Answer) -> str:
    try:
        return str(json.loads(answer.body)["message"])
    except (ValueError, LookupError, TypeError):
        return f"the answer was {answer.status}"


def _error_of(status: int, found: dict[str, Any]) -> DeskbellError:
    faults = found.get("errors")
    first = faults[0] if isinstance(faults, list) and faults and isinstance(faults[0], dict) else {}
    words = str(found.get("message") or first.get("detail") or f"the answer was {status}")
    code = found.get("code")
    if status == 404:
        return NotFound(words)
    if code == NOT_IN_PROGRESS:
        return Conflict(words)
    if code in MAY_NOT:
        return NotAllowed(words)
    return InvalidInput(words) if status == 400 and code == 20001 else Refused(words)


def _call(found: dict[str, Any]) -> RemoteCall:
    """Reads Twilio's call, and Telnyx's, which may stand in `data` and call its sid otherwise."""
    inner = found.get("data")
    if isinstance(inner, dict):
        found = inner
    sid = found.get("sid") or found.get("call_sid")
    if not sid:
        raise Refused("The answer names no call")
    duration = str(found.get("duration") or "0")
    return RemoteCall(
        sid=str(sid),
        status=str(found.get("status") or ""),
        direction=str(found.get("direction") or ""),
        caller=str(found.get("from") or ""),
        called=str(found.get("to") or ""),
        answered_by=str(found.get("answered_by") or ""),
        seconds=int(duration) if duration.isdigit() else 0,
    )


def _participant(found: dict[str, Any]) -> RemoteParticipant:
    return RemoteParticipant(
        call_sid=str(found.get("call_sid") or ""),
        is_muted=bool(found.get("muted")),
        is_held=bool(found.get("hold")),
        status=str(found.get("status") or ""),
        label=str(found.get("label") or ""),
    )


def _part(name: str) -> str:
    return quote(name, safe="")


def _flag(is_so: bool) -> str:
    return "true" if is_so else "false"
