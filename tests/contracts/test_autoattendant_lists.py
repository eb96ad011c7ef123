"""Lists over the API: pages, links, sorting, times, and what they ask of the database.

Source: seed 002, "Paging", "Filtering", "Sorting Information"; design, attendant API, "Lists".
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskbell.accounts.models import Account
from deskbell.attendant.models import Announcement
from deskbell.platform.tenancy import account_scope
from tests.autoattendant import Api
from tests.contracts.conftest import Setup

BEGIN = datetime(2020, 1, 27, 5, 50, 2, 700_000, tzinfo=UTC)
LISTS = ("user", "enterprise", "announcement", "system", "menu", "phonenumber")


@pytest.fixture
def _five(acme: Account) -> None:
    """Five announcements, a day between each and the next."""
    with account_scope(acme.pk):
        for day, name in enumerate("CADBE"):
            at = BEGIN + timedelta(days=day)
            Announcement.objects.create(account=acme, name=name, created_at=at, updated_at=at)


def names(api: Api, query: str) -> str:
    return "".join(each["name"] for each in api.get(f"announcement/search?{query}").data["result"])


@pytest.mark.usefixtures("_five")
def test_links_lead_through_all_pages(as_alice: Api, acme: Account) -> None:
    query = f"enterpriseSid={acme.sid}&SortBy=name:desc&startTime=2020-01-01"
    here = "/autoattendant/announcement/search/?" + query.replace(":", "%3A")
    first = as_alice.get(f"announcement/search?{query}&pageSize=2").data
    assert {name: first[name] for name in first if name != "result"} == {
        "pageSize": 2,
        "total": 5,
        "page": 0,
        "numPages": 3,
        "start": 0,
        "end": 1,
        "firstPageUri": f"{here}&pageSize=2&page=0",
        "uri": f"{here}&pageSize=2&page=0",
        "nextPageUri": f"{here}&pageSize=2&page=1",
        "lastPageUri": f"{here}&pageSize=2&page=2",
    }
    seen, page = "", first
    while True:
        seen += "".join(each["name"] for each in page["result"])
        if "nextPageUri" not in page:
            break
        page = as_alice.client.get(page["nextPageUri"]).json()["data"]
    assert seen == "EDCBA"
    assert (page["start"], page["end"]) == (4, 4)
    assert page["previousPageUri"] == f"{here}&pageSize=2&page=1"
    beyond = as_alice.get(f"announcement/search?{query}&pageSize=2&page=7").data
    assert (beyond["result"], beyond["start"], beyond["end"]) == ([], 0, 0)
    assert (beyond["total"], beyond["numPages"]) == (5, 3)
    assert beyond["previousPageUri"] == f"{here}&pageSize=2&page=2"


def test_an_empty_page(as_alice: Api) -> None:
    here = "/autoattendant/menu/search/?pageSize=10&page=0"
    assert as_alice.get("menu/search").data == {
        "result": [],
        "pageSize": 10,
        "total": 0,
        "page": 0,
        "numPages": 0,
        "start": 0,
        "end": 0,
        "firstPageUri": here,
        "uri": here,
    }


@pytest.mark.usefixtures("_five")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "CADBE"),
        ("SortBy=name", "ABCDE"),
        ("SortBy=name:asc", "ABCDE"),
        ("SortBy=name%3Adesc", "EDCBA"),
        ("SortBy=dateCreated:desc", "EBDAC"),
        ("name=b", "B"),
        # inclusive, to the second in which times are shown
        ("startTime=2020-01-28T05:50:02", "ADBE"),
        ("startTime=2020-01-28T05:50:03", "DBE"),
        ("endTime=2020-01-28T05:50:02", "CA"),
        ("endTime=2020-01-28T05:50:01", "C"),
        # a date is its midnight
        ("startTime=2020-01-29", "DBE"),
        ("endTime=2020-01-29", "CA"),
        # with an offset; its plus may arrive as a blank
        ("startTime=2020-01-28T05:50:02+0000", "ADBE"),
        ("startTime=2020-01-28T05:50:02%2B0000", "ADBE"),
        ("startTime=2020-01-28T05:50:02Z", "ADBE"),
        ("startTime=2020-01-28T07:50:02+0200", "ADBE"),
        ("startTime=2020-01-28T07:50:02%2B02:00", "ADBE"),
        ("endTime=2020-01-27T23:50:02-0600", "CA"),
        ("startTime=2020-01-28 05:50:02", "ADBE"),
        ("startTime=2020-01-28+0200", "ADBE"),
        # other names
        ("startDate=2020-01-29&endDate=2020-01-30", "D"),
        ("startTime=2020-01-29&endTime=2020-01-30&name=D", "D"),
    ],
)
def test_sorting_and_times(as_alice: Api, query: str, found: str) -> None:
    assert names(as_alice, query) == found


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("SortBy=colour", "400", "SortBy"),
        ("SortBy=name:up", "400", "SortBy"),
        ("SortBy=name:", "400", "SortBy"),
        ("SortBy=:asc", "400", "SortBy"),
        ("page=-1", "454", "page"),
        ("page=1e3", "454", "page"),
        ("page=9999999999", "454", "page"),
        ("pageSize=0", "454", "pageSize"),
        ("pageSize=101", "454", "pageSize"),
        ("startTime=soon", "454", "startTime"),
        ("endTime=2020-13-01", "454", "endTime"),
        ("startTime=0001-01-01T00:00:00%2B2359", "454", "startTime"),
        ("enterpriseSid=%00", "454", "enterpriseSid"),
        ("enterpriseSid=ENnone", "467", ""),
    ],
)
@pytest.mark.parametrize("resource", LISTS)
def test_queries_that_cannot_be(
    as_alice: Api, resource: str, query: str, code: str, field: str
) -> None:
    answer = as_alice.get(f"{resource}/search?{query}")
    assert answer.status == (409 if code == "467" else 400)
    assert answer.code == code, answer.body
    assert field in answer.body["message"]


def test_what_matches_is_no_pattern(as_alice: Api) -> None:
    for name in ("50% off", "a_b", "back\\slash", "O'Brien", "zwölf"):
        as_alice.post("announcement", {"name": name})
    for part in ("%", "_", "\\", "'", "WÖ"):
        found = as_alice.get(f"announcement/search?name={quote(part)}").data["result"]
        assert len(found) == 1, part


def test_no_list_asks_more_for_more(as_alice: Api, as_olivia: Api, setup: Setup) -> None:
    acme = setup.account

    def grow(index: int) -> None:
        said = as_alice.post("announcement", {"name": f"A{index}"}).sid
        number = {"number": f"212555{2000 + index}", "enterpriseSid": acme.sid}
        as_olivia.post("phonenumber", number)
        extension = {"number": f"212555{3000 + index}", "extension": str(500 + index)}
        as_olivia.post("phonenumber", extension | {"enterpriseSid": acme.sid})
        system = as_alice.post(
            "system",
            {
                "name": f"S{index}",
                "aaNumbers": [number["number"]],
                "extensions": [str(500 + index)],
                "apologySid": said,
            },
        ).sid
        as_alice.post(
            "menu",
            {
                "name": f"M{index}",
                "enterpriseSid": acme.sid,
                "autoAttendantSid": system,
                "announcementSid": said,
                "ringbackToneSid": said,
                "keys": [{"menuKey": "1", "menuAction": {"actionType": "HANGUP"}}],
            },
        )
        as_alice.post("user", {"emailId": f"u{index}@example.com", "role": "AA_ADMIN"})

    def queries(api: Api, resource: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert api.get(f"{resource}/search?pageSize=100&SortBy=dateCreated:desc").status == 200
        return len(captured)

    grow(0)
    few = {(api, name): queries(api, name) for api in (as_alice, as_olivia) for name in LISTS}
    for index in range(1, 8):
        grow(index)
    for (api, name), count in few.items():
        many = queries(api, name)
        assert many <= count, name
        assert many <= 10, name


def sorted_by(api: Api, query: str) -> list[Any]:
    return [each["number"] for each in api.get(f"phonenumber/search?{query}").data["result"]]


def test_numbers_sort_by_themselves(as_alice: Api, as_olivia: Api, acme: Account) -> None:
    for number in ("3", "1", "2"):
        as_olivia.post("phonenumber", {"number": number, "enterpriseSid": acme.sid})
    assert sorted_by(as_alice, "SortBy=phoneNumber") == ["1", "2", "3"]
    assert sorted_by(as_alice, "SortBy=phoneNumber:desc") == ["3", "2", "1"]
    assert sorted_by(as_alice, "SortBy=dateCreated") == ["3", "1", "2"]
    assert as_alice.get("phonenumber/search?SortBy=name").code == "400"
