"""What a dialog needs of the agent that keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

from .destinations import Destination
from .flows import Flow
from .transactions import Transactions

if TYPE_CHECKING:
    from .dialog import Dialog


class Ways(Protocol):
    """The agent, as its dialogs see it."""

    transactions: Transactions
    without_tcp: set[tuple[str, int]]  # where no TCP connection could be made

    def flow_to(self, host: str, port: int, transport: Literal["UDP", "TCP"]) -> Flow:
        """The way to an IP address."""
        ...

    def flow_of(self, destination: Destination) -> Flow:
        """The way to a destination: its own while it is open."""
        ...

    def may_redirect(self, host: str) -> bool:
        """Whether a 3xx may send a call of ours to `host`."""
        ...

    def forget(self, dialog: Dialog) -> None:
        """The dialog has ended."""
        ...
