"""What every transport is given and gives back: the only words the room shares with them.

A transport carries a parcel to an address and says what became of it. It keeps no state, touches
no rows, and must bear being given the same parcel twice: the idempotency key is then the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar, runtime_checkable


@dataclass(frozen=True, slots=True)
class Brief:
    """A message that comes along in another's parcel, in a line."""

    message_id: int
    taken_at: datetime
    caller_name: str
    caller_number: str
    content: str
    is_emergency: bool
    acknowledge_url: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A few plain words of ours to one address: a code that verifies it, a word to the operator.

    It belongs to no message and nothing answers it. `account_id` is 0 where it concerns none;
    `sender` is as a parcel's.
    """

    idempotency_key: str
    address: str
    title: str
    text: str
    sent_at: datetime
    account_id: int = 0
    account_name: str = ""
    secret: str = ""
    phone_type: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way to one address, with all that a transport may say of it.

    Instants are aware and in UTC; `time_zone` is the account's IANA zone, in which people are told
    of them. `sent_at` is the instant of this try; everything else stays the same in every try.
    `code` names the delivery in a reply where several may be open. In a storm one parcel stands
    for several messages: the newest is told whole, `bundled` are the others, oldest first.
    `sender` is the number of ours that the other side sees, set by a transport that `prepare`s.
    `forwarded_by` is who chose the address, where nobody is on call for it, and `words` what they
    say; such a message may have been acknowledged already, then by `acknowledged_by`.
    `by_receptionist` has a person of ours carry it, who sees it at the desk.
    """

    idempotency_key: str
    address: str
    contact_name: str
    account_name: str
    account_number: str
    time_zone: str
    country: str
    message_id: int
    message_uuid: str
    taken_at: datetime
    caller_name: str
    caller_number: str
    called_number: str
    company_name: str
    content: str
    level_name: str
    attempt: int
    sent_at: datetime
    message_url: str
    acknowledge_url: str
    answers: Mapping[str, str] = field(default_factory=dict)
    is_emergency: bool = False
    recording_seconds: float | None = None
    secret: str = ""
    phone_type: str = ""
    instructions: str = ""
    account_id: int = 0
    delivery_id: int = 0
    code: str = ""
    sender: str = ""
    forwarded_by: str = ""
    words: str = ""
    acknowledged_by: str = ""
    by_receptionist: bool = False
    bundled: tuple[Brief, ...] = ()


class Fate(StrEnum):
    """What became of a parcel.

    `under_way` is for what takes longer than a request, as a call: a later report ends it.
    `unanswered` is final in this attempt, but nothing is wrong with the method: nobody took it.
    """

    DELIVERED = "delivered"
    UNDER_WAY = "under way"
    UNANSWERED = "unanswered"
    PASSING = "passing"
    LASTING = "lasting"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A transport's word on one try: `words` are shown to people as proof.

    A passing failure is tried again, after `retry_after` where the other side asked for a wait;
    `may_have_arrived` says that the parcel went out and no answer came. `acknowledged` is true
    where the answer itself acknowledges the message, in the name of `by` (empty: the contact).
    `sender` is the number of ours that the other side sees. What is under way is reported on
    `within` a time, or counts as lost and is tried again.
    """

    fate: Fate
    words: str
    provider_id: str = ""
    acknowledged: bool = False
    by: str = ""
    retry_after: timedelta | None = None
    may_have_arrived: bool = False
    sender: str = ""
    within: timedelta | None = None


def delivered(
    words: str,
    *,
    provider_id: str = "",
    acknowledged: bool = False,
    by: str = "",
    sender: str = "",
) -> Outcome:
    """The other side took the parcel."""
    return Outcome(Fate.DELIVERED, words, provider_id, acknowledged, by, sender=sender)


def under_way(words: str, *, provider_id: str, within: timedelta, sender: str = "") -> Outcome:
    """It set out, and a report will say what became of it."""
    return Outcome(Fate.UNDER_WAY, words, provider_id, sender=sender, within=within)


def unanswered(words: str, *, provider_id: str = "") -> Outcome:
    """It reached the other side, where nobody took it."""
    return Outcome(Fate.UNANSWERED, words, provider_id)


def passing_failure(
    words: str, *, retry_after: timedelta | None = None, may_have_arrived: bool = False
) -> Outcome:
    """It did not work now and may work later."""
    return Outcome(Fate.PASSING, words, retry_after=retry_after, may_have_arrived=may_have_arrived)


def lasting_failure(words: str, *, provider_id: str = "") -> Outcome:
    """It will fail the same way however often it is tried."""
    return Outcome(Fate.LASTING, words, provider_id)


class Meaning(StrEnum):
    """What a person can mean by an answer to a delivery."""

    ACKNOWLEDGE = "acknowledge"
    NEXT_LEVEL = "next level"
    HEAR_AGAIN = "hear again"
    RECEPTIONIST = "receptionist"
    STOP = "stop"
    START = "start"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer read: what it means, the code that came with it, and who says so where known."""

    meaning: Meaning
    code: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a delivery method's form: a DeliveryMethod column and how to ask for it.

    `preset` is the choice that a new method begins with. The choices of a column that is true or
    false are "True" and "False".
    """

    name: str
    label: str
    help_text: str = ""
    input_type: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = True
    preset: str = ""


class Transport(Protocol):
    """One way to deliver. Its folder in `transports/` holds all that is known of its kind."""

    @property
    def kind(self) -> str:
        """Its name in `DeliveryMethod.kind`, 16 characters at most."""

    @property
    def label(self) -> str:
        """Its name for people: "Email"."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """What a delivery method of this kind is asked for."""

    @property
    def has_secret(self) -> bool:
        """Whether each delivery method of this kind gets a secret of its own."""

    @property
    def has_codes(self) -> bool:
        """Whether a reply names its delivery by a code, because it says nothing else of it."""

    def check_address(self, text: str) -> str:
        """The address in the form in which it is kept. Raises InvalidInput in words."""

    def send(self, parcel: Parcel) -> Outcome:
        """Carries the parcel, in 15 seconds at most. What it raises counts as a passing failure."""

    def send_note(self, note: Note) -> Outcome:
        """Carries a few plain words, as `send` does a parcel."""

    def recall(self, parcel: Parcel, provider_id: str) -> None:
        """Ends what is under way and no longer wanted, as a call that rings; else does nothing.

        What it raises is written down, and changes nothing.
        """

    def read_reply(self, text: str) -> Reply:
        """What an answer in this transport's own form (a text, keys, a body) means."""

    def shown(self, address: str) -> str:
        """The address as people may see it: without the secrets that one may hold."""


Carried = TypeVar("Carried", Parcel, Note)


@runtime_checkable
class Prepares(Protocol):
    """A transport that needs more of our rows than a parcel has, before it is handed over."""

    def prepare(self, carried: Carried) -> Carried:
        """The same with what the rows add, as its sender. Reads only, in the account's scope.

        It runs in the worker's own thread, where `send` does not. Raises Refused, in words, for
        what must not be sent, which is a lasting failure.
        """
