"""Where rooms meet: rounds of a chain and what was delivered, series and other levels."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from deskbell.accounts.models import Account
from deskbell.contacts.actions import merge_contacts
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.queries import all_failed
from deskbell.messages.models import Message
from deskbell.oncall import actions, queries
from deskbell.oncall.actions import Scope
from deskbell.oncall.tests.story import Always, Take, Way, drive
from deskbell.platform.tenancy import account_scope


def test_a_round_is_judged_by_its_own_deliveries(
    add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    second = add_level("Second", wait_seconds=60)
    first = add_level("First", wait_seconds=60, next_level=second)
    actions.edit_level(level=second, next_level=first, loops=2)
    always(first, way("Bob"))
    always(second, way("Alice"))
    message = taken(first)
    drive(at, at + timedelta(seconds=60))
    Delivery.objects.update(state=DeliveryState.DELIVERED)
    drive(at + timedelta(seconds=61), at + timedelta(seconds=125))
    again = Delivery.objects.order_by("-id")[0]
    assert (again.level_name, again.attempt) == ("First", 1)
    Delivery.objects.filter(pk=again.pk).update(state=DeliveryState.FAILED)
    assert all_failed(message.pk, first.pk, 1)
    assert actions.leave_failed(
        message_id=message.pk, level_id=first.pk, attempt=1, at=at + timedelta(seconds=126)
    )


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_an_instance_that_was_moved_to_another_level_stays_there(
    add_level: Any, way: Way, at: datetime, how: str
) -> None:
    nights, days, spare = add_level("Nights"), add_level("Days"), add_level("Spare")
    event = actions.add_event(
        level=nights,
        methods=[way("Bob")],
        starts=wall("2026-03-02 09:00"),
        ends=wall("2026-03-02 17:00"),
        frequency="daily",
        at=at,
    )
    actions.edit_event(event=event, scope=Scope.THIS, day=date(2026, 3, 5), at=at, level=days)
    noon = datetime(2026, 3, 5, 17, tzinfo=UTC)
    assert len(queries.on_call(days, noon)) == 1
    if how == "deleted":
        actions.delete_level(level=nights, at=at)
    else:
        actions.clone_level(level=spare, onto=nights, at=at, replace=True)
    assert len(queries.on_call(days, noon)) == 1


def _wait_until_blocked(work: Future[Any]) -> None:
    """Until somebody waits for a row that the open transaction has, or `work` is over."""
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0] or work.done():
                return
            time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_contacts_are_merged_while_one_of_their_messages_moves_on(
    in_acme: Account, add_level: Any, way: Way, always: Always, taken: Take, at: datetime
) -> None:
    bob, rob = way("Bob"), way("Rob")
    level = add_level("Days", repeat=3, repeat_seconds=10)
    always(level, bob, rob)
    message = taken(level)
    actions.run_due(at)
    Message.objects.filter(pk=message.pk).update(contact_id=rob.contact_id)

    def merge() -> None:
        try:
            with account_scope(in_acme.pk):
                merge_contacts(contacts=[bob.contact, rob.contact], name="Bob", at=at)
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(1) as threads:
            with transaction.atomic():
                assert actions.escalate(message_id=message.pk, at=at + timedelta(seconds=10))
                merging = threads.submit(merge)
                _wait_until_blocked(merging)
            merging.result(10)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE pgqueuer, pgqueuer_log")
    message.refresh_from_db()
    assert (message.escalation_counter, message.contact_id) == (2, bob.contact_id)
    assert set(Delivery.objects.values_list("method__contact__name", flat=True)) == {"Bob"}
