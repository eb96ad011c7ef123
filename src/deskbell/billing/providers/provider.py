"""What every provider of payments is to this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from deskbell.foundation.errors import DeskbellError

from ..models import Method, PaymentState


class ProviderTrouble(DeskbellError):
    """The provider did not answer, or not as it says that it does; nothing is known of the order.

    `may_have_happened` tells whether the money may be on its way.
    """

    def __init__(self, words: str, *, may_have_happened: bool) -> None:
        super().__init__(words)
        self.may_have_happened = may_have_happened


@dataclass(frozen=True, slots=True)
class BankNumbers:
    """A bank account as it was typed and checked; lives in a request and nowhere else."""

    holder: str
    routing: str = field(repr=False)
    account: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardNumbers:
    """A card as it was typed and checked; lives in a request and nowhere else."""

    holder: str
    number: str = field(repr=False)
    month: int = field(repr=False)
    year: int = field(repr=False)
    cvv: str = field(repr=False)
    address: str = field(repr=False)
    city: str = field(repr=False)
    state: str = field(repr=False)
    zip_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Means:
    """A card or a bank account as this room knows it: by the provider's token.

    `token` may be kept in the database as it is: a provider that needs the numbers again seals
    them. `brand` is a card's, or the bank's name.
    """

    method: Method
    token: str = field(repr=False)
    last4: str
    brand: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Browser:
    """From where somebody agreed to be debited, which banks ask for."""

    address: str | None
    agent: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """Money to take: all of it in one sum, fee included, in US cents.

    `key` is the payment's reference: an order that is given twice is carried out once.
    """

    key: str
    cents: int
    token: str = field(repr=False)
    method: Method
    words: str
    browser: Browser | None
    customer: str = ""
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order: a state, the provider's id, and words where it did not go well.

    Where the state is `needs_payer`, its browser goes on with `secret`, which is never kept, or at
    `page`, one of the provider's own.
    """

    state: PaymentState
    provider_id: str = ""
    words: str = ""
    refunded_cents: int = 0
    secret: str = field(default="", repr=False)
    page: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OwnFields:
    """The provider's own parts of the page, into which numbers are typed so that they never reach
    us: the script that makes them, the key that it is told, which is no secret, and from where
    they load, as directives of the content policy and their sources."""

    script: str
    key: str
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Event:
    """What a provider told by itself: `about` is the provider's id of a payment."""

    event_id: str
    kind: str
    about: str
    happened_at: datetime | None
    facts: Mapping[str, Any] = field(default_factory=dict)


class Provider(Protocol):
    """A provider. All methods may wait for a machine elsewhere, and raise ProviderTrouble."""

    name: str
    methods: frozenset[Method]
    """What it takes."""

    @property
    def own_fields(self) -> OwnFields | None:
        """The provider's own parts of the page; None where numbers are typed into ours."""
        ...

    def keep(self, numbers: BankNumbers | CardNumbers) -> Means:
        """The means for numbers that were typed into our page. Raises InvalidInput for those that
        it refuses. Only where there are no `own_fields`."""
        ...

    def look(self, token: str, method: Method) -> Means:
        """The means that a token stands for, as the payer's browser was given it. Raises
        InvalidInput for one that is none, or of another method."""
        ...

    def pay(self, order: Order) -> Outcome:
        """Takes the money, once for each key."""
        ...

    def ask(self, provider_id: str) -> Outcome:
        """How an order stands now: the one truth, whatever events said."""
        ...

    def find(self, key: str) -> Outcome | None:
        """How the order of a key stands, of which no answer ever came; None where there is none.
        For orders of the day before: providers need their time until they find one."""
        ...

    def remember(self, means: Means, *, account: str, browser: Browser) -> tuple[str, str]:
        """Makes means ready to be debited without the payer: its token and the provider's customer
        from now on, with which the payer's first payment is ordered next."""
        ...

    def events(self, body: bytes, headers: Mapping[str, str], at: datetime) -> Sequence[Event]:
        """What the provider says in a webhook. Raises NotFound where it says nothing here,
        NotAllowed for a forged one, InvalidInput for one that cannot be read."""
        ...
