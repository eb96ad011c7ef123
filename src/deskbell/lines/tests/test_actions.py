"""Trunks, phones and limits: what is taken, what is refused, what is never kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from deskbell.accounts.actions import add_number, add_user, open_account, remove_number
from deskbell.accounts.models import Account
from deskbell.foundation.digest import ha1_of
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import InvalidInput, NotFound, OutOfScope
from deskbell.lines import actions, queries, vault
from deskbell.lines.errors import (
    PhoneNotFound,
    PhoneTaken,
    StaffPhoneNotFound,
    StaffPhoneTaken,
    TrunkNotFound,
    TrunkTaken,
)
from deskbell.lines.models import Phone, Trunk
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def scope(acme: Account) -> Iterator[None]:
    with account_scope(acme.pk):
        yield


def told() -> dict[str, Any]:
    with system_scope("test"):
        return queries.for_gateways()


def test_a_trunk_as_gateways_are_told(at: datetime) -> None:
    actions.add_trunk(
        name="carrier",
        at=at,
        addresses=["192.0.2.0/24"],
        outgoing="sip.example.com;transport=tcp",
        prefixes=["+1", "+49"],
        username="desk",
        password="a secret",
        registers=True,
        caller_id="(212) 555-0142",
        codecs=["PCMA"],
    )
    assert told()["trunks"][1] == {
        "name": "carrier",
        "addresses": ["192.0.2.0/24"],
        "outgoing": "sip.example.com:5060;transport=tcp",
        "prefixes": ["+1", "+49"],
        "username": "desk",
        "password": "a secret",
        "registers": True,
        "caller_id": "+12125550142",
        "codecs": ["PCMA"],
    }


def test_a_password_does_not_lie_readable_in_the_database(at: datetime) -> None:
    actions.add_trunk(name="carrier", at=at, outgoing="a.example", username="u", password="sesame")
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM lines_trunk t")
        assert "sesame" not in cursor.fetchone()[0]


def test_another_key_says_that_the_password_is_gone(
    at: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    actions.add_trunk(name="carrier", at=at, outgoing="a.example", username="u", password="sesame")
    other = Fernet(Fernet.generate_key())
    monkeypatch.setattr(vault, "_fernet", lambda: other)
    assert told()["trunks"][1]["password"] == ""
    assert "give the password again" in caplog.text


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"addresses": ["nowhere"]},
        {"outgoing": "sip:a b"},
        {"outgoing": "a.example:99999"},
        {"outgoing": "a.example\r\nVia: x"},
        {"outgoing": "a.example", "prefixes": ["1"]},
        {"outgoing": "a.example", "prefixes": [""]},
        {"outgoing": "a.example", "codecs": ["MP3"]},
        {"outgoing": "a.example", "caller_id": "me"},
        {"addresses": ["192.0.2.1"], "registers": True},
        {"outgoing": "a.example", "name": "Not A Name"},
    ],
)
def test_a_trunk_that_cannot_be(at: datetime, fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        actions.add_trunk(**{"name": "carrier", "at": at, **fields})
    assert not Trunk.objects.exists()


def test_names_are_taken_once(at: datetime, acme: Account, other: Account, scope: None) -> None:
    actions.add_trunk(name="carrier", at=at, outgoing="a.example")
    with pytest.raises(TrunkTaken):
        actions.add_trunk(name="carrier", at=at, outgoing="b.example")
    actions.remove_trunk(name="carrier")
    with pytest.raises(TrunkNotFound):
        actions.remove_trunk(name="carrier")
    actions.add_phone(account=acme, name="desk", at=at)
    with pytest.raises(PhoneTaken):
        actions.add_phone(account=acme, name="desk", at=at)
    with account_scope(other.pk):
        phone, _ = actions.add_phone(account=other, name="desk", at=at)
        assert phone.username == "w0422-desk"
    with pytest.raises(PhoneNotFound):
        actions.remove_phone(account=acme, name="door")


def test_a_phone_is_kept_by_hashes_alone(at: datetime, acme: Account, scope: None) -> None:
    number = add_number(account=acme, number="+12125550144", extension="104", at=at)
    phone, password = actions.add_phone(account=acme, name="desk", number=number, at=at)
    assert len(password) == 20
    hashes = ha1_of("w0411-desk", "deskbell", password)
    assert told()["phones"] == [
        {
            "username": "w0411-desk",
            "name": "desk",
            "account": "AC" + acme.sid[2:],
            "realm": "deskbell",
            "ha1": {"MD5": hashes["MD5"], "SHA-256": hashes["SHA-256"]},
            "numbers": ["+12125550144", "104"],
        }
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM lines_phone t")
        assert password not in cursor.fetchone()[0]
    remove_number(number=number, at=at)
    assert told()["phones"][0]["numbers"] == []
    assert phone.username == "w0411-desk"


def test_a_receptionist_s_phone_is_the_deployment_s(at: datetime, acme: Account) -> None:
    rita = add_user(
        email="rita@deskbell.example",
        name="rita",
        password="Rita-rings-1",
        at=at,
        staff="receptionist",
    )
    phone, password = actions.add_staff_phone(user=rita, name="rita", at=at)
    hashes = ha1_of("staff-rita", "deskbell", password)
    assert phone.username == "staff-rita"
    assert told()["phones"] == [
        {
            "username": "staff-rita",
            "name": "rita",
            "account": environment().secrets.account_sid,
            "realm": "deskbell",
            "ha1": {"MD5": hashes["MD5"], "SHA-256": hashes["SHA-256"]},
            "numbers": [],
            "staff": True,
        }
    ]
    with pytest.raises(StaffPhoneTaken):
        actions.add_staff_phone(user=rita, name="rita", at=at)
    actions.remove_staff_phone(name="rita")
    with pytest.raises(StaffPhoneNotFound):
        actions.remove_staff_phone(name="rita")


def test_only_staff_have_such_a_phone(at: datetime) -> None:
    alice = add_user(email="alice@acme.example", name="alice", password="Alice-rings-1", at=at)
    with pytest.raises(InvalidInput):
        actions.add_staff_phone(user=alice, name="alice", at=at)
    taken = open_account(number="STAFF", name="Staff & Sons", time_zone="UTC", at=at)
    with account_scope(taken.pk), pytest.raises(InvalidInput):
        actions.add_phone(account=taken, name="rita", at=at)


@pytest.mark.parametrize("name", ["", "Desk", "a b", "-a", "a" * 33, "a@b", "ä"])
def test_names_that_no_phone_can_have(at: datetime, acme: Account, scope: None, name: str) -> None:
    with pytest.raises(InvalidInput):
        actions.add_phone(account=acme, name=name, at=at)


def test_another_account_s_phone_is_out_of_reach(
    at: datetime, acme: Account, other: Account
) -> None:
    with account_scope(acme.pk):
        actions.add_phone(account=acme, name="desk", at=at)
        with pytest.raises(OutOfScope):
            actions.add_phone(account=other, name="desk", at=at)
    with account_scope(other.pk):
        assert not Phone.objects.exists()
        with pytest.raises(PhoneNotFound):
            actions.remove_phone(account=acme, name="desk")
    with pytest.raises(OutOfScope):
        Phone.objects.count()


def test_limits_are_the_deployment_s_until_they_are_set(acme: Account, scope: None) -> None:
    assert queries.may_call(acme, "+12125550199")
    assert not queries.may_call(acme, "+442071838750")
    actions.set_limits(account=acme, prefixes=["+44"], calls_out=None)
    assert queries.may_call(acme, "+442071838750")
    assert not queries.may_call(acme, "+12125550199")
    found = told()["accounts"]["AC" + acme.sid[2:]]
    assert (found["prefixes"], found["calls_out"]) == (["+44"], environment().calls_out)
    actions.set_limits(account=acme, prefixes=[], calls_out=0)
    assert not queries.may_call(acme, "+442071838750")
    with pytest.raises(InvalidInput):
        actions.set_limits(account=acme, prefixes=["all"], calls_out=1)
    with pytest.raises(InvalidInput):
        actions.set_limits(account=acme, prefixes=None, calls_out=-1)


def test_a_gateway_s_sid_names_an_account(acme: Account) -> None:
    assert queries.account_of("AC" + acme.sid[2:]) == acme
    for wrong in ("", acme.sid, "AC" + "0" * 32, "AC"):
        with pytest.raises(NotFound):
            queries.account_of(wrong)


def test_which_telephones_are_out_of_reach(at: datetime, acme: Account, scope: None) -> None:
    numbers = {"+12125550144", "(646) 555-0199", "+44 20 7183 8750", "911", ""}
    found = queries.reach_of(acme, numbers)
    assert found.forbidden == {"+44 20 7183 8750"}
    assert found.uncarried == {"+12125550144", "(646) 555-0199"}
    assert not found.goes_out
    number = add_number(account=acme, number="212-555-0144", extension="104", at=at)
    actions.add_phone(account=acme, name="desk", number=number, at=at)
    actions.add_trunk(name="in", at=at, addresses=["192.0.2.1"])
    assert queries.reach_of(acme, numbers).uncarried == {"(646) 555-0199"}
    actions.add_trunk(name="out", at=at, outgoing="a.example", prefixes=["+1"])
    found = queries.reach_of(acme, numbers)
    assert (found.uncarried, found.goes_out) == (frozenset(), True)
