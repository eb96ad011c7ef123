"""Usage follows from the records, to the second: counted once, whatever is told how often, in
whatever order, by however many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from datetime import date, datetime, timedelta
from functools import partial
from importlib import import_module

import pytest
from django.db import connection

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.calls import actions, queries
from deskbell.calls.models import Call, Stage, UsageOfDay
from deskbell.calls.queries import By, UsageWanted
from deskbell.calls.rules import Usage
from deskbell.platform.tenancy import account_scope

NUMBER = "+12125550142"
TODAY = date(2026, 3, 4)


def sid(number: int) -> str:
    return f"CA{number:032x}"


def ring(account: Account, which: int, at: datetime, **changes: object) -> Call:
    values: dict[str, object] = {
        "number": None,
        "caller_id": "+12125550187",
        "caller_name": "",
        "dialled": NUMBER,
    }
    values |= changes
    return actions.begin(
        account_id=account.pk,
        sid=sid(which),
        at=at,
        **values,  # type: ignore[arg-type]
    )


def hang_up(number: int, at: datetime, seconds: int) -> None:
    actions.end(
        sid=sid(number), status="completed", at=at, seconds=seconds, who="caller", quality={}
    )


def assist(call: Call, user: User, at: datetime) -> None:
    actions.enter_stage(call_id=call.pk, stage=Stage.TALK, at=at)
    actions.answered_by(call_id=call.pk, user=user, skill=None, at=at)


def used() -> dict[tuple[date, str], tuple[int, int, int, int]]:
    rows = queries.usage(UsageWanted(date.min, date.max), By.DAY, By.NUMBER)
    return {(row.day or date.min, row.number): astuple(row.usage)[:4] for row in rows}


def test_standard_and_assisted_by_number_and_day(acme: Account, rita: User, at: datetime) -> None:
    with account_scope(acme.pk):
        ring(acme, 1, at)
        hang_up(1, at + timedelta(seconds=30), 30)
        second = ring(acme, 2, at, dialled="2125550142")
        assist(second, rita, at + timedelta(seconds=10))
        hang_up(2, at + timedelta(seconds=60), 60)
        actions.wrapped_up(call_id=second.pk, at=at + timedelta(seconds=80))
        ring(acme, 3, at, dialled="+12125550143")
        hang_up(3, at + timedelta(seconds=5), 5)
        out = {"caller_id": NUMBER, "dialled": "+13105550111", "call_type": "OutboundCall"}
        ring(acme, 4, at + timedelta(days=1), **out)
        hang_up(4, at + timedelta(days=1, seconds=7), 7)
        assert used() == {
            (TODAY, NUMBER): (2, 1, 40, 70),
            (TODAY, "+12125550143"): (1, 0, 5, 0),
            (TODAY + timedelta(days=1), NUMBER): (1, 0, 7, 0),
        }
        month = queries.monthly(acme, at)
        assert [day.day for day in month] == [date(2026, 3, each) for each in range(1, 5)]
        assert [day.usage for day in month] == [Usage()] * 3 + [Usage(3, 1, 45, 70, 5, 4)]
        assert len(queries.usage(UsageWanted(TODAY, TODAY, number=NUMBER), By.NUMBER)) == 1


def test_a_day_is_the_accounts(acme: Account, at: datetime) -> None:
    late = datetime.fromisoformat("2026-03-05T04:30:00Z")  # half past eleven in New York
    with account_scope(acme.pk):
        ring(acme, 1, late)
        hang_up(1, late + timedelta(hours=1), 3600)
        assert used() == {(TODAY, NUMBER): (1, 0, 3600, 0)}


def test_a_repeated_end_counts_once(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        ring(acme, 1, at)
        hang_up(1, at, 30)
        hang_up(1, at, 90)
        assert used() == {(TODAY, NUMBER): (1, 0, 30, 0)}


def test_an_account_has_its_own(acme: Account, other: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        ring(acme, 1, at)
        hang_up(1, at, 30)
    with account_scope(other.pk):
        assert used() == {}
        assert not queries.usage(UsageWanted(TODAY, TODAY), By.DAY)


def test_counting_anew_finds_what_was_counted(acme: Account, rita: User, at: datetime) -> None:
    with account_scope(acme.pk):
        for number in range(1, 6):
            call = ring(acme, number, at + timedelta(days=number), dialled=f"+1212555014{number}")
            if number % 2:
                assist(call, rita, at + timedelta(days=number))
            hang_up(number, at + timedelta(days=number, seconds=20), 20)
        ring(acme, 9, at)
        before = used()
        again = partial(
            actions.recount, account=acme, since=TODAY, until=TODAY + timedelta(days=30)
        )
        assert again() == 5
        assert used() == before
        Call.objects.update(counted_on=None)  # as calls from before usage was counted
        UsageOfDay.objects.all().delete()
        assert again() == 5
        assert again() == 5
        assert used() == before
        Call.objects.update(counted_on=None, counts_for="")
        name = import_module("deskbell.calls.migrations.0007_count_the_usage_of_calls_so_far")
        count = import_module("deskbell.calls.migrations.0008_usage_by_kind_and_receptionist")
        with connection.cursor() as cursor:
            for statement in (name.NAME, count.EMPTY, count.COUNT):
                cursor.execute(statement)
        assert used() == before


def test_counting_anew_follows_the_accounts_time_zone(acme: Account, at: datetime) -> None:
    """A call of late in the evening is one of the next morning in London, and counts once."""
    late = datetime.fromisoformat("2026-03-05T04:30:00Z")
    with account_scope(acme.pk):
        ring(acme, 1, late)
        hang_up(1, late, 30)
        acme.time_zone = "Europe/London"
        acme.save()
        assert actions.recount(account=acme, since=TODAY, until=TODAY) == 0
        assert used() == {(TODAY + timedelta(days=1), NUMBER): (1, 0, 30, 0)}
        tomorrow = TODAY + timedelta(days=1)
        assert actions.recount(account=acme, since=tomorrow, until=tomorrow) == 1
        assert used() == {(tomorrow, NUMBER): (1, 0, 30, 0)}


@pytest.mark.django_db(transaction=True)
def test_many_ends_at_once_are_all_counted(acme: Account, rita: User, at: datetime) -> None:
    calls = 24
    with account_scope(acme.pk):
        for number in range(calls):
            ring(acme, number, at)

    def finish(number: int) -> None:
        try:
            with account_scope(acme.pk):
                call = Call.objects.get(sid=sid(number))
                if number % 3 == 0:
                    assist(call, rita, at)
                hang_up(number, at + timedelta(seconds=10), 10)
                if number % 3 == 0:
                    actions.wrapped_up(call_id=call.pk, at=at + timedelta(seconds=12))
                if number % 8 == 7:
                    actions.recount(account=acme, since=TODAY, until=TODAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(finish, [*range(calls), *range(calls)]))
    with account_scope(acme.pk):
        third = calls // 3
        assert used() == {(TODAY, NUMBER): (calls, third, 10 * (calls - third), 12 * third)}


def test_the_number_is_the_accounts_own_where_it_has_been_deleted(
    acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    with account_scope(acme.pk):
        ring(acme, 1, at, number=acme_number)
        acme_number.delete()
        hang_up(1, at, 30)
        assert used() == {(TODAY, NUMBER): (1, 0, 30, 0)}
