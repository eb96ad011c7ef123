"""Enterprises over the API; the seed documents none of them. Source: design, attendant API."""

from __future__ import annotations

from deskbell.accounts.models import Account
from tests.autoattendant import Api, any_sid


def test_the_operator_opens_enterprises(as_alice: Api, as_olivia: Api, acme: Account) -> None:
    body = {"name": "Dove Dental", "number": "W0500", "timezoneId": "Europe/Paris"}
    made = as_olivia.post("enterprise", body)
    assert made.data == body | {
        "sid": any_sid("EN"),
        "dateCreated": made.data["dateCreated"],
        "uri": f"/autoattendant/enterprise/search/{made.sid}",
    }
    assert as_olivia.get(f"enterprise/search/{made.sid}").data == made.data
    assert as_olivia.get("enterprise/search?name=dove").data["result"] == [made.data]
    assert as_olivia.post("enterprise", body).code == "454"  # the number is in use
    assert as_olivia.post("enterprise", body | {"timezoneId": "Mars"}).code == "454"
    assert as_alice.post("enterprise", body).code == "403"


def test_others_read_their_own(as_alice: Api, acme: Account, other: Account) -> None:
    listed = as_alice.get("enterprise/search").data
    assert [each["sid"] for each in listed["result"]] == [acme.sid]
    assert as_alice.get(f"enterprise/search/{acme.sid}").data["name"] == "Acme Dental"
    for sid in (other.sid, "ENnone"):
        answer = as_alice.get(f"enterprise/search/{sid}")
        assert (answer.status, answer.code, answer.body["data"]) == (409, "467", {"sid": sid})
