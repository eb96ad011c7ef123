"""Plans, and which account has which on which day."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from deskbell.accounts.models import Account, User
from deskbell.billing import actions, queries
from deskbell.billing.errors import (
    PlanNotFound,
    PlanTaken,
    PlanWithdrawn,
    SubscriptionStarted,
)
from deskbell.billing.models import Plan, Subscription
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import account_scope, system_scope

DAY = date(2026, 3, 4)
LATER = DAY + timedelta(days=30)


def make(
    at: datetime,
    name: str = "Standard",
    *,
    base_cents: int = 4900,
    overage_cents: int = 95,
    included_minutes: int = 0,
    increment_seconds: int = 60,
) -> Plan:
    return actions.add_plan(
        name=name,
        base_cents=base_cents,
        overage_cents=overage_cents,
        included_minutes=included_minutes,
        increment_seconds=increment_seconds,
        at=at,
    )


@pytest.fixture
def standard(db: None, at: datetime) -> Plan:
    return make(at)


@pytest.mark.parametrize(
    "fields",
    [
        {"base_cents": -1},
        {"base_cents": 10_000_001},
        {"overage_cents": -1},
        {"included_minutes": -1},
        {"increment_seconds": 45},
    ],
)
def test_a_plan_that_cannot_be_is_not_kept(db: None, at: datetime, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        make(at, **fields)
    assert refused.value.field == next(iter(fields))
    assert not Plan.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\0b", "Standard", " STANDARD "])
def test_a_plan_needs_a_name_of_its_own(standard: Plan, at: datetime, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        make(at, name)
    assert refused.value.field == "name"
    with pytest.raises(InvalidInput):
        actions.edit_plan(plan=make(at, "Other"), name=name)


def test_only_what_is_given_is_edited(standard: Plan) -> None:
    actions.edit_plan(plan=standard, base_cents=5900, increment_seconds=30)
    kept = Plan.objects.get()
    assert (kept.name, kept.base_cents, kept.overage_cents) == ("Standard", 5900, 95)
    assert kept.increment_seconds == 30
    actions.edit_plan(plan=standard, name="standard")  # its own name in another case


def test_a_plan_that_is_gone_says_so(standard: Plan) -> None:
    actions.remove_plan(plan=Plan.objects.get())
    for change in (actions.edit_plan, actions.withdraw_plan, actions.remove_plan):
        with pytest.raises(PlanNotFound):
            change(plan=Plan(pk=standard.pk, name="gone"))


def test_a_plan_holds_from_its_day_on_until_the_next(
    acme: Account, other: Account, standard: Plan, olivia: User, at: datetime
) -> None:
    larger = make(at, "Larger")
    with account_scope(acme.pk):
        for plan, day in ((larger, LATER), (standard, DAY)):
            actions.subscribe(account=acme, plan=plan, begins_on=day, by=olivia, at=at)
        assert queries.plan_of(acme, DAY - timedelta(days=1)) is None
        assert queries.plan_of(acme, DAY) == standard
        assert queries.plan_of(acme, LATER - timedelta(days=1)) == standard
        assert queries.plan_of(acme, LATER) == larger
        assert Subscription.objects.earliest("begins_on").created_by == olivia.email
    with system_scope("test"):
        assert queries.plans_on([acme.pk, other.pk], LATER) == {acme.pk: larger}
        counted = {each.name: each for each in queries.plans_with_counts(DAY)}
        assert (counted["Standard"].accounts, counted["Standard"].to_come) == (1, 0)
        assert (counted["Larger"].accounts, counted["Larger"].to_come) == (0, 1)
        counted = {each.name: each for each in queries.plans_with_counts(LATER)}
        assert (counted["Standard"].accounts, counted["Larger"].accounts) == (0, 1)
    with account_scope(other.pk):
        assert queries.plan_of(acme, LATER) is None  # nobody sees another account's


def test_the_same_day_again_replaces_the_plan(acme: Account, standard: Plan, at: datetime) -> None:
    with account_scope(acme.pk):
        larger = make(at, "Larger")
        for plan in (standard, larger):
            actions.subscribe(account=acme, plan=plan, begins_on=DAY, by=None, at=at)
        assert queries.plan_of(acme, DAY) == larger
        assert Subscription.objects.count() == 1


def test_a_withdrawn_plan_stays_where_it_is_and_goes_nowhere_else(
    acme: Account, other: Account, standard: Plan, at: datetime
) -> None:
    with account_scope(acme.pk):
        actions.subscribe(account=acme, plan=standard, begins_on=DAY, by=None, at=at)
    actions.withdraw_plan(plan=standard)
    assert list(queries.offered()) == []
    with account_scope(acme.pk):
        assert queries.plan_of(acme, LATER) == standard
    with account_scope(other.pk):
        with pytest.raises(PlanWithdrawn):
            actions.subscribe(account=other, plan=standard, begins_on=DAY, by=None, at=at)
        actions.offer_plan(plan=standard)
        actions.subscribe(account=other, plan=standard, begins_on=DAY, by=None, at=at)


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2100, 1, 1), date(9999, 12, 31)])
def test_a_day_that_cannot_be_is_refused(
    acme: Account, standard: Plan, at: datetime, day: date
) -> None:
    with account_scope(acme.pk), pytest.raises(InvalidInput) as refused:
        actions.subscribe(account=acme, plan=standard, begins_on=day, by=None, at=at)
    assert refused.value.field == "begins_on"


def test_what_has_begun_is_not_taken_back(acme: Account, standard: Plan, at: datetime) -> None:
    with account_scope(acme.pk):
        begun, coming = (
            actions.subscribe(account=acme, plan=standard, begins_on=day, by=None, at=at)
            for day in (DAY, DAY + timedelta(days=1))
        )
        with pytest.raises(SubscriptionStarted):
            actions.take_back(subscription=begun, at=at)
        actions.take_back(subscription=coming, at=at)
        assert list(Subscription.objects.all()) == [begun]
        with pytest.raises(SubscriptionStarted):
            actions.remove_plan(plan=standard)
    actions.remove_plan(plan=make(at, "Never given"))
    assert Plan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_name_a_plan_alike_one_is_told(at: datetime) -> None:
    """Both look before either has written: the database's own rule decides, in the same words."""
    told: list[Exception] = []
    ready = threading.Barrier(2)

    def add() -> None:
        try:
            ready.wait(10)
            make(at)
        except PlanTaken as error:
            told.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert Plan.objects.count() == 1
    assert [str(each) for each in told] == ["There is a plan Standard already; choose another name"]
