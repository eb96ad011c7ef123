"""What happened to a call at the desk is in its record, however and whenever it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.calls import actions, hooks, queries
from deskbell.calls.hooks import CallEvent
from deskbell.calls.models import Call, Stage, StageOfCall
from deskbell.calls.queries import By, UsageWanted
from deskbell.calls.rules import Usage
from deskbell.foundation.errors import NotFound, OutOfScope
from deskbell.platform.tenancy import account_scope, system_scope

SID = "CA" + "1" * 32


@dataclass
class Skill:
    pk: int = 4
    name: str = "Spanish"


@pytest.fixture
def scope(acme: Account) -> Iterator[None]:
    with account_scope(acme.pk):
        yield


@pytest.fixture
def call(scope: None, acme: Account, acme_number: PhoneNumber, at: datetime) -> Call:
    return actions.begin(
        account_id=acme.pk,
        sid=SID,
        number=acme_number,
        caller_id="+12125550187",
        caller_name="",
        dialled="+12125550142",
        at=at,
        gateway="http://127.0.0.1:8070",
    )


@dataclass
class Listener:
    heard: list[CallEvent] = field(default_factory=list)

    def __call__(self, event: CallEvent) -> None:
        self.heard.append(event)


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    hooks.call_ended.subscribe(made.__call__)
    yield made
    hooks.call_ended.unsubscribe(made.__call__)


def end(at: datetime, seconds: int, who: str = "system") -> None:
    actions.end(sid=SID, status="completed", at=at, seconds=seconds, who=who, quality={})


def through_the_desk(call: Call, rita: User, at: datetime) -> None:
    """5 s in the attendant, 10 s waiting, 20 s talking, 5 s held."""
    for stage, after in ((Stage.WAIT, 5), (Stage.TALK, 15), (Stage.HOLD, 35)):
        actions.enter_stage(call_id=call.pk, stage=stage, at=at + timedelta(seconds=after))
    answered = at + timedelta(seconds=15)
    actions.answered_by(call_id=call.pk, user=rita, skill=Skill(), at=answered)


def test_a_call_through_the_desk_has_all_of_its_record(
    call: Call, rita: User, at: datetime
) -> None:
    through_the_desk(call, rita, at)
    actions.hung_up_by(call_id=call.pk, who="agent")
    end(at + timedelta(seconds=40), 40)
    actions.wrapped_up(call_id=call.pk, at=at + timedelta(seconds=52))
    actions.wrapped_up(call_id=call.pk, at=at + timedelta(seconds=90))
    found = queries.one(SID)
    figures = (found.ivr_sec, found.wait_sec, found.talk_sec, found.hold_sec, found.wrap_sec)
    assert figures == (5, 10, 20, 5, 12)
    assert (found.connection_sec, found.who_hung_up) == (40, "agent")
    assert (found.agent_id, found.agent_name) == (rita.pk, "Rita")
    assert (found.skill_id, found.skill_name) == ("4", "Spanish")
    assert found.agent_answered_at == at + timedelta(seconds=15)
    assert found.gateway == "http://127.0.0.1:8070"


def test_a_stage_that_is_told_twice_is_once(call: Call, at: datetime) -> None:
    for after in (5, 6):
        later = at + timedelta(seconds=after)
        assert actions.enter_stage(call_id=call.pk, stage=Stage.WAIT, at=later)
    assert StageOfCall.objects.count() == 1


def test_who_answers_a_second_time_is_shown_and_the_first_answer_stands(
    call: Call, rita: User, olivia: User, at: datetime
) -> None:
    through_the_desk(call, rita, at)
    actions.answered_by(call_id=call.pk, user=olivia, skill=None, at=at + timedelta(seconds=60))
    found = queries.one(SID)
    assert (found.agent_name, found.skill_name) == ("Olivia", "")
    assert found.agent_answered_at == at + timedelta(seconds=15)


def test_what_is_told_after_the_end_puts_the_record_right(
    call: Call, rita: User, at: datetime
) -> None:
    actions.enter_stage(call_id=call.pk, stage=Stage.WAIT, at=at)
    end(at + timedelta(seconds=40), 40)
    assert queries.one(SID).wait_sec == 40
    late = at + timedelta(seconds=30)
    assert not actions.enter_stage(call_id=call.pk, stage=Stage.TALK, at=late)
    actions.answered_by(call_id=call.pk, user=rita, skill=None, at=late)
    actions.hung_up_by(call_id=call.pk, who="agent")
    found = queries.one(SID)
    assert (found.wait_sec, found.talk_sec, found.who_hung_up) == (30, 10, "agent")
    [used] = queries.usage(UsageWanted(at.date(), at.date()), By.NUMBER)
    assert used.usage == Usage(1, 1, 30, 10, 2, 1)


@pytest.mark.parametrize(
    ("noted", "told", "shown"),
    [
        ("", "caller", "caller"),
        ("", "nobody", ""),
        ("agent", "system", "agent"),
        ("agent", "", "agent"),
        ("agent", "caller", "caller"),
        ("system", "callee", "callee"),
    ],
)
def test_who_hung_up(call: Call, at: datetime, noted: str, told: str, shown: str) -> None:
    if noted:
        actions.hung_up_by(call_id=call.pk, who=noted)
    end(at + timedelta(seconds=9), 9, who=told)
    actions.hung_up_by(call_id=call.pk, who="caller")
    later = queries.one(SID).who_hung_up
    assert later == (shown or "caller")


def test_the_desk_hears_of_the_end_of_calls_that_came_to_it(
    call: Call, at: datetime, listener: Listener
) -> None:
    actions.enter_stage(call_id=call.pk, stage=Stage.WAIT, at=at)
    end(at + timedelta(seconds=9), 9, who="caller")
    end(at + timedelta(seconds=10), 9, who="caller")
    ended = at + timedelta(seconds=9)
    assert listener.heard == [CallEvent(call.account_id, call.pk, SID, "caller", ended)]


def test_the_desk_hears_nothing_of_calls_that_only_met_the_attendant(
    call: Call, at: datetime, listener: Listener
) -> None:
    end(at + timedelta(seconds=9), 9, who="caller")
    assert listener.heard == []


def test_a_call_that_is_given_up_leaves_the_desk_and_uses_nothing(
    call: Call, at: datetime, listener: Listener
) -> None:
    actions.enter_stage(call_id=call.pk, stage=Stage.WAIT, at=at)
    later = at + timedelta(hours=6)
    with system_scope("a test"):
        assert actions.close_orphans(at=later) == 1
    assert [event.who for event in listener.heard] == ["system"]
    day = UsageWanted(at.date(), at.date())
    assert not queries.usage(day, By.NUMBER)
    end(later + timedelta(minutes=1), 21660)
    assert queries.one(SID).wait_sec == 21660
    [used] = queries.usage(day, By.NUMBER)
    assert (used.usage.calls, used.usage.standard_seconds) == (1, 21660)


def test_a_stage_needs_a_call_of_the_account(call: Call, other: Account, at: datetime) -> None:
    with account_scope(other.pk), pytest.raises((NotFound, OutOfScope)):
        actions.enter_stage(call_id=call.pk, stage=Stage.WAIT, at=at)


def test_the_end_of_an_attendants_call_is_four_statements(
    call: Call, at: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """It is found, counted, written, and shown to who looks; two more are the savepoint's."""
    with django_assert_num_queries(4 + 2):
        end(at + timedelta(seconds=9), 9, who="caller")
