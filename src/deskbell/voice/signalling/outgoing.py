"""The dialog of a call of ours."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from .admission import Admitted
from .destinations import Destination
from .dialog import Dialog
from .handlers import CallHandler
from .messages import Invitation, new_tag


class OutgoingDialog(Dialog):
    """A call of ours. For now every one is refused with 503 at once."""

    is_outgoing: ClassVar[bool] = True

    def __init__(
        self,
        destination: Destination,
        *,
        caller: str,
        caller_name: str,
        called: str,
        handler: CallHandler,
    ) -> None:
        self.tag = new_tag()
        self.handler = handler
        self.admission = Admitted()
        self.is_answered = False
        self.has_ended = False
        self.invitation = Invitation(
            call_id=new_tag(),
            source=destination.host,
            caller=caller,
            caller_name=caller_name,
            called=called,
            forwarded_from="",
            offer="",
        )
        asyncio.get_running_loop().call_soon(self._refuse, 503)

    def ring(self) -> None:
        """Only a caller can be told that it rings."""

    def hang_up(self) -> None:
        """Ends the call: CANCEL before the answer, BYE after it."""
        self._refuse(487)

    def _refuse(self, code: int) -> None:
        if not self.has_ended and self.handler is not None:
            self.has_ended = True
            self.handler.refused(code, {})
