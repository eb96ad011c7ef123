"""Usage over the API. Source: seed 002, "Usage Records"; design, attendant API, "Usage"."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from deskbell.accounts.actions import add_number, remove_number
from deskbell.accounts.models import Account
from deskbell.foundation import clock
from deskbell.platform.tenancy import account_scope
from tests.autoattendant import Api

PATH = "phonenumber/usage/records"
NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def _numbers(acme: Account, other: Account) -> None:
    """Two of Acme's, one of them from the 5th to the 25th of July 2019; one of the other's."""

    def at(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

    with account_scope(acme.pk):
        add_number(account=acme, number="2125550101", at=at(date(2019, 7, 1)))
        gone = add_number(account=acme, number="2125550102", at=at(date(2019, 7, 5)))
        remove_number(number=gone, at=at(date(2019, 7, 25)))
    with account_scope(other.pk):
        add_number(account=other, number="2125550103", at=at(date(2019, 7, 2)))


def record(account: Account, first: str, last: str, count: int, below: str = "") -> dict[str, Any]:
    """One record; the examples leave out category and asOf, which the table names."""
    return {
        "category": "phonenumbers",
        "description": "Total Numbers created",
        "enterpriseSid": account.sid,
        "startDate": first,
        "endDate": last,
        "asOf": "2026-03-04T15:00:00+00:00",
        "count": str(count),
        "countUnit": "numbers",
        "usage": str(count),
        "usageUnit": "numbers",
        "uri": f"/autoattendant/{PATH}{below}?startDate={first}&endDate={last}",
    }


@pytest.mark.usefixtures("_numbers")
def test_example_of_a_span(as_alice: Api, acme: Account) -> None:
    here = f"/autoattendant/{PATH}?startDate=2019-07-01&endDate=2019-07-23&pageSize=10&page=0"
    answer = as_alice.get(f"{PATH}?startDate=2019-07-01&endDate=2019-07-23")
    assert answer.status == 200
    # The example's end is 1 for one record; here it is the offset of the last, as in all lists. Its
    # uri is another resource's.
    assert answer.body == {
        "usageRecords": [record(acme, "2019-07-01", "2019-07-23", 2)],
        "pageSize": 10,
        "total": 1,
        "page": 0,
        "numPages": 1,
        "start": 0,
        "end": 0,
        "firstPageUri": here,
        "uri": here,
    }


@pytest.mark.usefixtures("_numbers")
@pytest.mark.parametrize("path", [f"{PATH}/daily", "phonenumbers/usage/records/daily"])
def test_example_of_days(as_alice: Api, acme: Account, path: str) -> None:
    answer = as_alice.get(f"{path}?startDate=2019-07-04&endDate=2019-07-06")
    days = [("2019-07-04", 1), ("2019-07-05", 2), ("2019-07-06", 2)]
    assert answer.body["usageRecords"] == [
        record(acme, day, day, count, "/daily") for day, count in days
    ]
    # The example's total is 1 for its two records.
    assert [answer.body[name] for name in ("total", "numPages", "start", "end")] == [3, 1, 0, 2]
    # as one of the example's links is written
    odd = as_alice.get("phonenumber/usage/recordsdaily?startDate=2019-07-04&endDate=2019-07-06")
    assert odd.body["usageRecords"] == answer.body["usageRecords"]


@pytest.mark.usefixtures("_numbers")
def test_a_number_counts_in_every_period_in_which_it_was(as_alice: Api) -> None:
    def counts(below: str, start: str, end: str) -> list[str]:
        answer = as_alice.get(f"{PATH}/{below}", startTime=start, endTime=end)
        return [each["count"] for each in answer.body["usageRecords"]]

    assert counts("monthly", "2019-06-01", "2019-08-31") == ["0", "2", "1"]
    assert counts("yearly", "2018-01-01", "2020-12-31") == ["0", "2", "1"]
    assert counts("daily", "2019-07-24", "2019-07-26") == ["2", "2", "1"]


@pytest.mark.parametrize(
    ("below", "records", "first", "last"),
    [
        ("", 1, "2026-03-01", "2026-03-04"),
        ("/daily", 30, "2026-02-03", "2026-03-04"),
        ("/monthly", 12, "2025-04-01", "2026-03-04"),
        ("/yearly", 2, "2025-01-01", "2026-03-04"),
        ("/today", 1, "2026-03-04", "2026-03-04"),
        ("/yesterday", 1, "2026-03-03", "2026-03-03"),
        ("/thismonth", 1, "2026-03-01", "2026-03-04"),
        ("/lastmonth", 1, "2026-02-01", "2026-02-28"),
    ],
)
def test_spans_that_nobody_names(
    as_alice: Api, below: str, records: int, first: str, last: str
) -> None:
    body = as_alice.get(PATH + below).body
    found = body["usageRecords"]
    assert len(found) == body["total"] == records
    assert (found[0]["startDate"], found[-1]["endDate"]) == (first, last)
    assert body["numPages"] == 1
    for one, other in itertools.pairwise(found):
        end, start = (date.fromisoformat(each) for each in (one["endDate"], other["startDate"]))
        assert start - end == timedelta(days=1)


def test_months_are_cut_to_the_days_asked_for(as_alice: Api) -> None:
    found = as_alice.get(f"{PATH}/monthly?startDate=2019-07-10&endDate=2019-09-05").body
    assert [(each["startDate"], each["endDate"]) for each in found["usageRecords"]] == [
        ("2019-07-10", "2019-07-31"),
        ("2019-08-01", "2019-08-31"),
        ("2019-09-01", "2019-09-05"),
    ]


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("startDate=-30days", "2026-02-02", "2026-03-04"),
        ("endDate=+30days", "2026-04-01", "2026-04-03"),  # the plus arrives as a blank
        ("startTime=-1day&endTime=%2B1days", "2026-03-03", "2026-03-05"),
        ("startTime=2026-03-01T23:59:59", "2026-03-01", "2026-03-04"),
        ("endTime=2026-02-10", "2026-02-01", "2026-02-10"),
    ],
)
def test_dates_from_today(as_alice: Api, query: str, first: str, last: str) -> None:
    found = as_alice.get(f"{PATH}?{query}").body["usageRecords"][0]
    assert (found["startDate"], found["endDate"]) == (first, last)


@pytest.mark.parametrize(
    "query",
    [
        "startDate=yesterday",
        "startDate=2019-02-30",
        "startDate=99999999days",
        "startDate=-99999days&endDate=+99999days",
        "endDate=%00",
        "startDate=2026-03-05&endDate=2026-03-04",
        "pageSize=0",
        "pageSize=101",
        "page=-1",
        "page=x",
    ],
)
def test_queries_that_cannot_be(as_alice: Api, query: str) -> None:
    for below in ("", "/daily"):
        answer = as_alice.get(f"{PATH}{below}?{query}")
        if "99999days&" in query:  # 1752 to 2299 is asked for
            assert answer.status == 400
        assert (answer.status, answer.code) == (400, "454"), answer.body


def test_pages_of_days(as_alice: Api) -> None:
    query = "startDate=2019-07-01&endDate=2019-07-23"
    body = as_alice.get(f"{PATH}/daily?{query}&page=2").body
    assert [each["startDate"] for each in body["usageRecords"]] == [
        "2019-07-21", "2019-07-22", "2019-07-23",
    ]  # fmt: skip
    here = f"/autoattendant/{PATH}/daily?{query}&pageSize=10&page="
    assert body["previousPageUri"] == f"{here}1"
    assert body["lastPageUri"] == body["uri"] == f"{here}2"
    assert "nextPageUri" not in body
    assert as_alice.get(f"{PATH}/daily?{query}&page=3").body["usageRecords"] == []
    assert len(as_alice.get(f"{PATH}/daily?pageSize=7").body["usageRecords"]) == 7
    for below in ("", "/today"):
        after = as_alice.get(f"{PATH}{below}?page=1").body
        assert (after["usageRecords"], after["page"], after["total"]) == ([], 1, 1)


@pytest.mark.usefixtures("_numbers")
def test_whose_numbers_are_counted(
    as_alice: Api, as_charlie: Api, as_olivia: Api, acme: Account, other: Account
) -> None:
    def count(api: Api, **query: str) -> tuple[str, str | None]:
        span = {"startDate": "2019-07-10", "endDate": "2019-07-10"}
        found = api.get(PATH, **span, **query).body["usageRecords"][0]
        return found["count"], found.get("enterpriseSid")

    assert count(as_alice) == ("2", acme.sid)
    assert count(as_charlie) == ("1", other.sid)
    assert count(as_olivia) == ("3", None)
    assert count(as_olivia, enterpriseSid=other.sid) == ("1", other.sid)
    assert as_alice.get(PATH, enterpriseSid=other.sid).code == "467"


def test_paths_that_are_none(as_alice: Api) -> None:
    assert as_alice.get(f"{PATH}/hourly").code == "404"
    assert as_alice.get(f"{PATH}/Today/").status == 200


def test_a_thousand_years_of_days(as_alice: Api) -> None:
    body = as_alice.get(f"{PATH}/daily?startDate=1900-01-01&endDate=2999-12-31&pageSize=100").body
    assert len(body["usageRecords"]) == 100
    assert body["total"] == 401_767
