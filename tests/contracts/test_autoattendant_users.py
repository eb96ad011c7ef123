"""Users over the API. Source: seed 002, "Users"; design, attendant API, "User"."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.actions import join
from deskbell.accounts.models import Account, User
from tests.autoattendant import ANY_TIME, Api, any_sid

NEW: dict[str, Any] = {
    "status": "ACTIVE",
    "name": "Test BG 2",
    "emailId": "testbgadmin2@yourcompany.com",
    "password": "W31Comet0@@!",
    "role": "BG_ADMIN",
}


def test_example_of_creating(as_alice: Api, acme: Account) -> None:
    answer = as_alice.post("user", NEW | {"enterpriseSid": acme.sid})
    sid = answer.sid
    assert answer.status == 200
    assert answer.body == {
        "data": {
            "sid": any_sid("RCS"),
            "dateUpdated": ANY_TIME,
            "dateCreated": ANY_TIME,
            "accountEmail": "alice@example.com",
            "uri": f"/autoattendant/user/search/{sid}",
            "emailId": "testbgadmin2@yourcompany.com",
            "status": "ACTIVE",
            "role": "BG_ADMIN",
            "name": "Test BG 2",
        },
        "code": 200,
        "message": "OK",
    }
    assert list(answer.data) == [
        "sid", "dateUpdated", "dateCreated", "accountEmail", "uri", "emailId", "status", "role",
        "name",
    ]  # fmt: skip


def test_example_of_creating_one_twice(as_alice: Api, acme: Account) -> None:
    as_alice.post("user", NEW)
    answer = as_alice.post("user", NEW | {"enterpriseSid": acme.sid})
    assert answer.status == 409
    # Unlike the seed's example, the answer does not repeat the password (design, "Base").
    assert answer.body == {
        "errorCode": "484",
        "message": "supportUser not unique",
        "data": {
            "emailId": "testbgadmin2@yourcompany.com",
            "status": "ACTIVE",
            "role": "BG_ADMIN",
            "name": "Test BG 2",
            "enterpriseSid": acme.sid,
        },
    }


def test_example_of_the_list(as_alice: Api, acme: Account, alice: User) -> None:
    answer = as_alice.get(f"user/search?enterpriseSid={acme.sid}")
    here = f"/autoattendant/user/search/?enterpriseSid={acme.sid}&pageSize=10&page=0"
    assert answer.body == {
        "data": {
            "result": [
                {
                    "sid": alice.sid,
                    "dateUpdated": ANY_TIME,
                    "dateCreated": "2026-03-04T15:00:00+0000",
                    # accountEmail is left out: nobody added alice
                    "uri": f"/autoattendant/user/search/{alice.sid}",
                    "emailId": "alice@example.com",
                    "status": "ACTIVE",
                    "role": "BG_ADMIN",
                    "name": "Alice",
                }
            ],
            "pageSize": 10,
            "total": 1,
            "page": 0,
            "numPages": 1,
            "start": 0,
            "end": 0,
            "firstPageUri": here,
            "uri": here,
        },
        "code": 200,
        "message": "OK",
    }


def test_example_of_one(as_alice: Api, acme: Account, bob: User) -> None:
    # The example's code is the text "200" and its times have no zone, unlike all others; status
    # and uri are as everywhere.
    assert as_alice.get(f"user/search/{bob.sid}").body == {
        "data": {
            "sid": bob.sid,
            "dateUpdated": ANY_TIME,
            "dateCreated": ANY_TIME,
            "uri": f"/autoattendant/user/search/{bob.sid}",
            "emailId": "bob@example.com",
            "status": "ACTIVE",
            "role": "AA_ADMIN",
            "name": "Bob",
            "enterpriseSid": acme.sid,
        },
        "code": 200,
        "message": "OK",
    }


def test_example_of_suspending(as_alice: Api, as_bob: Api, bob: User) -> None:
    answer = as_alice.put(f"user/{bob.sid}", {"status": "SUSPENDED"})
    assert answer.body == {
        "data": {
            "sid": bob.sid,
            "dateUpdated": ANY_TIME,
            "dateCreated": "2026-03-04T15:00:00+0000",
            "uri": f"/autoattendant/user/search/{bob.sid}",
            "emailId": "bob@example.com",
            "status": "SUSPENDED",
            "role": "AA_ADMIN",
            "name": "Bob",
        },
        "code": 200,
        "message": "OK",
    }
    assert as_bob.get("user/search").code == "401"
    as_alice.put(f"user/{bob.sid}", {"status": "ACTIVE"})
    assert as_bob.get("user/search").status == 200


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_example_of_one_that_is_none(as_alice: Api, method: str) -> None:
    path = "user/search/" if method == "get" else "user/"
    answer = as_alice.send(method, f"{path}RCSb4ba60022d87407db2134146e3bd4c", {})
    assert answer.status == 409
    assert answer.body == {
        "errorCode": "487",
        "message": "Auto Attendant user Id not found",
        "data": {"sid": "RCSb4ba60022d87407db2134146e3bd4c"},
    }


def test_a_new_user_signs_in_to_the_portal(as_alice: Api) -> None:
    as_alice.post("user", NEW | {"role": "AA-Admin"})  # as another of the seed's examples says it
    answer = Client().post(
        "/sign-in/", {"login": NEW["emailId"], "password": NEW["password"]}, follow=True
    )
    assert answer.context["user"].is_authenticated


def test_deleted_users_leave_the_list(as_alice: Api, as_bob: Api, bob: User) -> None:
    assert as_alice.delete(f"user/{bob.sid}").data["status"] == "DELETED"
    listed = as_alice.get("user/search").data["result"]
    assert bob.sid not in [each["sid"] for each in listed]
    assert [each["sid"] for each in as_alice.get("user/search?status=DELETED").data["result"]] == [
        bob.sid
    ]
    assert as_alice.get(f"user/search/{bob.sid}").data["status"] == "DELETED"
    assert as_bob.get("user/search").code == "401"


def test_an_update_changes_what_is_sent(as_alice: Api, bob: User) -> None:
    answer = as_alice.put(f"user/{bob.sid}", {"name": None, "role": "BG_ADMIN"})
    assert "name" not in answer.data
    assert (answer.data["role"], answer.data["emailId"]) == ("BG_ADMIN", "bob@example.com")
    again = as_alice.put(f"user/{bob.sid}", {"emailId": "robert@example.com"})
    assert (again.data["role"], again.data["emailId"]) == ("BG_ADMIN", "robert@example.com")


def test_an_address_comes_back_as_it_was_typed(as_alice: Api, bob: User) -> None:
    """The seed's list has `Testenterprise@…`."""
    typed = "Testenterprise@yourcompany.com"
    sid = as_alice.post("user", NEW | {"emailId": typed}).data["sid"]
    assert as_alice.get(f"user/search/{sid}").data["emailId"] == typed
    assert as_alice.get("user/search", emailId="testENTERPRISE").data["result"][0]["sid"] == sid
    assert as_alice.put(f"user/{bob.sid}", {"emailId": typed.upper()}).code == "484"
    again = as_alice.put(f"user/{sid}", {"emailId": typed.upper()})
    assert again.data["emailId"] == typed.upper()
    for login in (typed, typed.lower()):
        answer = Client().post(
            "/sign-in/", {"login": login, "password": NEW["password"]}, follow=True
        )
        assert answer.context["user"].is_authenticated


def test_weak_passwords(as_alice: Api, bob: User) -> None:
    for method, path in (("post", "user"), ("put", f"user/{bob.sid}")):
        answer = as_alice.send(method, path, NEW | {"password": "short"})
        assert (answer.status, answer.code) == (409, "499")
        assert answer.body["message"] == "Error in creating an account in CPaaS"
        assert "8 characters" in answer.body["details"]
        assert "password" not in answer.body["data"]


def test_people_of_other_enterprises(
    as_alice: Api, as_olivia: Api, charlie: User, bob: User, olivia: User, acme: Account,
    other: Account,
) -> None:  # fmt: skip
    answer = as_alice.post("user", NEW | {"emailId": "Charlie@example.com"})
    assert (answer.status, answer.code) == (409, "505")
    assert answer.body["message"] == "CPaaS account belongs to a different Admin account"
    assert as_alice.put(f"user/{charlie.sid}", {"name": "Mine"}).code == "487"
    join(user=bob, account=other, role="AA_ADMIN")  # bob works for both now
    assert as_alice.put(f"user/{bob.sid}", {"name": "Mine"}).code == "505"
    assert as_olivia.put(f"user/{bob.sid}", {"name": "Robert"}).data["name"] == "Robert"
    join(user=olivia, account=acme, role="AA_ADMIN")
    taken = as_alice.put(f"user/{olivia.sid}", {"password": "W31Comet0@@!"})
    assert taken.code == "505"  # else alice would be the operator


def test_a_person_of_several_enterprises_chooses(
    as_alice: Api, alice: User, acme: Account, other: Account, charlie: User
) -> None:
    join(user=alice, account=other, role="AA_ADMIN")
    assert as_alice.get("user/search").data["total"] == 3
    assert as_alice.get("user/search", enterpriseSid=other.sid).data["total"] == 2
    missing = as_alice.post("user", NEW)
    assert (missing.status, missing.code) == (400, "453")
    assert missing.body["message"] == "Mandatory parameter missing: enterpriseSid"
    assert as_alice.post("user", NEW | {"enterpriseSid": other.sid}).code == "403"  # AA_ADMIN there
    assert as_alice.post("user", NEW | {"enterpriseSid": acme.sid}).status == 200
    assert as_alice.get(f"user/search/{charlie.sid}").data["enterpriseSid"] == other.sid
    # in both, with a role in each
    roles = {
        each.sid: as_alice.get(f"user/search/{alice.sid}", enterpriseSid=each.sid).data["role"]
        for each in (acme, other)
    }
    assert roles == {acme.sid: "BG_ADMIN", other.sid: "AA_ADMIN"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"name": "li"}, ["alice@example.com"]),
        ({"name": "BOB"}, ["bob@example.com"]),
        ({"name": "%"}, []),
        ({"emailId": "example.com"}, ["alice@example.com", "bob@example.com"]),
        ({"emailId": "bob@example.com"}, ["bob@example.com"]),
        ({"role": "AA_ADMIN"}, ["bob@example.com"]),
        ({"role": "AA-Admin"}, ["bob@example.com"]),
        ({"status": "ACTIVE", "name": "a"}, ["alice@example.com"]),
        ({"status": "SUSPENDED"}, []),
        ({"SortBy": "name:desc"}, ["bob@example.com", "alice@example.com"]),
        ({"SortBy": "email"}, ["alice@example.com", "bob@example.com"]),
        ({"SortBy": "email:desc"}, ["bob@example.com", "alice@example.com"]),
        ({"SortBy": "dateCreated:asc"}, ["alice@example.com", "bob@example.com"]),
    ],
)
def test_filters_and_sorting(
    as_alice: Api, bob: User, query: dict[str, str], found: list[str]
) -> None:
    listed = as_alice.get("user/search", **query).data["result"]
    assert [each["emailId"] for each in listed] == found


def test_an_invited_user_has_no_password(as_alice: Api, at: datetime) -> None:
    sid = as_alice.post("user", {"emailId": "new@example.com", "role": "AA_ADMIN"}).sid
    assert not User.objects.get(sid=sid).has_usable_password()


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("put", {"status": "SUSPENDED"}),
        ("put", {"status": "DELETED"}),
        ("put", {"role": "AA_ADMIN"}),
        ("put", {"role": "AA_ADMIN", "name": "Ally", "status": "ACTIVE"}),
        ("delete", {}),
    ],
)
def test_the_last_administrator_stays(
    as_alice: Api, as_olivia: Api, alice: User, bob: User, method: str, body: dict[str, str]
) -> None:
    for caller in (as_alice, as_olivia):
        answer = caller.send(method, f"user/{alice.sid}", body)
        assert (answer.status, answer.code) == (409, "505")
        assert answer.body["data"] == {"sid": alice.sid}
        assert "last active administrator of Acme Dental" in answer.body["details"]
    alice.refresh_from_db()
    assert (alice.status, alice.name) == ("ACTIVE", "Alice")
    as_alice.put(f"user/{bob.sid}", {"role": "BG_ADMIN"})
    assert as_alice.send(method, f"user/{alice.sid}", body).status == 200
