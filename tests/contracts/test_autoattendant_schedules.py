"""Schedules over the API. Source: seed 002, "Schedule"; design, attendant API, "Schedule"."""

from __future__ import annotations

from typing import Any

import pytest

from tests.autoattendant import Api
from tests.contracts.conftest import Setup


def week(setup: Setup, *entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "autoAttendantSid": setup.system,
        "scheduleType": "WEEKLY",
        "schedule": [
            {"menuSid": setup.menu, "scheduleType": "WEEKLY", "entries": list(entries)} | more
        ],
    }


def entry(day: Any, start: Any, end: Any) -> dict[str, Any]:
    return {"day": day, "startTime": start, "endTime": end}


def special(setup: Setup, *days: tuple[Any, Any]) -> dict[str, Any]:
    return {
        "autoAttendantSid": setup.system,
        "schedule": [
            {
                "startDate": start,
                "endDate": end,
                "menuSid": setup.menu,
                "scheduleType": "DATE_RANGE",
            }
            for start, end in days
        ],
        "scheduleType": "DATE_RANGE",
    }


@pytest.mark.parametrize("method", ["post", "put"])
def test_example_of_a_week(as_alice: Api, setup: Setup, method: str) -> None:
    body = week(setup, entry(1, "01:00", "04:00"))
    assert as_alice.send(method, "schedule", body).body == {
        "data": {
            "autoAttendantSid": setup.system,
            "scheduleType": "WEEKLY",
            "schedule": [
                {
                    "menuSid": setup.menu,
                    "scheduleType": "WEEKLY",
                    "entries": [{"day": 1, "startTime": "01:00", "endTime": "04:00"}],
                }
            ],
        },
        "code": 200,
        "message": "OK",
    }


@pytest.mark.parametrize("body", [week, special])
def test_example_of_no_system(as_alice: Api, setup: Setup, body: Any) -> None:
    answer = as_alice.post(
        "schedule", body(setup) | {"autoAttendantSid": "AAa95f0d7ea0ce483b2935523074bf466"}
    )
    assert answer.status == 409
    assert answer.body == {
        "errorCode": "490",
        "message": "AutoAttendant System not found",
        "data": {"sid": "AAa95f0d7ea0ce483b2935523074bf466"},
    }


def test_example_of_special_days(as_alice: Api, setup: Setup) -> None:
    days = ("2020-01-22", "2020-01-30", "2020-01-23")
    assert as_alice.post("schedule", special(setup, *((day, day) for day in days))).body == {
        "data": {
            "autoAttendantSid": setup.system,
            "scheduleType": "DATE_RANGE",
            "schedule": [
                {
                    "menuSid": setup.menu,
                    "scheduleType": "DATE_RANGE",
                    "entries": [],
                    "startDate": day,
                    "endDate": day,
                }
                for day in days
            ],
        },
        "code": 200,
        "message": "OK",
    }


@pytest.mark.parametrize("name", ["autoAttendandSid= ", "autoAttendantSid="])
def test_example_of_reading(as_alice: Api, setup: Setup, name: str) -> None:
    as_alice.post("schedule", week(setup, entry(1, "00:00", "04:00"), entry(3, "00:00", "04:00")))
    assert as_alice.get(f"schedule/search?{name}{setup.system}").body == {
        "data": {
            "autoAttendantSid": setup.system,
            "schedule": [
                {
                    "menuSid": setup.menu,
                    "scheduleType": "WEEKLY",
                    "entries": [
                        {"day": 1, "startTime": "00:00", "endTime": "04:00"},
                        {"day": 3, "startTime": "00:00", "endTime": "04:00"},
                    ],
                }
            ],
        },
        "code": 200,
        "message": "OK",
    }


def test_reading_needs_a_system(as_alice: Api, setup: Setup) -> None:
    missing = as_alice.get("schedule/search")
    assert (missing.status, missing.code) == (400, "453")
    assert missing.body["message"] == "Mandatory parameter missing: autoAttendantSid"
    assert as_alice.get("schedule/search?autoAttendantSid=AAnone").code == "490"


def test_one_type_is_replaced_and_the_other_stays(as_alice: Api, setup: Setup) -> None:
    as_alice.post("schedule", special(setup, ("2020-12-24", "2020-12-26")))
    as_alice.post("schedule", week(setup, entry("7", "22:00", "06:00")))

    def kinds() -> list[str]:
        found = as_alice.get("schedule/search", autoAttendantSid=setup.system).data["schedule"]
        return [each["scheduleType"] for each in found]

    assert kinds() == ["WEEKLY", "DATE_RANGE"]
    assert as_alice.post("schedule", week(setup) | {"schedule": []}).data["schedule"] == []
    assert kinds() == ["DATE_RANGE"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (("00:00", "24:00"), ("00:00", "24:00")),
        (("00:00", "00:00"), ("00:00", "24:00")),  # the same: a whole day
        (("22:00", "06:00"), ("22:00", "06:00")),
        (("08:00", "24:00"), ("08:00", "24:00")),
    ],
)
def test_midnight(
    as_alice: Api, setup: Setup, given: tuple[str, str], shown: tuple[str, str]
) -> None:
    kept = as_alice.post("schedule", week(setup, entry(2, *given))).data["schedule"][0]["entries"]
    assert kept == [entry(2, *shown)]


@pytest.mark.parametrize(
    "entries",
    [
        [entry(1, "08:00", "12:00"), entry(1, "11:59", "17:00")],
        [entry(7, "22:00", "06:00"), entry(1, "05:00", "07:00")],
        [entry(1, "08:00", "12:00"), entry(1, "08:00", "12:00")],
    ],
)
def test_entries_must_not_overlap(as_alice: Api, setup: Setup, entries: list[Any]) -> None:
    answer = as_alice.post("schedule", week(setup, *entries))
    assert (answer.status, answer.code) == (409, "511")
    assert answer.body["message"] == "Schedule entries overlap"
    kept = as_alice.get("schedule/search", autoAttendantSid=setup.system).data["schedule"]
    assert kept[0]["entries"] == [entry(1, "00:00", "24:00")]  # the old week stays


def test_special_days_must_not_overlap(as_alice: Api, setup: Setup) -> None:
    days = (("2020-12-24", "2020-12-26"), ("2020-12-26", "2020-12-31"))
    assert as_alice.post("schedule", special(setup, *days)).code == "511"


def test_menus_of_the_system_answer(as_alice: Api, setup: Setup) -> None:
    other = as_alice.post("system", {"name": "Another"}).sid
    body = {"name": "There", "autoAttendantSid": other, "enterpriseSid": setup.account.sid}
    there = as_alice.post("menu", body).sid
    for sid in ("MNnone", there):
        hours = week(setup, entry(1, "08:00", "12:00"), menuSid=sid)
        answer = as_alice.post("schedule", hours)
        assert (answer.status, answer.code) == (409, "502")
        assert answer.body["data"] == {"sid": sid, "keys": []}


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (entry(0, "08:00", "12:00"), "day"),
        (entry(8, "08:00", "12:00"), "day"),
        (entry("Monday", "08:00", "12:00"), "day"),
        (entry([], "08:00", "12:00"), "day"),
        (entry(1.5, "08:00", "12:00"), "day"),
        (entry(1, "8", "12:00"), "startTime"),
        (entry(1, "24:00", "12:00"), "startTime"),
        (entry(1, "08:60", "12:00"), "startTime"),
        (entry(1, 800, "12:00"), "startTime"),
        (entry(1, "08:00", "24:01"), "endTime"),
        (entry(1, "08:00", "\u0661\u0662:\u0660\u0660"), "endTime"),
        (entry(1, "08:00", None), "endTime"),
    ],
)
def test_entries_that_cannot_be(as_alice: Api, setup: Setup, bad: Any, field: str) -> None:
    answer = as_alice.post("schedule", week(setup, bad))
    assert (answer.status, answer.code) == (400, "454")
    assert field in answer.body["message"]


@pytest.mark.parametrize(
    ("days", "code", "field"),
    [
        (("2020-01-23", "2020-01-22"), "454", "endDate"),
        (("2020-02-30", "2020-03-01"), "454", "startDate"),
        (("20200122", "2020-03-01"), "454", "startDate"),
        (("9999-12-31", "9999-12-31"), "454", "startDate"),
        ((None, "2020-03-01"), "453", "startDate"),
        (("2020-03-01", None), "453", "endDate"),
    ],
)
def test_special_days_that_cannot_be(
    as_alice: Api, setup: Setup, days: tuple[Any, Any], code: str, field: str
) -> None:
    answer = as_alice.post("schedule", special(setup, days))
    assert (answer.status, answer.code) == (400, code)
    assert field in answer.body["message"]


def test_the_two_types_do_not_mix(as_alice: Api, setup: Setup) -> None:
    for body, field in (
        (week(setup, scheduleType="DATE_RANGE"), "scheduleType"),
        (week(setup, startDate="2020-01-22"), "startDate"),
        (special(setup, ("2020-01-22", "2020-01-22")), "entries"),
        (week(setup) | {"scheduleType": "DAILY"}, "scheduleType"),
    ):
        if field == "entries":
            body["schedule"][0]["entries"] = [entry(1, "08:00", "12:00")]
        answer = as_alice.post("schedule", body)
        assert (answer.status, answer.code) == (400, "454")
        assert field in answer.body["message"]
    assert as_alice.post("schedule", {"autoAttendantSid": setup.system}).code == "453"
