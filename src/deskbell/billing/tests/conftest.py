"""An account that is paid for, and the clock of its sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # read before Django is set up
    from deskbell.accounts.models import Account
    from deskbell.billing.hooks import PaymentEvent


@pytest.fixture
def sandbox_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> list[datetime]:
    """What the sandbox takes for now; tests move it on."""
    shown = [at]
    monkeypatch.setattr("deskbell.billing.providers.sandbox.now", lambda: shown[0])
    monkeypatch.setattr("deskbell.billing.jobs.payments.now", lambda: shown[0])
    return shown


@pytest.fixture
def heard() -> Iterator[list[PaymentEvent]]:
    """What was told of payments."""
    from deskbell.billing import hooks

    events: list[PaymentEvent] = []
    hooks.payment_changed.subscribe(events.append)
    yield events
    hooks.payment_changed.unsubscribe(events.append)


@pytest.fixture
def house(acme: Account) -> Iterator[Account]:
    """Acme, in its scope."""
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        yield acme
