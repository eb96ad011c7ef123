"""An export of long messages needs no more memory than a few of them."""

from __future__ import annotations

import tracemalloc
from datetime import datetime

import pytest

from deskbell.accounts.models import Account
from deskbell.messages.models import Message
from deskbell.messages.queries import Wanted
from deskbell.platform.tenancy import account_scope
from deskbell.reports import messages as report
from deskbell.reports.formats import csv

MEGABYTE = 1024 * 1024
pytestmark = pytest.mark.django_db


def test_an_export_reads_a_few_megabytes_at_once(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        for _ in range(24):
            Message.objects.create(
                account=acme, created_at=at, updated_at=at, content="x" * MEGABYTE
            )
    tracemalloc.start()
    try:
        sizes = [len(each) for each in csv.pieces(report.messages(account=acme, wanted=Wanted()))]
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(sizes) > 24 * MEGABYTE
    assert most < 20 * MEGABYTE


def test_short_and_long_ones_all_come_once_in_order(
    acme: Account, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "CHUNK", 3)
    monkeypatch.setattr(report, "_MOST_BYTES", 30)
    with account_scope(acme.pk):
        made = [
            Message.objects.create(
                account=acme, created_at=at, updated_at=at, content="x" * length
            ).pk
            for length in (1, 100, 5, 5, 40, 0, 29, 2)
        ]
    rows = list(report.messages(account=acme, wanted=Wanted()).rows)
    assert [row[0] for row in rows] == made[::-1]
