"""`trunk`, `phone` and `limits`, typed as an operator types them."""

from __future__ import annotations

import contextlib
import io
import os
from datetime import datetime

import pytest

from deskbell.accounts.actions import add_number, add_user
from deskbell.accounts.models import Account
from deskbell.cli import data
from deskbell.cli.main import main
from deskbell.foundation.digest import ha1_of
from deskbell.lines.models import Limits, Phone, StaffPhone, Trunk
from deskbell.lines.vault import unseal
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database instead of `up`'s."""
    url = os.environ["DATABASE_URL"]
    monkeypatch.setattr(data, "database", lambda _settings: contextlib.nullcontext(url))


@pytest.fixture
def account(transactional_db: None, acme: Account, at: datetime) -> Account:
    with account_scope(acme.pk):
        add_number(account=acme, number="+12125550144", extension="104", at=at)
    return acme


def test_a_trunk_comes_is_listed_and_goes(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("sesame\n"))
    told = "trunk add carrier --from 192.0.2.0/24 --to sip.example.com --prefix +1 --user desk"
    assert main([*told.split(), "--register", "--codec", "pcma"]) == 0
    trunk = Trunk.objects.get()
    assert (unseal(trunk.sealed_password), trunk.registers, trunk.codecs) == (
        "sesame",
        True,
        ["PCMA"],
    )
    assert main(["trunk", "list"]) == 0
    listed = capsys.readouterr().out
    assert "from 192.0.2.0/24  to sip.example.com:5060 for +1  registers as desk" in listed
    assert "sesame" not in listed
    assert main(["trunk", "remove", "carrier"]) == 0
    assert not Trunk.objects.exists()
    assert main(["trunk", "remove", "carrier"]) == 2
    assert "There is no trunk" in capsys.readouterr().err


def test_a_trunk_without_its_password_is_not_made(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["trunk", "add", "carrier", "--to", "a.example", "--user", "desk"]) == 2
    assert "needs a password" in capsys.readouterr().err
    assert not Trunk.objects.exists()


def test_a_phone_s_password_is_printed_once(
    account: Account, other: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["phone", "add", "desk", "--account", "W0411", "--number", "104"]) == 0
    printed = capsys.readouterr().out
    password = printed.split("password")[1].split()[0]
    with system_scope("test"):
        phone = Phone.objects.get()
    assert phone.ha1_sha256 == ha1_of("w0411-desk", "deskbell", password)["SHA-256"]
    assert main(["phone", "list"]) == 0
    listed = capsys.readouterr().out
    assert "w0411-desk" in listed
    assert "104 +12125550144" in listed
    assert password not in listed
    assert main(["phone", "list", "--account", "W0422"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["phone", "remove", "desk", "--account", "W0422"]) == 2
    assert main(["phone", "remove", "desk", "--account", "W0411"]) == 0
    assert main(["phone", "add", "desk", "--account", "W0411", "--number", "999"]) == 2


def test_a_receptionist_gets_a_phone(
    transactional_db: None, at: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    add_user(
        email="rita@deskbell.example",
        name="rita",
        password="Rita-rings-1",
        at=at,
        staff="receptionist",
    )
    assert main(["phone", "add-staff", "rita", "--user", "Rita@deskbell.example"]) == 0
    printed = capsys.readouterr().out
    password = printed.split("password")[1].split()[0]
    phone = StaffPhone.objects.get()
    assert phone.ha1_sha256 == ha1_of("staff-rita", "deskbell", password)["SHA-256"]
    assert main(["phone", "list"]) == 0
    assert capsys.readouterr().out.split() == ["staff-rita", "staff", "rita@deskbell.example"]
    assert main(["phone", "add-staff", "olivia", "--user", "olivia@deskbell.example"]) == 2
    assert "nobody signs in as olivia@deskbell.example" in capsys.readouterr().err
    assert main(["phone", "remove-staff", "rita"]) == 0
    assert main(["phone", "remove-staff", "rita"]) == 2


def test_limits_are_said_and_set(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["limits"]) == 0
    assert capsys.readouterr().out == "W0411 may call numbers that begin with +1, 10 at once\n"
    assert main(["limits", "--prefixes", "+1, +44"]) == 0
    assert main(["limits", "--calls", "2"]) == 0
    assert capsys.readouterr().out.endswith("begin with +1, +44, 2 at once\n")
    assert main(["limits", "--prefixes", ""]) == 0
    assert "begin with nothing, 2" in capsys.readouterr().out
    assert main(["limits", "--prefixes", "all"]) == 2
    assert main(["limits", "--default"]) == 0
    with account_scope(account.pk):
        row = Limits.objects.get()
    assert (row.prefixes, row.calls_out) == (None, None)
