"""The audio of one call: its leg, and what both sides agreed on about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..media import Leg, LegFigures, MediaEvent, MediaLoop
from ..offers import CODECS, CodecName, Media, Negotiation
from ..offers import Direction as MediaDirection


class Talk:
    """Opened once a call needs audio; `on_event` gets what the leg reports."""

    __slots__ = ("_answer", "_leg", "_loop", "_negotiation", "_on_event")

    def __init__(self, loop: MediaLoop, on_event: Callable[[MediaEvent], None]) -> None:
        self._loop = loop
        self._on_event = on_event
        self._leg: Leg | None = None
        self._negotiation: Negotiation | None = None
        self._answer = ""

    @property
    def is_open(self) -> bool:
        """Whether there is a leg."""
        return self._leg is not None

    @property
    def is_agreed(self) -> bool:
        """Whether an offer was made or taken."""
        return self._negotiation is not None

    @property
    def leg(self) -> Leg:
        """The leg. Raises AssertionError before `open`."""
        if self._leg is None:
            raise AssertionError("a verb that plays or records has to answer the call first")
        return self._leg

    @property
    def media(self) -> Media | None:
        """What was agreed, if anything was yet."""
        return self._negotiation.media if self._negotiation is not None else None

    def open(self) -> int:
        """Opens the leg, once; its port. Raises NoPortLeft."""
        if self._leg is None:
            self._leg = self._loop.open_leg(self._on_event)
        return self._leg.port

    def answer(self, offer: str, *, host: str) -> str:
        """Our answer to the offer of an INVITE, or our own offer where it has none.

        The same each time, since early media and the 200 must not differ (RFC 3261 section
        13.2.1). Raises NoPortLeft, InvalidInput.
        """
        if not self._answer:
            negotiation = Negotiation(host=host, port=self.open())
            self._answer = negotiation.answer(offer) if offer else negotiation.offer()
            self._negotiation = negotiation
            self.connect()
        return self._answer

    def offer(self, *, host: str, codecs: Sequence[CodecName] = CODECS) -> str:
        """The offer of a call out; each attempt makes a new one. Raises NoPortLeft."""
        self._negotiation = Negotiation(host=host, port=self.open())
        return self._negotiation.offer(codecs=codecs)

    def accept(self, sdp: str) -> None:
        """Takes the peer's answer to our offer. Raises InvalidInput."""
        if self._negotiation is not None:
            self._negotiation.accept(sdp)
            self.connect()

    def offered(self, sdp: str) -> str | None:
        """Our answer to a new offer within the call; our offer where `sdp` is empty.

        None where nothing was agreed on before. Raises InvalidInput.
        """
        if self._negotiation is None:
            return None
        if not sdp:
            return self._negotiation.offer()
        answer = self._negotiation.answer(sdp)
        self.connect()
        return answer

    def reoffer(self, direction: MediaDirection) -> str:
        """A new offer of ours, for `dialog.reoffer`: `sendrecv`, `sendonly`, `inactive`."""
        if self._negotiation is None:
            raise AssertionError("a call has to be answered before it is offered other media")
        return self._negotiation.offer(direction=direction)

    @property
    def session(self) -> tuple[int, int]:
        """The number and version of what we said last; zeros before that."""
        return self._negotiation.session if self._negotiation is not None else (0, 0)

    def take_up(self, *, host: str, session: tuple[int, int]) -> str:
        """The offer that has the peer of an earlier process send here. Raises NoPortLeft."""
        self._negotiation = Negotiation(host=host, port=self.open())
        self._negotiation.go_on(session)
        return self._negotiation.offer()

    def connect(self) -> None:
        """Tells the leg what was agreed on."""
        media = self.media
        if media is None:
            return
        self.leg.connect(
            host=media.host,
            port=0 if media.is_held else media.port,
            payload_type=media.payload_type,
            codec=media.codec,
            digits_payload_type=media.digits_payload_type,
        )

    def close(self) -> LegFigures | None:
        """Closes the leg, where there is one; its figures."""
        return self._leg.close() if self._leg is not None else None
