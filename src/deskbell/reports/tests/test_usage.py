"""Usage as a table: which it is, told apart by what, and what is wrong in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.calls.models import UsageOfDay
from deskbell.calls.queries import Who
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.tenancy import account_scope
from deskbell.reports.usage import check, meant, table

NUMBER = "+12125550142"
TODAY = date(2026, 3, 31)
AT = datetime(2026, 3, 31, 18, tzinfo=UTC)


@pytest.fixture
def used(acme: Account) -> Account:
    """Three days in March: 40 s standard each, and 90 s more by receptionist 7 on the second."""
    with account_scope(acme.pk):
        for day in (4, 5, 28):
            _put(acme, date(2026, 3, day), 0, "")
        _put(acme, date(2026, 3, 5), 7, "=Rita")
    return acme


def _put(account: Account, day: date, agent_id: int, agent_name: str) -> None:
    assisted = 90 if agent_id else 0
    UsageOfDay.objects.create(
        account=account,
        number=NUMBER,
        day=day,
        kind="InboundCall",
        agent_id=agent_id,
        agent_name=agent_name,
        calls=1,
        assisted_calls=int(bool(agent_id)),
        standard_seconds=40,
        assisted_seconds=assisted,
        half_minutes=2 if not agent_id else 5,
        whole_minutes=1 if not agent_id else 3,
    )


def test_a_line_for_everything_that_can_be_told_apart(used: Account) -> None:
    found = table(used, {"from_date": "2026-03-01"}, AT)
    assert found.labels[:5] == ["Day", "Number", "Kind", "Receptionist", "Calls"]
    rows = list(found.rows)
    assert rows == [
        ("2026-03-04", NUMBER, "Inbound", "No receptionist", 1, 0, 40, 0, 40, 2, 1),
        ("2026-03-05", NUMBER, "Inbound", "No receptionist", 1, 0, 40, 0, 40, 2, 1),
        ("2026-03-05", NUMBER, "Inbound", "=Rita", 1, 1, 40, 90, 130, 5, 3),
        ("2026-03-28", NUMBER, "Inbound", "No receptionist", 1, 0, 40, 0, 40, 2, 1),
    ]


@pytest.mark.parametrize(
    ("by", "names", "seconds"),
    [
        ("day", ["2026-03-04", "2026-03-05", "2026-03-28"], [40, 170, 40]),
        ("week", ["2026-03-02", "2026-03-23"], [210, 40]),
        ("number", [NUMBER], [250]),
        ("kind", ["Inbound"], [250]),
        ("receptionist", ["No receptionist", "=Rita"], [120, 130]),
    ],
)
def test_by_one_thing_alone(used: Account, by: str, names: list[str], seconds: list[int]) -> None:
    rows = list(table(used, {"by": by, "from_date": "3/1/2026"}, AT).rows)
    assert [row[0] for row in rows] == names
    assert [row[5] for row in rows] == seconds


def test_days_are_this_month_where_none_is_asked_for(used: Account) -> None:
    with account_scope(used.pk):
        assert meant(used, {}, TODAY).wanted.since == date(2026, 3, 1)
        assert meant(used, {}, TODAY).wanted.until == TODAY
        alone = meant(used, {"to_date": "2026-03-04"}, TODAY).wanted
        assert (alone.until, (alone.until - alone.since).days) == (date(2026, 3, 4), 1097)
        later = meant(used, {"from_date": "2026-05-01"}, TODAY).wanted
        assert later.since == later.until == date(2026, 5, 1)
        assert meant(used, {"receptionist": "nobody"}, TODAY).wanted.agent is Who.NOBODY
        assert meant(used, {"receptionist": "7"}, TODAY).wanted.agent == 7
        assert meant(used, {"number": "(212) 555-0142"}, TODAY).wanted.number == NUMBER


def test_a_number_of_the_account_needs_no_usage(acme: Account, acme_number: PhoneNumber) -> None:
    check(acme, {"number": acme_number.number})


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"from_date": "2026-03-05", "to_date": "2026-03-04"}, "to_date", "Ends before"),
        ({"from_date": "2/31/2026"}, "from_date", "is not a day"),
        ({"from_date": "2020-01-01", "to_date": "2026-01-01"}, "to_date", "Three years at most"),
        ({"number": "+12125550199"}, "number", "is no number of this account"),
        ({"number": "\0"}, "number", "is no number of this account"),
        ({"kind": "Sideways"}, "kind", "none of these: Inbound, Outbound, Internal"),
        ({"by": "moon"}, "by", "none of these: Day"),
        ({"receptionist": "8"}, "receptionist", "no such receptionist"),
        ({"receptionist": "9" * 40}, "receptionist", "no such receptionist"),
        ({"receptionist": "²"}, "receptionist", "no such receptionist"),
    ],
)
def test_what_is_wrong_is_said(
    used: Account, asked: dict[str, str | list[str]], field: str, words: str
) -> None:
    for read in (lambda: check(used, asked), lambda: table(used, asked, AT)):
        with pytest.raises(InvalidInput, match=words) as told:
            read()
        assert told.value.field == field


def test_another_account_sees_nothing_and_knows_no_numbers(used: Account, other: Account) -> None:
    assert list(table(other, {}, AT).rows) == []
    with pytest.raises(InvalidInput):
        check(other, {"number": NUMBER})
    with pytest.raises(InvalidInput):
        check(other, {"receptionist": "7"})


def test_a_long_time_comes_in_pieces_and_loses_no_day(acme: Account) -> None:
    with account_scope(acme.pk):
        days = [date(2025, 1, 1) + timedelta(days=n) for n in range(0, 450, 9)]
        for day in days:
            _put(acme, day, 0, "")
    rows = table(acme, {"from_date": "2025-01-01", "to_date": "2026-03-31"}, AT).rows
    assert [row[0] for row in rows] == [f"{day}" for day in days]
