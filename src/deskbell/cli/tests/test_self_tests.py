"""`self-test`, typed as an operator types it."""

from __future__ import annotations

import contextlib
import os
from datetime import datetime

import pytest

from deskbell.accounts.models import Account
from deskbell.cli import data
from deskbell.cli.main import main
from deskbell.messages.models import Message
from deskbell.oncall.actions import add_level
from deskbell.oncall.models import SelfTest
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def database(
    monkeypatch: pytest.MonkeyPatch, transactional_db: None, acme: Account, at: datetime
) -> None:
    """The tests' database instead of `up`'s, with one level."""
    url = os.environ["DATABASE_URL"]
    monkeypatch.setattr(data, "database", lambda _settings: contextlib.nullcontext(url))
    with account_scope(acme.pk):
        add_level(account_id=acme.pk, name="Weekday", at=at)


def test_a_level_is_tested_until_it_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["self-test", "list"]) == 0
    assert capsys.readouterr().out == "No level is tested\n"
    told = "self-test add --account W0411 --level weekday --every 24h --within 10m"
    assert main(told.split()) == 0
    words = "Weekday is tested every 24 hours, to be acknowledged within 10 minutes"
    assert capsys.readouterr().out == f"{words}; the first goes out within a minute\n"
    assert main(["self-test", "list"]) == 0
    assert capsys.readouterr().out == f"{words}\n"

    assert main(["self-test", "remove", "--level", "Weekday"]) == 0
    assert main(["self-test", "remove", "--level", "Weekday"]) == 2
    assert "Weekday is not tested" in capsys.readouterr().err
    with system_scope("a test"):
        assert not SelfTest.objects.exists()


def test_one_can_be_sent_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["self-test", "now", "--level", "Weekday"]) == 0
    with system_scope("a test"):
        message = Message.objects.get()
    assert (message.origin, message.next_escalation_at) == ("self-test", message.created_at)
    assert capsys.readouterr().out == f"Message {message.pk} is on its way to Weekday\n"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("now --level Night", "W0411 has no level Night; there are Weekday"),
        ("add --level Weekday --every soon", "--every takes a length of time as 10m, 24h or 7d"),
        ("add --level Weekday --every 1m", "every 10 minutes to 31 days"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    told: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["self-test", *told.split()]) == 2
    assert words in capsys.readouterr().err
