"""The operator's own bank: debits that wait for a file, are collected, and may come back.

The numbers of bank accounts are sealed in the token, because the file needs them again. How a
payment stands is what the files and what came back say of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from deskbell.foundation.clock import now
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.lines.vault import Sealed, seal, unseal

from ..models import BankReturn, Method, Payment, PaymentState
from ..rules.banking_days import banking_day_after
from .provider import BankNumbers, Browser, CardNumbers, Event, Means, Order, Outcome

NAME: Final = "nacha"


class Nacha:
    """Collects through the operator's bank; takes bank accounts alone."""

    name = NAME
    methods = frozenset({Method.ACH})
    own_fields = None

    def keep(self, numbers: BankNumbers | CardNumbers) -> Means:
        """The account's numbers, sealed. Raises InvalidInput for a card."""
        if isinstance(numbers, CardNumbers):
            raise InvalidInput("Cards are not taken here; pay from a bank account", field="method")
        token = seal(json.dumps([numbers.routing, numbers.account]))
        return Means(Method.ACH, token, numbers.account[-4:], holder=numbers.holder)

    def look(self, token: str, method: Method) -> Means:
        """What was sealed. Raises InvalidInput for what was not sealed here, and for cards."""
        if method != Method.ACH:
            raise InvalidInput("Cards are not taken here; pay from a bank account", field="method")
        return Means(Method.ACH, token, numbers_of(token)[1][-4:])

    def pay(self, order: Order) -> Outcome:
        """Leaves the order for the next file; its key is its id."""
        return Outcome(PaymentState.PROCESSING, f"{NAME}-{order.key}")

    def ask(self, provider_id: str) -> Outcome:
        """How an order stands: come back, collected long enough ago, or under way."""
        payment = Payment.objects.select_related("bank_file").get(
            provider=NAME, provider_id=provider_id
        )
        file = payment.bank_file
        if file is None:
            return Outcome(PaymentState.PROCESSING, provider_id)
        rows = BankReturn.objects.filter(trace_number=payment.trace_number, code__startswith="R")
        returned = rows.order_by("read_at", "pk").first()
        if returned is not None:
            return Outcome(PaymentState.RETURNED, provider_id, f"Came back. {returned.words}")
        if file.downloaded_at is None:  # no bank has it yet
            return Outcome(PaymentState.PROCESSING, provider_id)
        bank = environment().bank
        days = bank.settles_after if bank else 1
        is_settled = now().date() >= banking_day_after(
            max(file.effective_on, file.downloaded_at.date()), days
        )
        state = PaymentState.SUCCEEDED if is_settled else PaymentState.PROCESSING
        return Outcome(state, provider_id)

    def find(self, key: str) -> Outcome | None:
        """None: what was not left for a file is in none."""

    def remember(
        self,
        means: Means,
        *,
        account: str,  # noqa: ARG002 the protocol's; the token holds all there is
        browser: Browser,  # noqa: ARG002
    ) -> tuple[str, str]:
        """The same token, which needs no customer."""
        return means.token, ""

    def events(
        self,
        body: bytes,  # noqa: ARG002 the protocol's; nothing said here is believed
        headers: Mapping[str, str],  # noqa: ARG002
        at: datetime,  # noqa: ARG002
    ) -> Sequence[Event]:
        """A bank sends files. Raises NotFound."""
        raise NotFound("The bank sends no events")


def numbers_of(token: str) -> tuple[str, str]:
    """Routing and account number of a token. Raises InvalidInput where it cannot be read."""
    try:
        routing, account = json.loads(unseal(token))
    except (Sealed, ValueError) as error:
        raise InvalidInput("The bank account cannot be read; ask for it again") from error
    return str(routing), str(account)
