"""What our own phones reach: the attendant, each other, and no further than their account may."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from deskbell.accounts.actions import add_number
from deskbell.accounts.models import Account
from deskbell.attendant.models import System
from deskbell.calls.models import Call
from deskbell.lines.actions import add_phone, set_limits
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.rcml.read import from_xml
from deskbell.rcml.verbs import Client, Dial, Gather, Number

CALL = "CA" + "c" * 32


@pytest.fixture
def phones(acme: Account, other: Account, at: datetime) -> None:
    for account, digit in ((acme, "4"), (other, "5")):
        with account_scope(account.pk):
            number = add_number(
                account=account, number=f"+1212555014{digit}", extension=f"10{digit}", at=at
            )
            add_phone(account=account, name="desk", number=number, at=at)
            add_phone(account=account, name=f"door-{digit}", at=at)


def dials(gateway: Any, to: str, *, phone: str = "w0411-desk", sid: str = CALL) -> Any:
    return gateway.post(
        "/voice/incoming",
        {"CallSid": sid, "From": phone, "To": to, "Phone": phone, "CallStatus": "ringing"},
    )


def dial_of(answer: Any) -> Dial:
    assert answer.status_code == 200, answer.content
    [dial] = from_xml(answer.content).verbs
    assert isinstance(dial, Dial)
    return dial


def test_its_own_attendant_answers_a_phone(gateway: Any, system: System, phones: None) -> None:
    answer = dials(gateway, "2125550142")
    assert isinstance(from_xml(answer.content).verbs[0], Gather)
    assert answer["X-Deskbell-Account"] == "AC" + system.account.sid[2:]


def test_a_call_from_a_trunk_names_who_pays(gateway: Any, system: System) -> None:
    answer = gateway.post(
        "/voice/incoming", {"CallSid": CALL, "From": "+12125550187", "To": "+12125550142"}
    )
    assert answer["X-Deskbell-Account"] == "AC" + system.account.sid[2:]


@pytest.mark.parametrize(
    ("dialled", "noun", "shown"),
    [
        ("104", Number("+12125550144"), "104"),
        ("+12125550144", Number("+12125550144"), "104"),
        ("door-4", Client("door-4"), "104"),
        ("DOOR-4", Client("door-4"), "104"),
        ("(646) 555-0199", Number("+16465550199"), "+12125550144"),
        ("+12125550145", Number("+12125550145"), "+12125550144"),  # as everybody else calls it
    ],
)
def test_what_a_phone_may_dial(
    gateway: Any, phones: None, dialled: str, noun: Number | Client, shown: str
) -> None:
    dial = dial_of(dials(gateway, dialled))
    assert dial.nouns == (noun,)
    assert (dial.caller_id, dial.answer_on_bridge) == (shown, True)
    with system_scope("test"):
        call = Call.objects.get()
    kind = "OutboundCall" if shown.startswith("+") else "InternalCall"
    assert (call.call_type, call.caller_id, call.account.number) == (kind, "+12125550144", "W0411")


@pytest.mark.parametrize(
    ("dialled", "status"),
    [
        ("105", 404),  # another account's extension
        ("door-5", 404),  # another account's phone
        ("desk@elsewhere.example", 404),
        ("911", 404),
        ("", 404),
        ("+442071838750", 403),
        ("+18765550142", 403),  # Jamaica, under the country code of home
        ("+19005550142", 403),
        ("9005550142", 403),
    ],
)
def test_what_it_may_not(gateway: Any, phones: None, dialled: str, status: int) -> None:
    assert dials(gateway, dialled).status_code == status
    with system_scope("test"):
        assert not Call.objects.exists()


def test_limits_of_an_account_widen_and_narrow(gateway: Any, phones: None, acme: Account) -> None:
    with account_scope(acme.pk):
        set_limits(account=acme, prefixes=["+44", "+1876"], calls_out=3)
    assert dials(gateway, "+442071838750").status_code == 200
    assert dials(gateway, "+18765550142", sid="CA" + "d" * 32).status_code == 200
    assert dials(gateway, "+12125550199", sid="CA" + "e" * 32).status_code == 403
    found = gateway.get("/voice/config").json()
    ours = found["accounts"]["AC" + acme.sid[2:]]
    assert (ours["prefixes"], ours["calls_out"]) == (["+44", "+1876"], 3)


def test_asked_twice_it_says_the_same(gateway: Any, phones: None) -> None:
    assert dials(gateway, "104").content == dials(gateway, "104").content
    with system_scope("test"):
        assert Call.objects.count() == 1


def test_a_phone_that_was_removed_calls_nobody(gateway: Any, phones: None) -> None:
    assert dials(gateway, "104", phone="w0411-gone").status_code == 403


def test_the_configuration_tells_phones_and_never_passwords(gateway: Any, phones: None) -> None:
    from deskbell.voice.configuration import read_configuration

    answer = gateway.get("/voice/config")
    found = read_configuration(answer.content)
    phone = found.phones["w0411-desk"]
    assert (phone.name, phone.numbers) == ("desk", ("+12125550144", "104"))
    assert set(phone.ha1) == {"MD5", "SHA-256"}
    assert phone.account != found.phones["w0422-desk"].account
