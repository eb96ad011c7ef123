"""The RCML of a number over the API. Source: seed 002, "RCML API"."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

from deskbell.accounts.models import Account
from tests.autoattendant import Api, Like
from tests.contracts.conftest import Setup

MONDAY, TUESDAY = "2020-08-24T10:03:21+0000", "2020-08-25T10:03:21 0000"


def test_example(as_alice: Api, setup: Setup) -> None:
    as_alice.put(f"system/{setup.system}", {"timezoneId": "Asia/Calcutta", "timeoutSeconds": 1})
    as_alice.put(f"menu/{setup.menu}", {"announcementSid": None})
    answer = as_alice.get("rcml/search/12125550142", asOf=MONDAY)
    assert answer.body == {
        "data": {
            "rcml": Like("(?s).*<Response>.*"),
            "enterpriseSid": setup.account.sid,
            "autoAttendantSid": setup.system,
            "menuSid": setup.menu,
            "asOf": "2020-08-24T10:03:21+0000",
            "timezoneId": "Asia/Calcutta",
            "uri": "/autoattendant/rcml/search/12125550142",
            "url": Like("https?://.*/autoattendant/rcml/search/12125550142"),
        },
        "code": 200,
        "message": "OK",
    }
    gather = ET.fromstring(answer.data["rcml"]).find("Gather")
    assert gather is not None
    assert gather.get("timeout") == "1"
    assert gather.get("actionOnEmptyResult") == "true"
    assert [each.text for each in gather.iter("Say")] == [
        "There is no announcement assigned to this menu."
    ]
    action = urlsplit(str(gather.get("action")))
    assert action.path == "/autoattendant/internal/rcml"
    assert f"PreviousMenuSid={setup.menu}&MenuSid={setup.menu}&Organization=OR" in action.query


def test_its_links_work_without_signing_in(as_alice: Api, setup: Setup) -> None:
    rcml = as_alice.get("rcml/search/12125550142", asOf=MONDAY).data["rcml"]
    gather = ET.fromstring(rcml).find("Gather")
    assert gather is not None
    url = urlsplit(str(gather.get("action")))
    anybody = Api(None, setup.account.created_at).client
    good = anybody.post(f"{url.path}?{url.query}", {"Digits": "9", "CallSid": "CA1"})
    assert good.status_code == 200
    assert b"<Response>" in good.content
    bad = url.query.replace(setup.menu, "MN" + "0" * 32)
    assert anybody.post(f"{url.path}?{bad}", {"Digits": "9"}).status_code == 403


@pytest.mark.parametrize(
    "number", ["2125550142", "+1 212 555 0142", "+1-212-555-0142", "1(212)5550142"]
)
def test_spellings_of_a_number(as_alice: Api, setup: Setup, number: str) -> None:
    answer = as_alice.get(f"rcml/search/{number}", asOf=MONDAY)
    assert answer.data["uri"] == f"/autoattendant/rcml/search/{number}"


def test_example_of_a_number_without_a_system(as_alice: Api, setup: Setup) -> None:
    as_alice.put(f"phonenumber/{setup.number}", {"autoAttendantSid": None})
    answer = as_alice.get("rcml/search/12125550142")
    assert answer.status == 409
    assert answer.body == {
        "code": "490",
        "message": "AutoAttendant System not found",
        "data": "12125550142",
    }


def test_other_failures(as_alice: Api, as_charlie: Api, setup: Setup) -> None:
    unknown = {"code": "491", "message": "PhoneNumber not found", "data": "919960639901"}
    answer = as_alice.get("rcml/search/919960639901")
    assert (answer.status, answer.body) == (409, unknown)
    theirs = as_charlie.get("rcml/search/12125550142")
    assert (theirs.status, theirs.body) == (409, unknown | {"data": "12125550142"})
    idle = as_alice.get("rcml/search/12125550142", asOf=TUESDAY)
    assert (idle.status, idle.body) == (
        409,
        {
            "code": "498",
            "message": "No Schedule entry found for Auto Attendant system",
            "data": "12125550142",
        },
    )
    as_alice.put(f"system/{setup.system}", {"status": "SUSPENDED"})
    assert as_alice.get("rcml/search/12125550142", asOf=MONDAY).body["code"] == "490"
    wrong = as_alice.get("rcml/search/12125550142", asOf="soon")
    assert (wrong.status, wrong.code) == (400, "454")


def test_who_may_ask(as_bob: Api, as_olivia: Api, setup: Setup, other: Account) -> None:
    assert as_bob.get("rcml/search/12125550142").code == "403"  # AA_ADMIN
    assert as_olivia.get("rcml/search/12125550142", asOf=MONDAY).status == 200
