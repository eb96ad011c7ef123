"""A caller's way through the desk, on real rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from deskbell.desk import actions
from deskbell.desk.models import DeskCall, DeskCallState, Offer, OfferState, Receptionist, Standing

pytestmark = pytest.mark.django_db
Receptionists = Callable[..., Receptionist]
Waits = Callable[..., DeskCall]


def test_smoke(receptionist: Receptionists, waits: Waits, at: datetime) -> None:
    rita, bob = receptionist("Rita"), receptionist("Bob")
    call = waits()
    assert actions.distribute(at) == 2
    offers = {o.receptionist_id: o for o in Offer.objects.all()}
    taken = actions.take_offer(offer_id=offers[rita.pk].pk, at=at)
    assert taken is not None and taken.pk == call.pk
    assert actions.take_offer(offer_id=offers[bob.pk].pk, at=at) is None
    actions.leg_ended(offer_id=offers[rita.pk].pk, was_hung_up=True, at=at)
    call.refresh_from_db()
    assert call.state == DeskCallState.WRAPPING
    rita.refresh_from_db()
    assert rita.standing == Standing.WRAPPING
    actions.distribute(at + timedelta(seconds=300))
    rita.refresh_from_db()
    assert rita.standing == Standing.AVAILABLE
