"""What bills count: begun half minutes and minutes of each call, whichever way it is added up."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from importlib import import_module

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.models import Account, User
from deskbell.calls import actions, queries
from deskbell.calls.models import Stage, UsageOfDay
from deskbell.calls.queries import BilledDay, By, UsageWanted, Who
from deskbell.calls.rules import KINDS, Seconds, Usage, usage_of
from deskbell.platform.tenancy import account_scope, system_scope

DAY = date(2026, 3, 4)
NUMBERS = ("+12125550142", "+12125550143")
MIGRATION = import_module("deskbell.calls.migrations.0008_usage_by_kind_and_receptionist")
FIGURES = [each.name for each in fields(Usage)]
seconds = st.integers(0, 4000)


@given(st.lists(st.builds(Seconds, *[seconds] * 7, connection=seconds)), st.booleans())
def test_each_call_is_rounded_up_alone(calls: list[Seconds], is_assisted: bool) -> None:
    used = [usage_of(each, is_assisted=is_assisted) for each in calls]
    for one in used:
        assert 0 <= 30 * one.half_minutes - one.seconds < 30
        assert 0 <= 60 * one.whole_minutes - one.seconds < 60
        assert one.whole_minutes <= one.half_minutes <= 2 * one.whole_minutes
    total = sum(used, Usage())
    assert total.half_minutes == sum(one.half_minutes for one in used)
    assert total - total == Usage()


@pytest.mark.parametrize(
    ("connection", "halves", "wholes"), [(0, 0, 0), (1, 1, 1), (30, 1, 1), (31, 2, 1), (61, 3, 2)]
)
def test_a_begun_span_is_a_whole_one(connection: int, halves: int, wholes: int) -> None:
    used = usage_of(Seconds(connection=connection), is_assisted=False)
    assert (used.half_minutes, used.whole_minutes) == (halves, wholes)


@dataclass(frozen=True)
class Story:
    """One call: by what number and kind, how long, and who had it from and until when."""

    day: date
    number: str
    kind: str
    length: int
    handed_after: int | None
    wrapped_after: int | None


stories = st.builds(
    Story,
    day=st.sampled_from([DAY, DAY + timedelta(days=1), DAY + timedelta(days=40)]),
    number=st.sampled_from(NUMBERS),
    kind=st.sampled_from(KINDS),
    length=st.integers(0, 400),
    handed_after=st.none() | st.integers(0, 400),
    wrapped_after=st.none() | st.integers(0, 100),
)


def happen(which: int, story: Story, account: Account, users: list[User]) -> None:
    """The call begins, ends, and what the desk tells of it comes before its end or after."""
    began = datetime.combine(story.day, time(18), UTC)
    sid = f"CA{account.pk:016x}{which:016x}"
    call = actions.begin(
        account_id=account.pk,
        sid=sid,
        at=began,
        number=None,
        caller_id=story.number,
        caller_name="",
        dialled=story.number,
        call_type=story.kind,
    )
    end = partial(
        actions.end, sid=sid, status="completed", seconds=story.length, who="caller", quality={}
    )
    ended = began + timedelta(seconds=story.length)
    if story.length % 2:
        end(at=ended)
    if story.handed_after is not None:
        at = began + timedelta(seconds=story.handed_after)
        for user in users[: 1 + which % 2]:
            actions.enter_stage(call_id=call.pk, stage=Stage.TALK, at=at)
            actions.answered_by(call_id=call.pk, user=user, skill=None, at=at)
    end(at=ended)
    if story.wrapped_after is not None:
        actions.wrapped_up(call_id=call.pk, at=ended + timedelta(seconds=story.wrapped_after))


def rows() -> list[tuple[object, ...]]:
    columns = "number", "day", "kind", "agent_id", "agent_name", *FIGURES
    found = UsageOfDay.objects.order_by("day", "number", "kind", "agent_id")
    return list(found.filter(calls__gt=0).values_list(*columns))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(stories, min_size=1, max_size=8))
def test_counted_put_right_and_counted_anew_are_the_same(
    acme: Account, rita: User, olivia: User, told: list[Story]
) -> None:
    with account_scope(acme.pk), transaction.atomic():
        for which, story in enumerate(told):
            happen(which, story, acme, [rita, olivia])
        since, until = DAY, DAY + timedelta(days=50)
        before, billed = rows(), queries.billed([acme.pk], since, until)
        assert queries.billed_from_calls([acme.pk], since, until) == billed
        assert all(row[-6:] != (0,) * 6 for row in before)
        actions.recount(account=acme, since=since, until=until)
        assert rows() == before
        with connection.cursor() as cursor:
            cursor.execute(MIGRATION.EMPTY)
            cursor.execute(MIGRATION.COUNT)
        assert rows() == before
        transaction.set_rollback(True)


def test_days_of_several_accounts_are_one_query_each_way(
    acme: Account,
    other: Account,
    rita: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for account, length in ((acme, 31), (other, 61)):
        with account_scope(account.pk):
            happen(1, Story(DAY, NUMBERS[0], KINDS[0], length, None, None), account, [rita])
            later = DAY + timedelta(days=1)
            happen(2, Story(later, NUMBERS[1], KINDS[1], 10, 0, 5), account, [rita])
    expected = {
        acme.pk: [BilledDay(DAY, 1, 31, 2, 1)],
        other.pk: [BilledDay(DAY, 1, 61, 3, 2)],
    }
    with system_scope("a test"):
        for read in (queries.billed, queries.billed_from_calls):
            with django_assert_num_queries(1):
                assert read([acme.pk, other.pk], DAY, DAY) == expected
        both = queries.billed([acme.pk], DAY, DAY + timedelta(days=1))
        assert [each.day for each in both[acme.pk]] == [DAY, later]
    with account_scope(other.pk):
        assert queries.billed([acme.pk], DAY, DAY) == {}


def test_usage_is_told_apart_by_what_is_asked(acme: Account, rita: User) -> None:
    next_week = DAY + timedelta(days=7)
    told = [
        Story(DAY, NUMBERS[0], "InboundCall", 30, None, None),
        Story(DAY, NUMBERS[1], "OutboundCall", 40, 10, None),
        Story(next_week, NUMBERS[0], "InboundCall", 50, None, None),
    ]
    with account_scope(acme.pk):
        for which, story in enumerate(told):
            happen(2 * which, story, acme, [rita])
        wanted = UsageWanted(DAY, next_week)
        weeks = queries.usage(wanted, By.WEEK)
        assert [each.day for each in weeks] == [date(2026, 3, 2), date(2026, 3, 9)]
        assert [each.usage.seconds for each in weeks] == [70, 50]
        agents = queries.usage(wanted, By.AGENT)
        assert [(each.agent_id, each.agent_name) for each in agents] == [
            (0, ""),
            (rita.pk, str(rita)),
        ]
        by_kind = queries.usage(wanted, By.KIND, By.NUMBER)
        assert [(each.kind, each.number) for each in by_kind] == [
            ("InboundCall", NUMBERS[0]),
            ("OutboundCall", NUMBERS[1]),
        ]
        for left, seconds_left in (
            (replace(wanted, number=NUMBERS[1]), 40),
            (replace(wanted, kind="InboundCall"), 80),
            (replace(wanted, agent=Who.NOBODY), 80),
            (replace(wanted, agent=Who.ANYBODY), 40),
            (replace(wanted, agent=rita.pk), 40),
            (replace(wanted, since=next_week), 50),
        ):
            found = queries.usage(left, By.DAY)
            assert sum(each.usage.seconds for each in found) == seconds_left
