"""What billing tells the rooms above. See ARCHITECTURE.md for who listens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deskbell.platform.hooks import Hook


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """A payment stands at another state: `before` and `after` are values of PaymentState."""

    account_id: int
    payment_id: int
    before: str
    after: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AutomaticEvent:
    """An account's automatic payment began, or ended (`has_ended`), by somebody or by itself."""

    account_id: int
    automatic_id: int
    has_ended: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class StatementEvent:
    """A statement was issued: the account owes what it says from now on."""

    account_id: int
    statement_id: int
    at: datetime


# Several are fired together: a month's statements of many accounts.
statement_issued: Hook[StatementEvent] = Hook("billing.statement_issued")
payment_changed: Hook[PaymentEvent] = Hook("billing.payment_changed")
automatic_changed: Hook[AutomaticEvent] = Hook("billing.automatic_changed")
