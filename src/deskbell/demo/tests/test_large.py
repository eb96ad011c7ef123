"""The large demo is the small one with more of everything, and what it counts is right."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from deskbell.accounts.models import Account, User
from deskbell.accounts.queries import accounts_of
from deskbell.audit.models import Entry
from deskbell.calls.models import Call, UsageOfDay
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.demo import fill, folders, history, large
from deskbell.demo.cast import ACME, ALICE, BROOK
from deskbell.demo.scale import LARGE, Scale
from deskbell.foundation import clock
from deskbell.foundation.environment import environment
from deskbell.messages import queries
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope, system_scope

NEWEST = 40  # fewer than the last batch has at any time of the day
FEW: dict[str, Any] = {"calls": 3, "newest": NEWEST, "failed": 0.2, "forgotten": 0.1}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A large demo of three weeks and three small accounts; what was said of it."""
    own = dataclasses.replace(environment(), data_dir=tmp_path, demo_is_large=True)
    for module in (fill, folders):
        monkeypatch.setattr(module, "environment", lambda: own)
    monkeypatch.setattr(fill, "SPOKEN", 1)
    monkeypatch.setattr(fill, "LARGE", {each: smaller(LARGE[each]) for each in LARGE})
    monkeypatch.setattr(fill, "tidy", connection.ensure_connection)  # no VACUUM in a transaction
    monkeypatch.setattr(history, "DAYS", 20)
    monkeypatch.setattr(history, "AT_ONCE", 100)  # several batches
    monkeypatch.setattr(large, "CLIENTS", 3)
    monkeypatch.setattr(large, "ALICES", 2)
    monkeypatch.setattr(large, "ENTRIES", 20)
    said: list[str] = []
    monkeypatch.setattr(fill, "_tell", said.append)
    yield said
    assert json.loads((tmp_path / "demo.json").read_text())["accounts"][0]["number"] == ACME.number


def smaller(scale: Scale) -> Scale:
    """The same kind of past with fewer calls."""
    return dataclasses.replace(scale, **FEW)


def test_more_of_everything(db: None, told: list[str]) -> None:
    fill.fill_demo()
    account = Account.objects.get(number=ACME.number)
    with account_scope(account.pk):
        messages, calls = Message.objects.count(), Call.objects.count()
        assert calls > 300
        assert 0.5 < messages / calls < 1
        counted = queries.counts()
        assert counted.new + counted.acknowledged == messages
        assert counted.new > NEWEST * 0.5
        assert Delivery.objects.filter(state=DeliveryState.FAILED).exists()
        assert sum(UsageOfDay.objects.values_list("calls", flat=True)) == calls
        ordered = list(Message.objects.order_by("pk").values_list("created_at", flat=True))
        back = max(one - after for one, after in pairwise(ordered))
        assert back < timedelta(minutes=10)  # a long call began before a short one
        texts = Message.objects.filter(recording=None).values_list("content", flat=True)
        assert len(set(texts)) > messages / 2  # a search finds few of them


def test_small_accounts_beside_it(db: None, told: list[str]) -> None:
    fill.fill_demo()
    assert Account.objects.count() == 2 + 3
    alice = User.objects.get(email=ALICE.email)
    assert [each.number for each in accounts_of(alice)] == [ACME.number, "W1001", "W1002"]
    with account_scope(Account.objects.get(number="W1003").pk):
        assert Message.objects.count() == large.MESSAGES_OF_A_CLIENT
        assert max(Message.objects.values_list("created_at", flat=True)) < clock.now()
    with account_scope(Account.objects.get(number=ACME.number).pk):
        assert Entry.objects.count() == 20
    with account_scope(Account.objects.get(number=BROOK.number).pk):
        assert not Entry.objects.exists()


def test_a_second_start_changes_nothing(db: None, told: list[str]) -> None:
    fill.fill_demo()
    with system_scope("test"):
        before = Message.objects.count()
    said = len(told)
    fill.fill_demo()
    with system_scope("test"):
        assert Message.objects.count() == before
    assert len(told) == said


def test_every_call_has_somebody_who_calls() -> None:
    scale = LARGE[ACME.number]
    assert len({each.phone for each in scale.callers}) == len(scale.callers) == 1200
    assert all(scale.caller_at(each.phone) is each for each in scale.callers)
