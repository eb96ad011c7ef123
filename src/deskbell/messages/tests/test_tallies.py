"""What tabs count is right at any time, and nobody waits for it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from deskbell.accounts.models import Account
from deskbell.messages import actions, queries
from deskbell.messages.actions import Taken, fold_tallies
from deskbell.messages.models import SELF_TEST, Message, Tally
from deskbell.platform.tenancy import account_scope, system_scope


def take(account: Account, at: datetime, origin: str | None = None) -> Message:
    taken = Taken("Please call back", origin=origin)
    return actions.take(account_id=account.pk, taken=taken, at=at)


def counted() -> tuple[int, int, int]:
    found = queries.counts()
    return found.new, found.acknowledged, queries.how_many(queries.Wanted()).count


def listed() -> tuple[int, int, int]:
    """The same, counted one by one."""
    tabs = (queries.listed(tab="new"), queries.listed(tab="acknowledged"), queries.listed())
    return tabs[0].count(), tabs[1].count(), tabs[2].count()


def test_they_follow_every_change(acme: Account, other: Account, at: datetime) -> None:
    with account_scope(other.pk):
        take(other, at)
    with account_scope(acme.pk):
        assert counted() == (0, 0, 0)
        plain, test, lost = (take(acme, at, origin) for origin in (None, SELF_TEST, SELF_TEST))
        assert counted() == listed() == (3, 0, 3)
        for message in (plain, test):
            actions.acknowledge(message=message, by="Bob", at=at, through="portal")
        actions.exhaust(message=lost, text="Nobody", at=at)
        assert counted() == listed() == (0, 1, 3)
        fold_tallies()
        assert Tally.objects.filter(account_id=acme.pk).count() == 1
        assert counted() == listed()
        for message in (plain, test):
            actions.undo_acknowledgement(message=message, by="Bob", at=at)
        assert counted() == listed() == (2, 0, 3)
        Message.objects.all().delete()
        assert counted() == (0, 0, 0)
        fold_tallies()
        assert not Tally.objects.filter(account_id=acme.pk).exists()
    with system_scope("all accounts"):
        assert counted() == listed() == (1, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_writer_or_a_folder(acme: Account, at: datetime) -> None:
    """A transaction that took messages stays open while others take, fold and count."""
    opened, done = threading.Event(), threading.Event()

    def hold() -> None:
        with account_scope(acme.pk), transaction.atomic():
            Message.objects.bulk_create(
                Message(account_id=acme.pk, created_at=at, updated_at=at) for _ in range(3)
            )
            opened.set()
            done.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert opened.wait(20)
        with account_scope(acme.pk):
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            take(acme, at)
            take(acme, at)
            fold_tallies()
            assert counted() == (2, 0, 2)
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
    finally:
        done.set()
        holder.join(20)
    with account_scope(acme.pk):
        assert counted() == listed() == (5, 0, 5)


@pytest.mark.django_db(transaction=True)
def test_folders_at_once_lose_nothing(acme: Account, at: datetime) -> None:
    start = threading.Barrier(3)

    def work(fold: bool) -> None:
        with account_scope(acme.pk):
            start.wait(20)
            for _ in range(12):
                if fold:
                    fold_tallies()
                else:
                    message = take(acme, at)
                    actions.acknowledge(message=message, by="Bob", at=at, through="portal")
        connection.close()

    threads = [threading.Thread(target=work, args=(fold,)) for fold in (True, True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with account_scope(acme.pk):
        assert counted() == listed() == (0, 12, 12)
        fold_tallies()
        assert Tally.objects.get().acknowledged == 12


def test_hundreds_are_acknowledged_in_few_statements(
    acme: Account, at: datetime, django_assert_max_num_queries: object
) -> None:
    later = at + timedelta(minutes=1)
    with account_scope(acme.pk):
        found = [take(acme, at) for _ in range(60)]
        actions.acknowledge(message=found[0], by="Bob", at=at, through="portal")
        with django_assert_max_num_queries(14):  # type: ignore[operator]
            done = actions.acknowledge_many(
                messages=found, by="Alice", at=later, through="portal", address="192.0.2.7"
            )
        assert [each.pk for each in done] == [each.pk for each in found[1:]]
        assert counted() == (0, 60, 60)
        kept = Message.objects.get(pk=done[-1].pk)
        assert (kept.acknowledged_by, kept.acknowledged_at, kept.read) == ("Alice", later, True)
        assert kept.activities_count == queries.activities_of(kept).count() == 2
        last = queries.activities_of(kept).last()
        assert last is not None
        assert (last.text, last.by) == ("Acknowledged by Alice, in the portal", "Alice")
