"""Systems over the API. Source: seed 002, "Auto Attendant System"; design, attendant API."""

from __future__ import annotations

from typing import Any

import pytest

from deskbell.accounts.models import Account
from deskbell.oncall.actions import add_level
from deskbell.platform.tenancy import account_scope
from tests.autoattendant import ANY_TIME, Api, any_sid
from tests.contracts.conftest import Setup

GONE = "AAa95f0d7ea0ce4863b29355074bf466"


def number(api: Api, account: Account, text: str, **more: Any) -> str:
    """A number that the operator gives the account."""
    return api.post("phonenumber", {"number": text, "enterpriseSid": account.sid} | more).sid


def record(sid: str, account: Account, **more: Any) -> dict[str, Any]:
    """A system as alice made it."""
    return {
        "sid": sid,
        "dateUpdated": ANY_TIME,
        "dateCreated": ANY_TIME,
        "accountEmail": "alice@example.com",
        "uri": f"/autoattendant/system/search/{sid}",
        "status": "ACTIVE",
        "aaNumbers": [],
        "extensions": [],
        "enterpriseSid": account.sid,
        "timeoutAction": {},
        "invalidExtensionAction": {},
        "invalidInputAction": {},
    } | more


def test_example_of_the_list(as_alice: Api, as_olivia: Api, acme: Account) -> None:
    for text in ("15719916943", "15719916944", "12012108266", "3144335465", "3146265306"):
        number(as_olivia, acme, text)
    for text in ("15717716943", "917381101400", "15717716944"):
        number(as_olivia, acme, text, isExtension=True)
    said = as_alice.post("announcement", {"name": "Sorry"}).sid
    plays = {"actionType": "ANNOUNCEMENT_HANGUP", "actionData": said}
    three: list[dict[str, Any]] = [
        {
            "name": "Ent1 AA1",
            "description": "Test AA for Ent1 for Nuso",
            "aaNumbers": ["15719916943", "15719916944"],
            "extensions": ["15717716943", "917381101400"],
            "timeoutSeconds": 3,
            "timeoutMaxOccurance": 2,
            "timeoutAction": {"actionType": "TRANSFER_TO_PHONE", "actionData": "919960639901"},
            "invalidExtensionMaxOccurance": 2,
            "invalidExtensionAction": plays,
            "invalidInputMaxOccurance": 2,
            "invalidInputAction": {"actionType": "ANNOUNCEMENT_HANGUP"},
            "timezoneId": "US/Hawaii",
        },
        {
            "name": "AA-1",
            "aaNumbers": ["12012108266", "3144335465", "3146265306"],
            "extensions": ["917381101400"],  # in the first one too
            "timeoutSeconds": 5,
            "timeoutMaxOccurance": 3,
            "timeoutAction": plays,
            "invalidExtensionMaxOccurance": 2,
            "invalidExtensionAction": plays,
            "invalidInputMaxOccurance": 2,
            "invalidInputAction": plays,
            "timezoneId": "America/Phoenix",
        },
        {
            "name": "AA 3",
            "description": "AA test 3",
            "extensions": ["15717716944"],
            "timezoneId": "Arctic/Longyearbyen",
        },
    ]
    sids = [as_alice.post("system", each).sid for each in three]
    # The page of the list shows another shape (data on top, page_size): an error of the page. This
    # one stands under "Get Single AA-System".
    here = f"/autoattendant/system/search/?enterpriseSid={acme.sid}&pageSize=10&page=0"
    assert as_alice.get("system/search", enterpriseSid=acme.sid).body == {
        "data": {
            "result": [record(sid, acme, **each) for sid, each in zip(sids, three, strict=True)],
            "pageSize": 10,
            "total": 3,
            "page": 0,
            "numPages": 1,
            "start": 0,
            "end": 2,
            "firstPageUri": here,
            "uri": here,
        },
        "code": 200,
        "message": "OK",
    }
    assert as_alice.get("system/search?name=ent1").data["total"] == 1


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_example_of_one_that_is_none(as_alice: Api, method: str) -> None:
    path = "system/search/" if method == "get" else "system/"
    answer = as_alice.send(method, path + GONE, {"name": "Sales"} if method == "put" else None)
    assert answer.status == 409
    assert answer.body == {
        "errorCode": "490",
        "message": "AutoAttendant System not found",
        "data": {"sid": GONE},
    }


def test_example_of_changing(as_alice: Api, as_olivia: Api, acme: Account) -> None:
    number(as_olivia, acme, "1671331666")
    number(as_olivia, acme, "1671331777", isExtension=True)
    sid = as_alice.post(
        "system",
        {
            "name": "Before",
            "description": "Test AA for Ent2",
            "aaNumbers": ["1671331666"],
            "extensions": ["1671331777"],
            "timeoutSeconds": 2,
            "timezoneId": "Asia/Calcutta",
        },
    ).sid
    answer = as_alice.put(f"system/{sid}", {"name": "Ent2 AA test1"})
    assert answer.body == {
        "data": record(
            sid,
            acme,
            name="Ent2 AA test1",
            description="Test AA for Ent2",
            aaNumbers=["1671331666"],
            extensions=["1671331777"],
            timeoutSeconds=2,
            timezoneId="Asia/Calcutta",
        ),
        "code": 200,
        "message": "OK",
    }
    assert sid == any_sid("AA")


def test_example_body_of_changing(as_alice: Api, as_olivia: Api, acme: Account) -> None:
    """With numbers for aaNumbers, extension numbers for extensions, a blank before the sid."""
    for text in ("123-123123", "12312-412"):
        number(as_olivia, acme, text)
    number(as_olivia, acme, "123-123124", extension="101")
    number(as_olivia, acme, "123-123125", extension="102")
    sid = as_alice.post("system", {"name": "Marketing"}).sid
    answer = as_alice.put(
        f"system/{sid}",
        {
            "name": "Marketing",
            "description": "this is marketing",
            "enterpriseSid": f" {acme.sid}",
            "numbers": ["123-123123", "12312-412"],
            "extensions": ["101", "102"],
        },
    )
    assert answer.data["aaNumbers"] == ["123-123123", "12312-412"]
    assert answer.data["extensions"] == ["123-123124", "123-123125"]


def test_numbers_that_cannot_be_assigned(as_alice: Api, setup: Setup) -> None:
    body = {"name": "Second", "aaNumbers": ["+1 (212) 555-0142"]}
    taken = as_alice.post("system", body)
    assert (taken.status, taken.code) == (409, "510")
    assert '"Reception"' in taken.body["details"]
    assert as_alice.get("system/search").data["total"] == 1  # nothing is left of it
    path = f"system/{setup.system}"
    unknown = as_alice.put(path, {"aaNumbers": ["+1 212 555 9999"], "name": "New"})
    assert (unknown.status, unknown.code) == (409, "491")
    assert unknown.body["message"] == "PhoneNumber not found"
    assert unknown.body["data"] == {"aaNumbers": ["+1 212 555 9999"], "name": "New"}
    assert as_alice.get(f"system/search/{setup.system}").data["name"] == "Reception"
    assert as_alice.put(path, {"extensions": ["999"]}).code == "491"
    plain = as_alice.put(path, {"extensions": ["2125550142"]})
    assert (plain.status, plain.code) == (409, "493")
    assert plain.body["message"] == "PhoneNumber is not an Extension number"
    extension = as_alice.put(path, {"aaNumbers": ["101"]})
    assert (extension.status, extension.code) == (400, "454")
    assert "aaNumbers" in extension.body["message"]


@pytest.mark.parametrize("text", ["2125550142", "12125550142", "+1-212-555-0142", "(212) 555 0142"])
def test_numbers_are_compared_by_their_digits(as_alice: Api, setup: Setup, text: str) -> None:
    path = f"system/{setup.system}"
    assert as_alice.put(path, {"aaNumbers": []}).data["aaNumbers"] == []
    assert as_alice.put(path, {"aaNumbers": [text, text]}).data["aaNumbers"] == ["+1 212 555 0142"]


def test_null_clears(as_alice: Api, setup: Setup) -> None:
    path = f"system/{setup.system}"
    action = {"actionType": "VOICEMAIL"}
    full = {
        "description": "Busy",
        "timezoneId": "US/Mountain",
        "timeoutSeconds": "3",
        "timeoutMaxOccurance": "2",
        "timeoutAction": action,
        "invalidInputMaxOccurance": 1,
        "invalidInputAction": action,
        "invalidExtensionMaxOccurance": 100,
        "invalidExtensionAction": action,
        "aaNumbers": ["2125550142"],
        "extensions": ["101"],
        # ours
        "noAnswerAction": action,
        "directDialling": True,
        "apologySid": setup.announcement,
    }
    kept = as_alice.put(path, full).data
    as_sent = full | {
        "timeoutSeconds": 3,
        "timeoutMaxOccurance": 2,
        "aaNumbers": ["+1 212 555 0142"],
        "extensions": ["2125550199"],
    }
    assert {name: kept[name] for name in full} == as_sent
    cleared = as_alice.put(path, dict.fromkeys(full)).data
    assert cleared == record(setup.system, setup.account, name="Reception")


def test_the_level_of_voicemail(as_alice: Api, setup: Setup, other: Account, at: Any) -> None:
    levels = []
    for account in (setup.account, other):
        with account_scope(account.pk):
            levels.append(add_level(account_id=account.pk, name="Nurses", at=at).pk)
    path = f"system/{setup.system}"
    assert (
        as_alice.put(path, {"voicemailLevel": str(levels[0])}).data["voicemailLevel"] == levels[0]
    )
    for wrong in (levels[1], 10**30, 0, "x"):
        answer = as_alice.put(path, {"voicemailLevel": wrong})
        assert (answer.status, answer.code) == (400, "454")
        assert answer.body["message"] == "Invalid value for parameter: voicemailLevel"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"timezoneId": "Mars/Olympus"}, "timezoneId"),
        ({"timezoneId": "../../etc/passwd"}, "timezoneId"),
        ({"status": "DELETED"}, "status"),
        ({"status": None}, "status"),
        ({"timeoutSeconds": 0}, "timeoutSeconds"),
        ({"timeoutSeconds": 121}, "timeoutSeconds"),
        ({"timeoutSeconds": "soon"}, "timeoutSeconds"),
        ({"timeoutSeconds": True}, "timeoutSeconds"),
        ({"timeoutSeconds": 1.5}, "timeoutSeconds"),
        ({"timeoutSeconds": 10**400}, "timeoutSeconds"),
        ({"timeoutMaxOccurance": 101}, "timeoutMaxOccurance"),
        ({"invalidInputMaxOccurance": -1}, "invalidInputMaxOccurance"),
        ({"directDialling": "maybe"}, "directDialling"),
        ({"directDialling": 1}, "directDialling"),
        ({"aaNumbers": "2125550142"}, "aaNumbers"),
        ({"aaNumbers": [2125550142]}, "aaNumbers"),
    ],
)
def test_values_that_cannot_be(
    as_alice: Api, setup: Setup, body: dict[str, Any], field: str
) -> None:
    answer = as_alice.put(f"system/{setup.system}", body)
    assert (answer.status, answer.code) == (400, "454")
    assert answer.body["message"].startswith(f"Invalid value for parameter: {field}")
    assert answer.body["data"] == body


def test_announcements_of_a_system(as_alice: Api, setup: Setup) -> None:
    answer = as_alice.put(f"system/{setup.system}", {"apologySid": "ANnone"})
    assert (answer.status, answer.code, answer.body["data"]) == (409, "500", {"sid": "ANnone"})
    as_alice.put(f"menu/{setup.menu}", {"announcementSid": None})
    as_alice.put(f"system/{setup.system}", {"apologySid": setup.announcement})
    assert as_alice.delete(f"announcement/{setup.announcement}").code == "523"


def test_deleting(as_alice: Api, setup: Setup) -> None:
    gone = as_alice.delete(f"system/{setup.system}").data
    assert gone["aaNumbers"] == ["+1 212 555 0142"]
    assert as_alice.get(f"system/search/{setup.system}").code == "490"
    assert as_alice.get(f"menu/search/{setup.menu}").code == "502"
    assert as_alice.post("system", {"name": "Next", "aaNumbers": ["2125550142"]}).status == 200
