"""What all calls of a gateway share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from deskbell.rcml.verbs import Verb

from ..configuration import Configuration
from ..media import MediaLoop
from ..recordings import Recordings
from ..routes import Routes
from ..signalling.agent import Agent
from ..sounds import Sounds
from ..spool import Spool
from ..web import WebSide
from .events import Origin

if TYPE_CHECKING:
    from ..board import Board
    from ..conferences import Conferences
    from ..kept import Keeper
    from .call import Call


class Walk(Protocol):
    """`interpreter.walk`, for verbs and calls out, which the interpreter stands above."""

    async def __call__(
        self,
        call: Call,
        origin: Origin,
        *,
        without: frozenset[type[Verb]] = frozenset(),
        is_aside: bool = False,
    ) -> bool:
        """Takes an answered call through the document at `origin`; whether to its very end."""
        ...


def _conferences() -> Conferences:
    """None yet. They stand above calls, so they are imported when there is a gateway."""
    from ..conferences import Conferences

    return Conferences()


@dataclass(slots=True)
class Services:
    """The parts of the gateway that a call uses; `gateway_url` is where its REST is.

    `configuration()` is the present one; a call keeps the one that it began with.
    """

    media: MediaLoop
    web: WebSide
    sounds: Sounds
    spool: Spool
    recordings: Recordings
    agent: Agent
    board: Board
    kept: Keeper
    walk: Walk
    routes: Routes
    configuration: Callable[[], Configuration | None]
    conferences: Conferences = field(default_factory=_conferences)
    gateway_url: str = ""
