"""A parcel and a peer for whoever tests a transport.

Each transport's folder has `tests/peer.py` with a class `Peer`: a real server that receives what
the transport sends, and can be told to misbehave. The contract suite runs over all of them.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol, Self

from deskbell.delivery.transport import (
    Brief,
    Field,
    Meaning,
    Note,
    Outcome,
    Parcel,
    Reply,
    delivered,
)
from deskbell.foundation.errors import InvalidInput


class Behaviour(StrEnum):
    """What a peer does with what it is sent."""

    TAKE = "take"
    TRY_LATER = "try later"
    REFUSE = "refuse"
    HANG = "hang"
    CUT = "cut"
    SLOW = "slow"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Received:
    """What a peer took: the idempotency key in it, and all of it as text."""

    key: str
    text: str


class AnyPeer(AbstractContextManager["AnyPeer"], Protocol):
    """A real server on a free port of this machine, from `with` to its end.

    It may have more: `is_asynchronous`, where what it takes is under way first; `can_be_slow`,
    where it knows `Behaviour.SLOW`, an answer that comes byte by byte and never ends; `elsewhere`,
    an address to which it then sends whoever asks.
    """

    behaviour: Behaviour
    received: list[Received]

    def __enter__(self) -> Self:
        """Starts it."""

    def stop(self) -> None:
        """Listens no longer; leaving does the same."""

    @property
    def address(self) -> str:
        """The address that a delivery method would have."""

    @property
    def settings(self) -> dict[str, Any]:
        """Django settings with which the transport finds the peer."""

    @property
    def private_hosts(self) -> frozenset[str]:
        """What the operator must allow so that the transport may call the peer."""


def parcel(**changes: Any) -> Parcel:
    """A parcel like those of the demo, with `changes`."""
    facts: dict[str, Any] = {
        "idempotency_key": "0c7a5f0e-3a51-4c57-9d0c-5a5f2a1d9f10",
        "address": "alice@example.com",
        "contact_name": "Alice",
        "account_name": "Acme Dental",
        "account_number": "W0411",
        "time_zone": "America/New_York",
        "country": "US",
        "message_id": 17,
        "message_uuid": "7d6e1c52-8f5c-4f5a-8a53-0f6f6b1f2c3d",
        "taken_at": datetime(2026, 3, 4, 15, 0, tzinfo=UTC),
        "caller_name": "",
        "caller_number": "+12125550187",
        "called_number": "+12125550142",
        "company_name": "",
        "content": "My crown came off & it hurts.\nPlease call <today>.",
        "level_name": "Weekdays",
        "attempt": 1,
        "sent_at": datetime(2026, 3, 4, 15, 0, 2, tzinfo=UTC),
        "message_url": "http://localhost:8000/messages/17",
        "acknowledge_url": "http://localhost:8000/ack/WzEsMTcsM10:1abc:signature",
        "answers": {"Patient of ours": "Yes"},
        "recording_seconds": 41.6,
        "secret": "a secret of forty-three letters, or nearly",
    }
    return Parcel(**{**facts, **changes})


def note(**changes: Any) -> Note:
    """A note like those that verify an address, with `changes`."""
    facts: dict[str, Any] = {
        "idempotency_key": "5b1f7c1e-9d0f-4b0e-8a53-0f6f6b1f2c3d",
        "address": "alice@example.com",
        "title": "123456 is your code",
        "text": "123456 is your code to verify this address.",
        "sent_at": datetime(2026, 3, 4, 15, 0, 2, tzinfo=UTC),
        "account_name": "Acme Dental",
        "secret": "a secret of forty-three letters, or nearly",
    }
    return Note(**{**facts, **changes})


def briefs(count: int, content: str = "The pump leaks") -> tuple[Brief, ...]:
    """Messages that come along in a parcel, in the order in which they were taken."""
    return tuple(
        Brief(
            message_id=100 + number,
            taken_at=datetime(2026, 3, 4, 14, number % 60, tzinfo=UTC),
            caller_name=f"Caller {number}",
            caller_number="+12125550155",
            content=f"{content} {number}",
            is_emergency=False,
            acknowledge_url=f"http://localhost:8000/ack/brief-{number}",
            code=str(20 + number),
        )
        for number in range(count)
    )


@dataclass
class Pigeon:
    """A transport that does what the test says, and remembers what it was given."""

    outcomes: list[Outcome] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    recalled: list[tuple[Parcel, str]] = field(default_factory=list)
    kind: str = "pigeon"
    label: str = "Pigeon"
    has_secret: bool = True
    has_codes: bool = False
    fields: tuple[Field, ...] = ()

    def check_address(self, text: str) -> str:
        if "tower" not in text:
            raise InvalidInput("A pigeon flies to a tower", field="address")
        return text.strip()

    def send(self, parcel: Parcel) -> Outcome:
        self.parcels.append(parcel)
        return self.outcomes.pop(0) if self.outcomes else delivered("It came back")

    def send_note(self, note: Note) -> Outcome:
        self.notes.append(note)
        return self.outcomes.pop(0) if self.outcomes else delivered("It came back")

    def recall(self, parcel: Parcel, provider_id: str) -> None:
        self.recalled.append((parcel, provider_id))

    def read_reply(self, text: str) -> Reply:
        return Reply(Meaning.NOTHING)

    def shown(self, address: str) -> str:
        return address
