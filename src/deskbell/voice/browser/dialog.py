"""The signalling of a call from a page, which needs none of SIP's: page and gateway tell each other
over the connection that carries the audio."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..signalling.admission import Admitted
from ..signalling.dialog import ReferOutcome
from ..signalling.handlers import CallHandler
from ..signalling.invitations import Invitation

NOT_THERE = 405  # SIP's: a page can be neither put on hold nor transferred


class PageDialog:
    """One call from a page, as the call above it sees it; see `signalling.dialog.Dialog`.

    `tell(event)` reaches the page: ringing, answered, refused, ended. `connect(sdp)` gets our
    description of the audio once there is one.
    """

    is_outgoing = False
    replaces = ""

    def __init__(
        self,
        invitation: Invitation,
        *,
        tell: Callable[[str], None],
        connect: Callable[[str], None],
    ) -> None:
        self.invitation = invitation
        self.admission = Admitted()
        self.handler: CallHandler | None = None
        self.is_answered = False
        self.has_ended = False
        self._tell = tell
        self._connect = connect

    def ring(self) -> None:
        """Lets the page know that it rings."""
        if not self.is_answered and not self.has_ended:
            self._tell("ringing")

    def early(self, sdp: str) -> None:
        """The page hears us before the answer."""
        self.ring()
        self._connect(sdp)

    def answer(self, sdp: str) -> None:
        """The call is answered."""
        if not self.is_answered and not self.has_ended:
            self.is_answered = True
            self._connect(sdp)
            self._tell("answered")

    def refuse(self, _code: int, _headers: Sequence[str] = ()) -> None:
        """The call is refused."""
        self._end("refused")

    def hang_up(self, _reason: str = "") -> None:
        """Ends the call from our side."""
        self._end("ended" if self.is_answered else "refused")

    def left(self, how: str) -> None:
        """The page ended the call: it said so (`bye`), or is gone (`lost`)."""
        if not self.has_ended:
            self.has_ended = True
            if self.handler is not None:
                self.handler.left(how if self.is_answered else "cancelled")

    def press(self, key: str) -> None:
        """The page's keypad; what is no key is passed over."""
        if len(key) == 1 and key in "0123456789*#ABCD" and self.handler is not None:
            self.handler.pressed(key)

    def _end(self, event: str) -> None:
        if not self.has_ended:
            self.has_ended = True
            self._tell(event)

    # What a page does not need

    async def acknowledged(self, *, within: float) -> bool:  # noqa: ARG002 as Dialog's
        """A page that is there has heard of the answer."""
        return self.is_answered

    async def reoffer(self, _sdp: str) -> tuple[int, str]:
        """A page keeps what it has."""
        return NOT_THERE, ""

    async def refer(self, _to: str, *, referred_by: str = "") -> ReferOutcome:  # noqa: ARG002
        """A page calls nobody else."""
        return ReferOutcome(NOT_THERE)

    def notify_refer(self, code: int) -> None:
        """A page asks for no transfer."""

    def info_key(self, key: str) -> None:
        """A page has no use for keys."""
