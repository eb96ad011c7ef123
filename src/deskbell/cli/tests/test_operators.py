"""`operator`, typed by whoever runs the machine."""

from __future__ import annotations

import contextlib
import io
import os

import pytest
from django.test import Client

from deskbell.accounts.models import User
from deskbell.cli import data
from deskbell.cli.main import main

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database instead of `up`'s."""
    url = os.environ["DATABASE_URL"]
    monkeypatch.setattr(data, "database", lambda _settings: contextlib.nullcontext(url))


def test_the_first_operator_of_all(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Ring-the-bell-1\n"))
    assert main(["operator", "add", "olivia@example.com", "--name", "olivia"]) == 0
    made = User.objects.get()
    assert (made.staff, made.check_password("Ring-the-bell-1")) == ("operator", True)
    assert main(["operator", "list"]) == 0
    assert "olivia@example.com" in capsys.readouterr().out
    client = Client()
    client.force_login(made)
    assert client.get("/operator/accounts/").status_code == 200


@pytest.mark.parametrize("password", ["", "short", "password"])
def test_a_weak_password_makes_nobody(
    transactional_db: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    password: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    assert main(["operator", "add", "olivia@example.com"]) == 2
    assert capsys.readouterr().err
    assert not User.objects.exists()


def test_who_is_no_operator_is_left_alone(
    transactional_db: None, rita: User, olivia: User, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["operator", "reset-mfa", rita.email]) == 2
    assert "no operator signs in" in capsys.readouterr().err
    assert main(["operator", "reset-mfa", olivia.email]) == 2
    assert "has no MFA" in capsys.readouterr().err
