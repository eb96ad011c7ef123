"""What can happen to a call, as whoever acts for it sees it: events, and what interrupts a verb."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..media import Played, Recorded

if TYPE_CHECKING:
    from .call import Call

Direction = Literal["inbound", "outbound-api", "outbound-dial"]
Status = Literal[
    "queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"
]


class Interrupted(Exception):
    """What a call was doing is over: its verb tidies up, keeps what it has, and raises this on."""


class CallEnded(Interrupted):
    """The other side has left, or the gateway stops: whatever runs for this call stops too."""


class Redirected(Interrupted):
    """The call goes on with another document, which somebody outside asked for."""


class HangUp(Exception):
    """The document says that the call is over."""


class Refusal(Exception):
    """The call is to be refused before it is answered, with the SIP code `code`.

    `is_known` says that the web side decided so itself, and needs no report of it.
    """

    def __init__(self, code: int, *, is_known: bool = False) -> None:
        super().__init__(f"refused with {code}")
        self.code = code
        self.is_known = is_known


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from: a URL to ask with `method`, or `xml` that is here already.

    The URLs in `xml` are read against `url`.
    """

    url: str = ""
    method: str = "POST"
    xml: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed."""

    key: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A call that this one watches has another status, early media, or another document.

    `status` is what it was at that moment; `call.status` may have gone on since.
    """

    call: Call
    status: Status
    is_redirected: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Who works for this call beside its own coroutine says something; `what` is theirs to read."""

    what: object


Event = Key | Played | Recorded | Changed | Told
