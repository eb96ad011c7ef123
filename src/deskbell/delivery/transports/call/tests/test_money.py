"""What a call may not do at an account's cost."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime

import pytest
from pytest_django import Settings

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.delivery.tests.example import Behaviour, parcel
from deskbell.delivery.transport import Fate
from deskbell.delivery.transports.call import calling
from deskbell.delivery.transports.call.calling import Place
from deskbell.delivery.transports.call.tests.peer import Peer
from deskbell.delivery.transports.call.transport import CallTransport
from deskbell.foundation.errors import Refused
from deskbell.lines.actions import add_phone
from deskbell.platform.tenancy import account_scope
from deskbell.voice.client import Calls, CallsAddress

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(settings: Settings) -> Iterator[Peer]:
    with Peer() as peer:
        settings.ENVIRONMENT = peer.settings["ENVIRONMENT"]
        yield peer


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    """A hosted carrier, which knows nothing of accounts' limits."""
    with Peer() as peer:
        calls = Calls(CallsAddress.ours(peer.url, "AC1", "s"))
        place = Place(calls, "https://bell.example.com/voice/twilio", "Twilio")
        monkeypatch.setattr(calling, "_hosted", lambda: iter([place]))
        yield peer


def test_an_account_at_its_limit_of_calls_gets_no_more_elsewhere(
    acme: Account, gateway: Peer, carrier: Peer
) -> None:
    gateway.behaviour = Behaviour.TRY_LATER
    with account_scope(acme.pk):
        outcome = CallTransport().send(parcel(address="+12125550134", account_id=acme.pk))
    assert outcome.fate == Fate.PASSING
    assert "limit" in outcome.words
    assert carrier.asked == []


def test_where_the_gateway_is_away_a_carrier_makes_the_call(
    acme: Account, gateway: Peer, carrier: Peer
) -> None:
    gateway.stop()
    with account_scope(acme.pk):
        outcome = CallTransport().send(parcel(address="+12125550134", account_id=acme.pk))
    assert outcome.fate == Fate.UNDER_WAY
    assert len(carrier.asked) == 1


def test_the_attendant_is_not_called_by_its_own_account(
    acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    asked = dataclasses.replace(parcel(account_id=acme.pk), address=acme_number.e164)
    with account_scope(acme.pk):
        with pytest.raises(Refused, match="is the account's own"):
            CallTransport().prepare(asked)
        add_phone(account=acme, name="desk", number=acme_number, at=at)
        assert CallTransport().prepare(asked).sender == acme_number.e164
