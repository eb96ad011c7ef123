"""Statements as they are made: once, whole, and only where both sums agree."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.actions import open_account
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.billing import actions, queries
from deskbell.billing.actions import statements as making
from deskbell.billing.errors import AdjustmentStated, MonthNotOver, StatementIssued
from deskbell.billing.hooks import StatementEvent, statement_issued
from deskbell.billing.models import (
    Adjustment,
    LineKind,
    Plan,
    Statement,
    StatementLine,
    StatementRun,
    StatementState,
)
from deskbell.calls import actions as calls
from deskbell.calls.models import UsageOfDay
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import account_scope, system_scope

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
SOON = datetime(2026, 11, 1, 12, tzinfo=UTC)  # eight hours into New York's November
LATER = datetime(2026, 12, 1, 12, tzinfo=UTC)
_calls = count(1)


@pytest.fixture
def standard(db: None, at: datetime) -> Plan:
    return actions.add_plan(
        name="Standard", base_cents=12900, included_minutes=2, overage_cents=125, at=at
    )


@pytest.fixture
def told() -> Iterator[list[StatementEvent]]:
    heard: list[StatementEvent] = []
    statement_issued.subscribe(heard.append)
    yield heard
    statement_issued.unsubscribe(heard.append)


def give(account: Account, plan: Plan, on: date = OCTOBER) -> None:
    with account_scope(account.pk):
        actions.subscribe(account=account, plan=plan, begins_on=on, by=None, at=SOON)


def ring(account: Account, number: PhoneNumber | None, at: datetime, seconds: int) -> None:
    sid = f"CA{next(_calls):032x}"
    with account_scope(account.pk):
        calls.begin(
            account_id=account.pk,
            sid=sid,
            number=number,
            caller_id="+12125550199",
            caller_name="",
            dialled="+12125550142",
            at=at,
        )
        calls.end(
            sid=sid,
            status="completed",
            seconds=seconds,
            who="caller",
            quality={},
            at=at + timedelta(seconds=seconds),
        )


def made(account: Account, month: date = OCTOBER) -> Statement:
    with system_scope("test"):
        return Statement.objects.get(account=account, month=month)


def lines(statement: Statement) -> list[tuple[str, int]]:
    with system_scope("test"):
        return list(statement.lines.values_list("kind", "amount_cents"))


def test_a_month_is_stated_line_by_line(
    acme: Account, acme_number: PhoneNumber, standard: Plan, told: list[StatementEvent]
) -> None:
    give(acme, standard)
    ring(acme, acme_number, datetime(2026, 10, 5, 15, tzinfo=UTC), 121)
    # It begins in New York's October, ends in its November, and belongs to the day it began on.
    ring(acme, acme_number, datetime(2026, 11, 1, 3, 59, tzinfo=UTC), 180)
    ring(acme, acme_number, datetime(2026, 11, 1, 4, 1, tzinfo=UTC), 6000)
    with account_scope(acme.pk):
        actions.adjust(account=acme, cents=-500, words=" An outage ", by=None, at=SOON)
    run = actions.make_statements(OCTOBER, SOON)
    statement = made(acme)
    assert (statement.number, statement.state) == ("W0411-2026-10", StatementState.ISSUED)
    assert lines(statement) == [("base", 12900), ("overage", 500), ("adjustment", -500)]
    assert (statement.total_cents, statement.checked_cents) == (12900, 12900)
    assert statement.due_on == date(2026, 11, 15)
    with account_scope(acme.pk):
        overage = statement.lines.get(kind=LineKind.OVERAGE)
        assert (overage.calls, overage.used_seconds, overage.charged_seconds) == (2, 360, 240)
        assert queries.balance(acme) == 12900
        assert list(queries.statements(acme)) == [statement]
    assert [(each.account_id, each.statement_id) for each in told] == [(acme.pk, statement.pk)]
    assert run
    assert (run.accounts, run.done, run.held, run.ended_at) == (1, 1, 0, SOON)


def test_twice_is_once(acme: Account, standard: Plan, told: list[StatementEvent]) -> None:
    give(acme, standard)
    first = actions.make_statements(OCTOBER, SOON)
    again = actions.make_statements(OCTOBER, SOON + timedelta(hours=1))
    assert first
    assert again
    assert (again.began_at, again.ended_at, again.done) == (SOON, SOON, 1)
    assert [each.pk for each in actions.make_due_statements(SOON)] == [first.pk]
    assert len(told) == 1


def test_months_are_made_from_that_of_the_first_plan_on_three_back(
    acme: Account, other: Account, standard: Plan, told: list[StatementEvent]
) -> None:
    assert actions.make_due_statements(SOON) == []
    give(acme, standard, date(2026, 9, 20))
    give(other, standard, NOVEMBER)  # whose first statement is November's
    actions.make_due_statements(SOON)
    with system_scope("test"):
        months = Statement.objects.order_by("month").values_list("account_id", "month")
        assert list(months) == [(acme.pk, date(2026, 9, 1)), (acme.pk, OCTOBER)]
        assert made(acme).balance_before_cents == made(acme, date(2026, 9, 1)).total_cents
    actions.make_due_statements(datetime(2027, 6, 2, tzinfo=UTC))
    assert {each.month.month for each in queries.runs() if each.month.year == 2027} == {3, 4, 5}


def test_each_account_waits_for_the_end_of_its_own_month(
    acme: Account, other: Account, standard: Plan
) -> None:
    for account in (acme, other):
        give(account, standard)
    with pytest.raises(MonthNotOver):
        actions.make_statements(OCTOBER, datetime(2026, 11, 1, 5, 59, tzinfo=UTC))
    run = actions.make_statements(OCTOBER, datetime(2026, 11, 1, 7, tzinfo=UTC))
    assert run
    assert run.done == 1
    made(other)  # in London it has been over for six hours
    run = actions.make_statements(OCTOBER, SOON)
    assert run
    assert (run.accounts, run.done) == (2, 2)


def test_two_sums_that_differ_hold_a_statement_until_it_is_made_again(
    acme: Account,
    acme_number: PhoneNumber,
    standard: Plan,
    told: list[StatementEvent],
) -> None:
    give(acme, standard)
    ring(acme, acme_number, datetime(2026, 10, 5, 15, tzinfo=UTC), 181)
    with account_scope(acme.pk):
        credit = actions.adjust(account=acme, cents=-500, words="Outage", by=None, at=SOON)
        UsageOfDay.objects.update(whole_minutes=3)  # a minute is lost
    run = actions.make_statements(OCTOBER, SOON)
    held = made(acme)
    assert (held.state, held.issued_at) == (StatementState.HELD, None)
    assert held.checked_cents - held.total_cents == 125
    assert run
    assert run.held == 1
    with account_scope(acme.pk):
        assert list(queries.statements(acme)) == []
        assert queries.balance(acme) == 0
        assert list(queries.adjustments_waiting(acme)) == [credit]
    assert actions.remake(statement=held, at=SOON)
    assert made(acme).state == StatementState.HELD  # still
    with account_scope(acme.pk):
        calls.recount(account=acme, since=OCTOBER, until=NOVEMBER)
    again = actions.remake(statement=made(acme), at=SOON)
    assert again
    assert (again.state, again.total_cents) == (StatementState.ISSUED, 12650)
    run = queries.runs().get()
    assert (run.done, run.held) == (1, 0)
    assert len(told) == 1
    with pytest.raises(StatementIssued):
        actions.remake(statement=again, at=SOON)


def test_usage_that_came_late_is_put_right_on_the_next_statement(
    acme: Account, acme_number: PhoneNumber, standard: Plan
) -> None:
    give(acme, standard)
    actions.make_statements(OCTOBER, SOON)
    ring(acme, acme_number, datetime(2026, 10, 31, 15, tzinfo=UTC), 180)
    actions.edit_plan(plan=standard, overage_cents=999)
    actions.make_statements(NOVEMBER, LATER)
    assert lines(made(acme)) == [("base", 12900), ("overage", 0)]
    assert lines(made(acme, NOVEMBER)) == [("base", 12900), ("overage", 0), ("put_right", 125)]
    actions.make_statements(date(2026, 12, 1), LATER + timedelta(days=31))
    assert lines(made(acme, date(2026, 12, 1))) == [("base", 12900), ("overage", 0)]


def test_without_a_plan_only_what_was_given_before_the_months_end_is_stated(
    acme: Account, other: Account, standard: Plan
) -> None:
    before = datetime(2026, 10, 31, 12, tzinfo=UTC)
    with system_scope("test"):
        actions.adjust(account=acme, cents=600, words="Setting up", by=None, at=before)
        actions.adjust(account=other, cents=600, words="Setting up", by=None, at=SOON)
    actions.make_statements(OCTOBER, SOON)
    assert lines(made(acme)) == [("adjustment", 600)]
    with system_scope("test"):
        assert not Statement.objects.filter(account=other).exists()


def test_charges_and_credits_are_taken_back_until_they_are_stated(
    acme: Account, standard: Plan, olivia: User
) -> None:
    give(acme, standard)
    with account_scope(acme.pk):
        for cents in (0, 10_000_001, -10_000_001):
            with pytest.raises(InvalidInput):
                actions.adjust(account=acme, cents=cents, words="x", by=olivia, at=SOON)
        with pytest.raises(InvalidInput):
            actions.adjust(account=acme, cents=1, words=" ", by=olivia, at=SOON)
        slip, right = (
            actions.adjust(account=acme, cents=cents, words="x", by=olivia, at=SOON)
            for cents in (1, 2)
        )
        actions.withdraw_adjustment(adjustment=slip)
        actions.withdraw_adjustment(adjustment=slip)
    actions.make_statements(OCTOBER, SOON)
    with account_scope(acme.pk):
        with pytest.raises(AdjustmentStated):
            actions.withdraw_adjustment(adjustment=right)
        assert Adjustment.objects.get().statement == made(acme)


def test_nothing_of_a_statement_changes(acme: Account, standard: Plan) -> None:
    give(acme, standard)
    actions.make_statements(OCTOBER, SOON)
    for rows in (Statement, StatementLine):
        with (
            account_scope(acme.pk),
            pytest.raises(IntegrityError, match="stays as it was made"),
            transaction.atomic(),
        ):
            rows.objects.update(account_id=acme.pk)


def test_a_number_that_another_account_bore_is_not_given_twice(
    acme: Account, other: Account, standard: Plan
) -> None:
    give(acme, standard)
    actions.make_statements(OCTOBER, SOON)
    Account.objects.filter(pk=acme.pk).update(number="W9999")
    Account.objects.filter(pk=other.pk).update(number="W0411")
    give(other, standard)
    actions.make_statements(OCTOBER, SOON)
    assert made(other).number == f"W0411-2026-10-{other.pk}"


def test_many_accounts_are_read_together(
    standard: Plan, at: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(30):
        give(open_account(number=f"T{n}", name="x", time_zone="UTC", at=at), standard)
    with django_assert_max_num_queries(32):
        run = actions.make_statements(OCTOBER, SOON)
    assert run
    assert run.done == 30


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_each_statement_once(
    acme: Account,
    other: Account,
    standard: Plan,
    told: list[StatementEvent],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(making, "BATCH", 1)
    for account in (acme, other):
        give(account, standard)
    ready = threading.Barrier(2)

    def make() -> None:
        try:
            ready.wait(10)
            actions.make_statements(OCTOBER, SOON)
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(each.account_id for each in told) == sorted([acme.pk, other.pk])
    run = StatementRun.objects.get()
    assert (run.accounts, run.done, run.held) == (2, 2, 0)


KILLED = """
import os, signal, sys
from datetime import UTC, date, datetime
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]  # the tests' own
django.setup()
from deskbell.billing import actions
from deskbell.billing.actions import statements
from deskbell.billing.hooks import statement_issued
statements.BATCH = 1
told = []
def kill_at_the_second(event):
    told.append(event)
    if len(told) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
statement_issued.subscribe(kill_at_the_second)
actions.make_statements(date(2026, 10, 1), datetime(2026, 11, 1, 12, tzinfo=UTC))
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_between_leaves_whole_statements_and_another_goes_on(
    acme: Account, other: Account, standard: Plan
) -> None:
    for account in (acme, other):
        give(account, standard)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(connection.settings_dict["NAME"])],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=60,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    with system_scope("test"):
        assert [len(each.lines.all()) for each in Statement.objects.all()] == [2]
        run = queries.runs().get()
        assert (run.accounts, run.done, run.ended_at) == (2, 1, None)
    again = actions.make_statements(OCTOBER, SOON)
    assert again == run
    run.refresh_from_db()
    assert (run.accounts, run.done, run.ended_at) == (2, 2, SOON)
