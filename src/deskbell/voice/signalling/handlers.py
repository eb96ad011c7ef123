"""What a dialog tells the call above it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class CallHandler(Protocol):
    """The call above a dialog. Nothing here may wait."""

    def left(self, how: str) -> None:
        """The peer ended the call.

        `how` is `bye`, `cancelled` (before the answer), `unacknowledged` (no ACK in 32 s) or
        `expired` (the session timer ran out, or the peer knows nothing of the call any more).
        """
        ...

    def offered(self, sdp: str) -> str | None:
        """The peer offers other media; gives our answer, or None to keep what is agreed.

        Without an offer (`sdp` is empty) gives our own.
        """
        ...

    def answered(self, sdp: str) -> None:
        """The answer to an offer of ours came in an ACK or a PRACK."""
        ...

    def pressed(self, key: str) -> None:
        """A key came by SIP INFO."""
        ...

    def progressed(self, code: int, sdp: str) -> None:
        """Outgoing: a 1xx above 100 came, with the SDP of early media or none."""
        ...

    def accepted(self, sdp: str) -> None:
        """Outgoing: the 200 came and has its ACK; `sdp` is the peer's answer."""
        ...

    def refused(self, code: int, headers: Mapping[str, str]) -> None:
        """Outgoing: there will be no call.

        `code` is the peer's refusal, 408 where nothing came for 32 s, 503 where nothing could be
        sent, 487 after our own hang-up. `headers` are the refusal's, by lower-case name.
        """
        ...

    def referred(self, to: str) -> int:
        """The peer wants us to call `to` (a URI; REFER, RFC 3515): 202, or the refusal's code."""
        ...
