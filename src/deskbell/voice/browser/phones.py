"""The pages that call now."""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from deskbell.foundation.errors import DeskbellError, InvalidInput

from ..signalling.invitations import Invitation
from .dialog import PageDialog
from .relay import Relay

if TYPE_CHECKING:
    from .webrtc import Connection

log = logging.getLogger(__name__)
CONNECT_SECONDS: Final = 20.0
MOST_OF_ACCOUNT: Final = 10  # each costs a core far more than a call of a telephone
MOST_CALLS: Final = 50
LAST_WORDS_SECONDS: Final = 0.5  # for the event that the call is over to reach the page


class NoWebRtc(DeskbellError):
    """This gateway cannot talk with pages."""


def has_webrtc() -> bool:
    """Whether pages can call here."""
    return importlib.util.find_spec("aiortc") is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the web side asks for a page: its offer (SDP), whom it calls, and as whom.

    `account` is the `AC…` sid of who pays.
    """

    offer: str
    called: str
    caller: str
    caller_name: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Our answer (SDP), and the id of the call until it has a sid: the `SipCallId` of its forms."""

    answer: str
    call_id: str


class PagePhones:
    """Calls from pages. `begin(dialog, account)` takes each up once its audio can flow;
    `host()` is an IP address of ours that legs can reach."""

    def __init__(
        self,
        *,
        begin: Callable[[PageDialog, str], None],
        host: Callable[[], str],
        ice_servers: Sequence[str] = (),
    ) -> None:
        self._begin = begin
        self._host = host
        self._ice_servers = ice_servers
        self._calls: set[_PageCall] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._calls)

    async def take(self, asked: Asked) -> Taken:
        """Answers a page's offer; the call begins when the page is connected.

        Raises NoWebRtc where aiortc is missing, InvalidInput for an offer that makes no sense, and
        where the account's pages, or all, have as many calls as they may.
        """
        if not has_webrtc():
            raise NoWebRtc("pages cannot call here: requirements/browser.txt is not installed")
        own = sum(each.asked.account == asked.account for each in self._calls)
        if own >= MOST_OF_ACCOUNT or len(self._calls) >= MOST_CALLS:
            raise InvalidInput("too many calls from pages just now; end one, or try again soon")
        call = _PageCall(asked, self)
        self._calls.add(call)
        try:
            return await call.open(self._host(), self._ice_servers)
        except BaseException:
            await call.close()
            raise

    async def close(self) -> None:
        """Ends every connection."""
        for call in tuple(self._calls):
            await call.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def begin(self, call: _PageCall) -> None:
        """The page is there: its call begins."""
        self._begin(call.dialog, call.asked.account)

    def forget(self, call: _PageCall) -> None:
        """The call's connection is closed."""
        self._calls.discard(call)

    def spawn(self, work: Any) -> None:
        """Runs `work` beside the calls."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _PageCall:
    def __init__(self, asked: Asked, phones: PagePhones) -> None:
        self.asked = asked
        self.call_id = uuid.uuid4().hex
        self.dialog: PageDialog
        self._phones = phones
        self._relay = Relay()
        self._connection: Connection | None = None
        self._has_begun = False
        self._late: asyncio.TimerHandle | None = None

    async def open(self, host: str, ice_servers: Sequence[str]) -> Taken:
        from .webrtc import Connection  # loads FFmpeg, which only these calls need

        await self._relay.open(host)
        invitation = Invitation(
            call_id=self.call_id,
            source=host,
            caller=self.asked.caller,
            caller_name=self.asked.caller_name,
            called=self.asked.called,
            forwarded_from="",
            offer=self._relay.offer(),
        )
        self.dialog = PageDialog(invitation, tell=self._tell, connect=self._connect)
        self._connection = Connection(
            self._relay,
            ice_servers=ice_servers,
            on_connected=self._on_connected,
            on_key=self.dialog.press,
            on_gone=self._on_gone,
        )
        answer = await self._connection.answer(self.asked.offer)
        loop = asyncio.get_running_loop()
        self._late = loop.call_later(CONNECT_SECONDS, self._on_late)
        return Taken(answer, self.call_id)

    async def close(self) -> None:
        if self._late is not None:
            self._late.cancel()
        if self._connection is not None:
            await self._connection.close()
        else:
            self._relay.close()
        self._phones.forget(self)

    def _connect(self, sdp: str) -> None:
        """Our own answer: its one port is the leg's."""
        lines = sdp.splitlines()
        stream = next(line for line in lines if line.startswith("m=audio "))
        address = next(line for line in lines if line.startswith("c=IN "))
        self._relay.connect(address.split()[2], int(stream.split()[1]))

    def _tell(self, event: str) -> None:
        if self._connection is not None:
            self._connection.tell(event)
        if event in {"ended", "refused"}:
            self._phones.spawn(self._close_soon())

    async def _close_soon(self) -> None:
        await asyncio.sleep(LAST_WORDS_SECONDS)
        await self.close()

    def _on_connected(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            if self._late is not None:
                self._late.cancel()
            self._phones.begin(self)

    def _on_late(self) -> None:
        log.info("a page that wanted to call was not connected in %g s", CONNECT_SECONDS)
        self._on_gone("lost")

    def _on_gone(self, how: str) -> None:
        self.dialog.left(how)
        self._phones.spawn(self.close())
