"""How much one account's To Dos may send: a token that was stolen must not cost without end."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from deskbell.accounts.actions import add_number
from deskbell.accounts.models import Account
from deskbell.delivery.tests.example import Behaviour
from deskbell.delivery.transports.sms.tests.peer import Peer as Carrier
from deskbell.foundation.errors import Conflict
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.todos import actions, caps, queries
from deskbell.todos.models import Run, RunState, ToDo

Make = Callable[..., ToDo]
Work = Callable[[datetime], None]
pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def three(settings: Settings) -> None:
    """Three of a kind an hour."""
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, to_dos_per_hour=3)


def states(made: list[ToDo]) -> list[str]:
    return [queries.runs_of(each)[0].state for each in made]


def test_an_account_sends_so_many_of_a_kind_an_hour(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    made = [make() for _ in range(5)]
    work(at)
    assert len(carrier.asked) == 3
    assert states(made) == ["sent"] * 3 + ["failed"] * 2
    words = queries.runs_of(made[-1])[0].answer
    assert words.startswith("Not sent: an account's To Dos may send 3 texts an hour")
    late = make(made_at=at + HOUR / 2)
    work(at + HOUR / 2)
    assert states([late]) == ["failed"]
    later = make(made_at=at + HOUR)
    work(at + HOUR)
    assert states([later]) == ["sent"]


def test_what_is_deleted_was_sent_all_the_same(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    for _ in range(6):
        to_do = make()
        work(at)
        actions.delete_to_do(to_do=to_do)
    assert len(carrier.asked) == 3


def test_running_by_hand_counts(make: Make, carrier: Carrier, work: Work, at: datetime) -> None:
    to_do = make()
    work(at)
    for second in range(1, 6):
        actions.run_now(to_do=to_do, at=at + timedelta(seconds=second))
        work(at + timedelta(seconds=second))
    assert len(carrier.asked) == 3


def test_each_kind_counts_by_itself_and_each_account(
    make: Make, carrier: Carrier, work: Work, other: Account, at: datetime
) -> None:
    made = [make() for _ in range(4)]
    mail = make(delivery_type="email", contact="bob@example.com")
    with account_scope(other.pk):
        add_number(account=other, number="+12125550177", at=at)
        actions.add_to_do(
            account_id=other.pk,
            fields=actions.Fields("sms", contact="+12125550135", message_text="Hello"),
            when={"rule": "immediately"},
            at=at,
        )
    work(at)
    assert states(made).count("sent") == 3
    assert len(carrier.asked) == 4
    assert "3 texts" not in queries.runs_of(mail)[0].answer


def test_a_second_try_is_not_counted_again(
    make: Make, carrier: Carrier, work: Work, at: datetime
) -> None:
    carrier.behaviour = Behaviour.TRY_LATER
    to_do = make()
    for second in (0, 10, 40, 100):
        work(at + timedelta(seconds=second))
    assert states([to_do]) == ["waiting"]
    carrier.behaviour = Behaviour.TAKE
    others = [make(made_at=at + timedelta(minutes=3)) for _ in range(2)]
    work(at + timedelta(minutes=3))
    assert states([to_do, *others]) == ["sent"] * 3


def test_an_account_has_so_many_that_are_to_run(
    make: Make, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    monkeypatch.setattr(caps, "MOST_AHEAD", 2)
    daily = {"frequency": "daily", "times": ["11:00 AM"]}
    first = make(daily)
    make(daily)
    with pytest.raises(Conflict, match="2 To Dos that are still to run"):
        make(daily)
    actions.pause_to_do(to_do=first, at=at)
    make(daily)
    with pytest.raises(Conflict):
        actions.resume_to_do(to_do=first, at=at)
    with system_scope("a look"):
        assert not Run.objects.exclude(state=RunState.WAITING).exists()
