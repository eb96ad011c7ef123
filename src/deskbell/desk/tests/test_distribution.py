"""As many statements for many callers as for one; and the beat has nothing to forget."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskbell.accounts.models import Account
from deskbell.calls.models import Call
from deskbell.desk import actions, queries
from deskbell.desk.models import DeskCall, Offer, OfferState, Receptionist
from deskbell.foundation.sids import new_sid

pytestmark = pytest.mark.django_db
Receptionists = Callable[..., Receptionist]


@pytest.fixture
def queue(in_acme: Account, at: datetime) -> Callable[[int], None]:
    """So many callers more wait."""

    def make(count: int) -> None:
        records = [
            Call(account=in_acme, sid=new_sid("CA"), started_at=at, number_dialed="1")
            for _ in range(count)
        ]
        DeskCall.objects.bulk_create(
            DeskCall(
                account=in_acme,
                kind="incoming",
                state="waiting",
                call=record,
                call_sid=record.sid,
                room=record.sid,
                entered_at=at,
                rank_at=at + timedelta(seconds=n),
                gives_up_at=at + timedelta(seconds=180),
            )
            for n, record in enumerate(Call.objects.bulk_create(records))
        )

    return make


def statements(at: datetime) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        actions.distribute(at)
    return len(found)


def test_a_look_at_a_quiet_desk_takes_few_statements(
    receptionist: Receptionists, at: datetime
) -> None:
    receptionist("Rita")
    assert statements(at) == 1
    with CaptureQueriesContext(connection) as found:
        actions.next_due()
    assert len(found) == 1


def test_statements_do_not_grow_with_the_queue(
    receptionist: Receptionists, queue: Callable[[int], None], at: datetime
) -> None:
    for n in range(2):
        receptionist(f"A{n}", standing="away")
    for n in range(20):
        receptionist(f"B{n}", standing="away")

    def looks(few_or_many: str) -> list[int]:
        """Rings for all; moves a ring; closes the queue; and lets them write no longer."""
        people = Receptionist.objects.filter(user__name__startswith=few_or_many)
        people.update(standing="available", since=at)
        taken = [statements(at)]
        queue(1)
        taken.append(statements(at))
        mine = list(people)
        Offer.objects.filter(receptionist__in=mine).update(state="withdrawn", ended_at=at)
        for each, call in zip(mine, DeskCall.objects.filter(state="waiting"), strict=False):
            DeskCall.objects.filter(pk=call.pk).update(
                state="wrapping", receptionist=each, wrap_until=at
            )
        people.update(standing="wrapping")
        taken.append(statements(at))
        people.update(standing="away")
        DeskCall.objects.filter(state="waiting").update(gives_up_at=at)
        taken.append(statements(at))
        DeskCall.objects.update(state="over")
        return taken

    queue(3)
    few = looks("A")
    queue(300)
    many = looks("B")
    assert many == few
    assert max(many) <= 25


def test_a_thousand_callers_are_rung_for(
    receptionist: Receptionists, queue: Callable[[int], None], at: datetime
) -> None:
    for n in range(10):
        receptionist(f"R{n}")
    queue(1000)
    assert actions.distribute(at) == 10
    first = DeskCall.objects.order_by("rank_at", "pk")[:10]
    rung = Offer.objects.filter(state=OfferState.RINGING).values_list("desk_call_id", flat=True)
    assert set(rung) == {each.pk for each in first}
    assert queries.position(first[9]) == 10
    assert actions.distribute(at) == 0
