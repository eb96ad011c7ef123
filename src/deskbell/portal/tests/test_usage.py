"""The page of Usage Details: its days, what it is told apart by, and what is wrong in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.models import Account
from deskbell.calls.models import UsageOfDay
from deskbell.platform.tenancy import account_scope
from deskbell.portal.reports.usage import views
from deskbell.portal.reports.usage.asked import Asked
from deskbell.portal.reports.usage.shown import context

PAGE = "/reports/usage/"
NUMBERS = ("+12125550142", "+12125550143")
Put = Callable[..., None]


@pytest.fixture
def put(acme: Account) -> Put:
    """Puts what was used on a day: a minute standard, and two with a receptionist."""

    def make(day: date, number: str = NUMBERS[0], agent: str = "", **changes: Any) -> None:
        figures: dict[str, Any] = {
            "kind": "InboundCall",
            "agent_id": len(agent),
            "agent_name": agent,
            "calls": 1,
            "assisted_calls": int(bool(agent)),
            "standard_seconds": 60,
            "assisted_seconds": 120 if agent else 0,
        }
        with account_scope(acme.pk):
            UsageOfDay.objects.create(account=acme, number=number, day=day, **figures | changes)

    return make


@pytest.fixture
def today(at: datetime) -> date:
    return at.date()


def shown(acme: Account, today: date, **asked: Any) -> Any:
    with account_scope(acme.pk):
        return context(acme, Asked.read(asked), today)


def test_the_month_so_far_by_day(
    page: Client, put: Put, today: date, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "now", lambda: at)
    put(today)
    put(today - timedelta(days=1), agent="Rita")
    put(today.replace(day=1) - timedelta(days=1), standard_seconds=6000)
    text = page.get(PAGE).content.decode()
    assert "Tue, March 3, 2026" in text
    assert "Wed, March 4, 2026" in text
    assert "February" not in text
    assert "<td>3.0</td>" in text
    assert "<caption" in text
    assert "By receptionist" in text


def test_what_is_told_apart(acme: Account, put: Put, today: date) -> None:
    put(today, agent="Rita")
    put(today, NUMBERS[1])
    put(today, NUMBERS[1], kind="OutboundCall", standard_seconds=30)
    found = shown(acme, today, by="receptionist")
    assert [(each.name, each.total) for each in found["list"].rows] == [
        ("Rita", 3.0),
        ("No receptionist", 1.5),
    ]
    [number, kind, agent] = found["breakdowns"]
    assert [line.total for line in number.lines] == [3.0, 1.5]
    assert [line.name for line in kind.lines] == ["Inbound", "Outbound"]
    assert agent.lines[0].standard_share + agent.lines[0].assisted_share == pytest.approx(100, 0.1)
    by_name = shown(acme, today, by="number", sort="name", dir="desc")["list"].rows
    assert [each.key for each in by_name] == list(reversed(NUMBERS))


@pytest.mark.parametrize(
    ("asked", "minutes"),
    [
        ({"number": NUMBERS[1]}, 1.5),
        ({"number": "212-555-0143"}, 1.5),
        ({"kind": "OutboundCall"}, 0.5),
        ({"receptionist": "anybody"}, 3.0),
        ({"receptionist": "nobody"}, 1.5),
        ({"receptionist": "4"}, 3.0),
        ({"receptionist": "4", "kind": "OutboundCall"}, 0.0),
    ],
)
def test_filters_agree_everywhere(
    acme: Account, put: Put, today: date, asked: dict[str, str], minutes: float
) -> None:
    put(today, agent="Rita")
    put(today, NUMBERS[1])
    put(today, NUMBERS[1], kind="OutboundCall", standard_seconds=30)
    found = shown(acme, today, **asked)
    assert found["total"].total == minutes
    assert sum(line.total for line in found["list"].rows) == minutes
    assert sum(bar.of.total for bar in found["chart"].bars) == minutes


def test_a_year_is_drawn_by_the_week_and_loses_nothing(
    acme: Account, put: Put, today: date
) -> None:
    for back in range(0, 366, 5):
        put(today - timedelta(days=back))
    first = today - timedelta(days=365)
    found = shown(acme, today, from_date=f"{first}", to_date=f"{today}")
    assert found["is_weekly"]
    assert sum(bar.of.total for bar in found["chart"].bars) == 74
    assert len(found["chart"].labels) == 53
    weeks = shown(acme, today, from_date=f"{first}", to_date=f"{today}", by="week")
    assert [each.total for each in weeks["list"].rows] == [
        bar.of.total for bar in found["chart"].bars
    ]


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("from_date=2026-03-04&to_date=2026-03-03", "to_date", "Ends before it begins"),
        ("from_date=2%2F31%2F2026", "from_date", "is not a day"),
        ("from_date=2020-01-01&to_date=2026-03-03", "to_date", "Three years at most"),
        ("number=%2B12125550199", "number", "is no number of this account"),
        ("number=%00", "number", ""),
        ("kind=Sideways", "kind", "none of these"),
        ("receptionist=99", "receptionist", "no such receptionist"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    page: Client, put: Put, today: date, query: str, field: str, words: str
) -> None:
    put(today)
    text = page.get(f"{PAGE}?{query}").content.decode()
    if words:
        assert words in text.partition(f'id="{field}-error"')[2][:200]
    assert "Minutes by number" in text or "Nothing was used" in text


def test_the_longest_page_asks_for_usage_twice(
    acme: Account, put: Put, today: date, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for back in range(30):
        put(today - timedelta(days=back), agent="Rita" * (back % 3))
    with account_scope(acme.pk), django_assert_num_queries(2):
        context(acme, Asked.read({"from_date": "2025-01-01", "by": "week"}), today)
    with account_scope(acme.pk), django_assert_num_queries(4):
        context(acme, Asked.read({"number": NUMBERS[0], "receptionist": "4"}), today)


def test_days_are_chosen_by_one_click_and_keep_the_filters(
    acme: Account, put: Put, today: date
) -> None:
    put(today)
    found = shown(acme, today, number=NUMBERS[0])
    labels = {each.label: each for each in found["presets"]}
    assert labels["This month"].is_here
    assert "number=%2B12125550142" in labels["Last month"].query
    assert "from_date=2026-02-01&to_date=2026-02-28" in labels["Last month"].query
    assert found["export"].startswith("of=usage&number=")


def test_another_account_has_its_own(other: Account, put: Put, today: date) -> None:
    put(today, agent="Rita")
    found = shown(other, today)
    assert found["total"].calls == 0
    assert found["numbers"] == []
    assert [name for _, name, _ in found["people"]] == [
        "With a receptionist",
        "Without a receptionist",
    ]
