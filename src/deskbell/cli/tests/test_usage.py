"""`usage`, typed as an operator types it."""

from __future__ import annotations

import contextlib
import os
from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account, User
from deskbell.calls import actions
from deskbell.calls.models import Stage, UsageOfDay
from deskbell.cli import data
from deskbell.cli.main import main
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = """\
Acme Dental (W0411), March 2026, days of America/New_York

Day         Number        Calls  Assisted  Standard time  Assisted time
2026-03-04  +12125550142      2         1           1:40           1:10
2026-03-04  +12125550143      1         0          62:05           0:00
All days    +12125550142      2         1           1:40           1:10
All days    +12125550143      1         0          62:05           0:00
All days                      3         1          63:45           1:10
"""


@pytest.fixture(autouse=True)
def database(
    monkeypatch: pytest.MonkeyPatch,
    transactional_db: None,
    acme: Account,
    rita: User,
    at: datetime,
) -> None:
    """The tests' database instead of `up`'s, with three calls."""
    url = os.environ["DATABASE_URL"]
    monkeypatch.setattr(data, "database", lambda _settings: contextlib.nullcontext(url))
    calls = ((1, "+12125550142", 90), (2, "+12125550142", 80), (3, "+12125550143", 3725))
    with account_scope(acme.pk):
        for number, dialled, seconds in calls:
            sid = f"CA{number:032x}"
            call = actions.begin(
                account_id=acme.pk,
                sid=sid,
                number=None,
                caller_id="+12125550187",
                caller_name="",
                dialled=dialled,
                at=at,
            )
            if number == 2:
                answered = at + timedelta(seconds=10)
                actions.enter_stage(call_id=call.pk, stage=Stage.TALK, at=answered)
                actions.answered_by(call_id=call.pk, user=rita, skill=None, at=answered)
            actions.end(
                sid=sid,
                status="completed",
                at=at + timedelta(seconds=seconds),
                seconds=seconds,
                who="caller",
                quality={},
            )


def test_a_month_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["usage", "--account", "W0411", "--month", "2026-03"]) == 0
    assert capsys.readouterr().out == TABLE
    assert main(["usage", "--month", "2026-02"]) == 0
    assert "Nothing was used" in capsys.readouterr().out


def test_it_can_be_counted_anew(acme: Account, capsys: pytest.CaptureFixture[str]) -> None:
    with account_scope(acme.pk):
        UsageOfDay.objects.all().delete()
    assert main(["usage", "--month", "2026-03", "--recount"]) == 0
    assert capsys.readouterr().out == f"Counted anew from 3 calls\n{TABLE}"


@pytest.mark.parametrize("month", ["March", "2026-13", "2026-3", "0000-01"])
def test_a_month_that_is_none(month: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["usage", "--month", month]) == 2
    assert "--month takes a year and a month as 2026-03" in capsys.readouterr().err
