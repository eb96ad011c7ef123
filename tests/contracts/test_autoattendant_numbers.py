"""Phone numbers over the API. Source: seed 002, "Phone Number"."""

from __future__ import annotations

from typing import Any

import pytest

from deskbell.accounts.actions import join
from deskbell.accounts.models import Account, User
from deskbell.accounts.rules import Right
from tests.autoattendant import ANY_TIME, Api, any_sid
from tests.contracts.conftest import Setup

GONE = "PH2996ad9926c9482aa14da7e425a92a"


def record(sid: str, account: Account, **more: Any) -> dict[str, Any]:
    """A number as olivia made it. The examples leave out enterpriseSid, which the table names."""
    return {
        "sid": sid,
        "dateUpdated": ANY_TIME,
        "dateCreated": ANY_TIME,
        "accountEmail": "olivia@example.com",
        "uri": f"/autoattendant/phonenumber/search/{sid}",
        "enterpriseSid": account.sid,
    } | more


def add(api: Api, account: Account, number: str, **more: Any) -> str:
    return api.post("phonenumber", {"number": number, "enterpriseSid": account.sid} | more).sid


def test_examples_of_the_list_and_of_one(as_alice: Api, as_olivia: Api, acme: Account) -> None:
    system = as_alice.post("system", {"name": "Reception"}).sid
    extension = add(as_olivia, acme, "1671331777", isExtension=True, extension="777")
    plain = add(as_olivia, acme, "1671331666", autoAttendantSid=system)
    assert extension == any_sid("PH")
    first = record(extension, acme, number="1671331777", isExtension=True, extension="777")
    second = record(plain, acme, number="1671331666", isExtension=False, autoAttendantSid=system)
    here = f"/autoattendant/phonenumber/search/?enterpriseSid={acme.sid}&pageSize=10&page=0"
    assert as_alice.get("phonenumber/search", enterpriseSid=acme.sid).body == {
        "data": {
            "result": [first, second],
            "pageSize": 10,
            "total": 2,
            "page": 0,
            "numPages": 1,
            "start": 0,
            "end": 1,
            "firstPageUri": here,
            "uri": here,
        },
        "code": 200,
        "message": "OK",
    }
    assert as_alice.get(f"phonenumber/search/{extension}").body == {
        "data": first,
        "code": 200,
        "message": "OK",
    }
    by_number = as_alice.get("phonenumber/search?SortBy=phoneNumber:desc").data["result"]
    assert [each["number"] for each in by_number] == ["1671331777", "1671331666"]


def test_example_of_changing(as_alice: Api, as_olivia: Api, acme: Account) -> None:
    system = as_alice.post("system", {"name": "Reception"}).sid
    sid = add(as_olivia, acme, "1671331666")
    # at the path of the example's curl, which differs from the page's
    answer = as_alice.put(f"phoneNumbers/{sid}", {"autoAttendantSid": system})
    assert answer.body == {
        "data": record(sid, acme, number="1671331666", isExtension=False, autoAttendantSid=system),
        "code": 200,
        "message": "OK",
    }


@pytest.mark.parametrize("method", ["get", "put"])
def test_example_of_one_that_is_none(as_alice: Api, method: str) -> None:
    path = "phonenumber/search/" if method == "get" else "phonenumber/"
    answer = as_alice.send(method, path + GONE, {} if method == "put" else None)
    assert answer.status == 409
    assert answer.body == {
        "errorCode": "491",
        "message": "PhoneNumber not found",
        "data": {"sid": GONE},
    }


def test_systems_of_a_number(as_alice: Api, setup: Setup) -> None:
    path = f"phonenumber/{setup.number}"
    none = as_alice.put(path, {"autoAttendantSid": "AAnone"})
    assert (none.status, none.code, none.body["data"]) == (409, "490", {"sid": "AAnone"})
    second = as_alice.post("system", {"name": "Second"}).sid
    moved = as_alice.put(path, {"autoAttendantSid": second})
    assert moved.data["autoAttendantSid"] == second
    assert as_alice.get(f"system/search/{setup.system}").data["aaNumbers"] == []
    assert "autoAttendantSid" not in as_alice.put(path, {"autoAttendantSid": None}).data
    assert as_alice.get(f"system/search/{second}").data["aaNumbers"] == []


def test_an_extension_in_systems(as_alice: Api, setup: Setup) -> None:
    path = f"phonenumber/{setup.extension}"
    second = as_alice.post("system", {"name": "Second"}).sid
    for system in (setup.system, second):
        assert "autoAttendantSid" not in as_alice.put(path, {"autoAttendantSid": system}).data
        found = as_alice.get(f"system/search/{system}").data
        assert found["extensions"] == ["2125550199"]


def test_turning_an_extension_and_back(as_alice: Api, setup: Setup) -> None:
    path = f"phonenumber/{setup.extension}"
    as_alice.put(path, {"extensionSpokenName": "Doctor Bell"})
    plain = as_alice.put(path, {"isExtension": False}).data
    assert plain["isExtension"] is False
    assert not {"extension", "extensionSpokenName"} & set(plain)
    back = as_alice.put(
        path, {"isExtension": "true", "extension": "102", "extensionSpokenName": "Doctor Bell"}
    ).data
    assert (back["isExtension"], back["extension"], back["extensionSpokenName"]) == (
        True, "102", "Doctor Bell",
    )  # fmt: skip
    cleared = as_alice.put(path, {"extension": None, "extensionSpokenName": None}).data
    assert cleared["isExtension"] is True
    assert not {"extension", "extensionSpokenName"} & set(cleared)


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"extension": "1234567890123"}, "454", "extension"),
        ({"extension": "10a"}, "454", "extension"),
        ({"extension": "١٢"}, "454", "extension"),
        ({"extension": 101}, "454", "extension"),
        ({"isExtension": "perhaps"}, "454", "isExtension"),
        ({"extensionSpokenName": "x" * 201}, "454", "extensionSpokenName"),
        ({"number": "2125550188"}, "400", "number"),
    ],
)
def test_values_that_cannot_be(
    as_alice: Api, setup: Setup, body: dict[str, Any], code: str, field: str
) -> None:
    answer = as_alice.put(f"phonenumber/{setup.extension}", body)
    assert (answer.status, answer.code) == (400, code)
    assert field in answer.body["message"]


def test_only_extensions_have_extension_numbers(as_alice: Api, setup: Setup) -> None:
    answer = as_alice.put(f"phonenumber/{setup.number}", {"extension": "103"})
    assert (answer.status, answer.code) == (400, "454")


def test_extension_numbers_and_numbers_stand_once(
    as_alice: Api, as_olivia: Api, setup: Setup, other: Account
) -> None:
    acme = setup.account
    second = add(as_olivia, acme, "2125550198", isExtension=True)
    answer = as_alice.put(f"phonenumber/{second}", {"extension": "101"})
    assert (answer.status, answer.code) == (409, "512")
    for account in (acme, other):
        body = {"number": "+1 (212) 555-0198", "enterpriseSid": account.sid}
        taken = as_olivia.post("phonenumber", body)
        assert (taken.status, taken.code) == (409, "510")
    there = {"number": "2125550197", "enterpriseSid": other.sid, "extension": "101"}
    assert as_olivia.post("phonenumber", there).status == 200


def test_adding_and_removing_is_the_operators(as_alice: Api, as_olivia: Api, setup: Setup) -> None:
    new = {"number": "2125550198"}
    assert as_alice.post("phonenumber", new).code == "403"
    assert as_alice.delete(f"phonenumber/{setup.number}").code == "403"
    missing = as_olivia.post("phonenumber", new)
    assert (missing.status, missing.code) == (400, "453")
    assert missing.body["message"] == "Mandatory parameter missing: enterpriseSid"
    for number in ("no digits", "1" * 33):
        body = {"number": number, "enterpriseSid": setup.account.sid}
        assert as_olivia.post("phonenumber", body).code == "454"
    gone = as_olivia.delete(f"phonenumber/{setup.number}").data
    assert gone["autoAttendantSid"] == setup.system
    assert as_alice.get(f"phonenumber/search/{setup.number}").code == "491"
    assert as_alice.get(f"system/search/{setup.system}").data["aaNumbers"] == []


def test_an_attendant_admin_changes_nothing_about_extensions(
    as_alice: Api, as_bob: Api, setup: Setup
) -> None:
    extension, plain = f"phonenumber/{setup.extension}", f"phonenumber/{setup.number}"
    system = f"system/{setup.system}"
    refused = [
        as_bob.put(extension, {"extension": "102"}),
        as_bob.put(extension, {"extensionSpokenName": "Bob"}),
        as_bob.put(extension, {"isExtension": False}),
        as_bob.put(extension, {"autoAttendantSid": setup.system}),
        as_bob.put(plain, {"isExtension": True}),
        as_bob.put(system, {"extensions": ["101"]}),
        as_bob.post("system", {"name": "Second", "extensions": ["101"]}),
    ]
    assert [answer.code for answer in refused] == ["403"] * len(refused)
    assert as_alice.get("system/search").data["total"] == 1
    # what stays as it is may be sent along
    assert as_bob.put(plain, {"isExtension": False, "autoAttendantSid": None}).status == 200
    assert as_bob.put(system, {"name": "Mine", "extensions": []}).data["name"] == "Mine"


def test_the_access_to_extensions_lets_an_attendant_admin_change_them(
    as_bob: Api, bob: User, setup: Setup
) -> None:
    join(user=bob, account=setup.account, role="AA_ADMIN", accesses=[Right.EXTENSIONS])
    changed = as_bob.put(f"phonenumber/{setup.extension}", {"extensionSpokenName": "Bob"})
    assert changed.data["extensionSpokenName"] == "Bob"
    assert as_bob.put(f"system/{setup.system}", {"extensions": ["101"]}).status == 200
