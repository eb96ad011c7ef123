"""The sandbox: test numbers with known ends, so that a demo can pay. No money moves.

It keeps nothing: a token says what will come of it, and an order's id when it was given. Only test
numbers are taken, so nobody can leave a real one here by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput, NotFound

from ..models import Method, PaymentState
from ..rules.cards import brand_of
from .provider import BankNumbers, Browser, CardNumbers, Event, Means, Order, Outcome

NAME: Final = "sandbox"
SETTLES_AFTER: Final = timedelta(minutes=2)
RETURNS_AFTER: Final = timedelta(minutes=4)
CARDS: Final[Mapping[str, str]] = {
    "4242424242424242": "succeeds",
    "5555555555554444": "succeeds",
    "2223003122003222": "succeeds",
    "6011111111111117": "succeeds",
    "378282246310005": "succeeds",
    "4000000000000002": "declined",
    "4000000000009995": "lacks_funds",
}
ACCOUNTS: Final[Mapping[str, str]] = {
    "000123456789": "settles",
    "000111111116": "returns",
    "000222222227": "lacks_funds",
}
_WORDS: Final[Mapping[str, str]] = {
    "declined": "The card was declined; ask its bank, or pay by another means.",
    "lacks_funds": "There is not enough money; pay by another means.",
    "returns": "The bank returned it: R03, no such account.",
}
_TOKEN: Final = re.compile(r"sandbox-(?P<method>ach|card)-(?P<end>[a-z_]+)-(?P<last4>[0-9]{4})")
_ORDER: Final = re.compile(r"sandbox-(?P<end>[a-z_]+)-(?P<given>[0-9]+)-[0-9a-f-]+")


class Sandbox:
    """A provider whose ends are known beforehand; see `CARDS` and `ACCOUNTS`."""

    name = NAME
    methods = frozenset({Method.ACH, Method.CARD})
    own_fields = None

    def keep(self, numbers: BankNumbers | CardNumbers) -> Means:
        """Means for a test number. Raises InvalidInput for any other number."""
        if isinstance(numbers, CardNumbers):
            end = _end_of(CARDS, numbers.number, "card_number")
            token = f"{NAME}-card-{end}-{numbers.number[-4:]}"
            brand = brand_of(numbers.number).title
            return Means(Method.CARD, token, numbers.number[-4:], brand, numbers.holder)
        end = _end_of(ACCOUNTS, numbers.account, "account_number")
        token = f"{NAME}-ach-{end}-{numbers.account[-4:]}"
        return Means(Method.ACH, token, numbers.account[-4:], "Sandbox Bank", numbers.holder)

    def look(self, token: str, method: Method) -> Means:
        """What a token says of itself. Raises InvalidInput for one that is none of ours."""
        found = _TOKEN.fullmatch(token)
        if found is None or found["method"] != method:
            raise InvalidInput("That is no token of the sandbox's", field="token")
        return Means(method, token, found["last4"])

    def pay(self, order: Order) -> Outcome:
        """Cards end at once; bank accounts are under way until the clock says otherwise."""
        found = _TOKEN.fullmatch(order.token)
        if found is None:
            return Outcome(PaymentState.FAILED, words="The sandbox does not know these means.")
        given = int(now().timestamp())
        return self.ask(f"{NAME}-{found['end']}-{given}-{order.key}")

    def ask(self, provider_id: str) -> Outcome:
        """How an order stands by the clock."""
        found = _ORDER.fullmatch(provider_id)
        if found is None:
            return Outcome(PaymentState.FAILED, provider_id, "The sandbox knows no such order.")
        age = now() - datetime.fromtimestamp(int(found["given"]), UTC)
        state = _state(found["end"], age)
        is_bad = state in {PaymentState.FAILED, PaymentState.RETURNED}
        return Outcome(state, provider_id, _WORDS[found["end"]] if is_bad else "")

    def find(self, key: str) -> Outcome | None:
        """None: an order lives in the answer that it was given."""

    def remember(
        self,
        means: Means,
        *,
        account: str,
        browser: Browser,  # noqa: ARG002 no bank asks the sandbox
    ) -> tuple[str, str]:
        """The same token: what it says holds for ever."""
        return means.token, f"{NAME}-{account}"

    def events(
        self,
        body: bytes,  # noqa: ARG002 the protocol's; nothing said here is believed
        headers: Mapping[str, str],  # noqa: ARG002
        at: datetime,  # noqa: ARG002
    ) -> Sequence[Event]:
        """The sandbox tells nothing by itself. Raises NotFound."""
        raise NotFound("The sandbox sends no events")


def _end_of(known: Mapping[str, str], number: str, field: str) -> str:
    if number not in known:
        examples = " or ".join(list(known)[:2])
        raise InvalidInput(
            f"The sandbox takes test numbers alone, such as {examples}; type no real one here",
            field=field,
        )
    return known[number]


def _state(end: str, age: timedelta) -> PaymentState:
    if end == "succeeds":
        return PaymentState.SUCCEEDED
    if end == "settles" and age >= SETTLES_AFTER:
        return PaymentState.SUCCEEDED
    if end == "returns" and age >= RETURNS_AFTER:
        return PaymentState.RETURNED
    return PaymentState.PROCESSING if end in {"settles", "returns"} else PaymentState.FAILED
