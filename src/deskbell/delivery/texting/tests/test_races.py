"""A carrier that brings one text in several requests at once."""

from __future__ import annotations

import threading
import time
from datetime import datetime

import pytest
from django.db import connection, connections, transaction

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.contacts.actions import add_contact
from deskbell.delivery import actions
from deskbell.delivery.models import Delivery, DeliveryState, HeardText
from deskbell.delivery.texting import Heard
from deskbell.delivery.texting.incoming import hear
from deskbell.delivery.texting.twilio import Twilio
from deskbell.foundation.carriers import CarrierKeys
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import Activity, ActivityKind, Message, MessageStatus
from deskbell.platform.changes import touch
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db(transaction=True)
CARRIER = Twilio("own", "Ours", CarrierKeys("a", "b", "b", "http://localhost"), is_hosted=False)
THEIRS, OURS = "+12125550134", "+12125550142"


def sent_to(account: Account, at: datetime, name: str) -> Message:
    """A message that was texted to the phone."""
    with account_scope(account.pk):
        contact = add_contact(account_id=account.pk, name="Alice", at=at)
        method = actions.add_checked_method(contact=contact, kind="sms", address=THEIRS, at=at)
        message = take(account_id=account.pk, taken=Taken("It hurts", first_name=name), at=at)
        [made] = actions.deliver(
            message=message, methods=[method], level_id=1, level_name="Days", attempt=1, at=at
        )
        Delivery.objects.filter(pk=made.pk).update(
            state=DeliveryState.DELIVERED, sender=OURS, code=str(10 + made.pk % 90)
        )
    return message


@pytest.mark.parametrize("_again", range(3))
def test_two_requests_with_one_text_act_once(
    acme: Account, acme_number: PhoneNumber, at: datetime, _again: int
) -> None:
    message = sent_to(acme, at, "Ann")
    heard = Heard("SM1", THEIRS, OURS, "1")
    said: list[str] = []
    ready = threading.Barrier(4)

    def ask() -> None:
        ready.wait()
        try:
            said.append(hear(carrier=CARRIER, heard=heard, at=at))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(said) == 4
    assert len(set(said)) == 1
    assert said[0].startswith("Ann: Thank you.")
    with system_scope("test"):
        told = Activity.objects.filter(message=message, kind=ActivityKind.ACKNOWLEDGED)
        assert told.count() == 1
    assert HeardText.objects.count() == 1


def test_all_at_once_waits_for_each_message_with_nothing_in_hand(
    acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    """Else whoever has one of them, and wants what the text has by then, waits for it for ever."""
    messages = [sent_to(acme, at, name) for name in ("Ann", "Ben", "Cid")]
    said: list[str] = []

    def ask() -> None:
        try:
            said.append(hear(carrier=CARRIER, heard=Heard("SM2", THEIRS, OURS, "1 all"), at=at))
        finally:
            connections.close_all()

    thread = threading.Thread(target=ask)
    with system_scope("test"):
        with transaction.atomic():
            Message.objects.select_for_update().get(pk=messages[1].pk)
            thread.start()
            wait_until_somebody_waits()
            touch(acme.pk)
        thread.join(20)
        assert said
        assert said[0].count("Thank you.") == 3
        states = set(Message.objects.values_list("status", flat=True))
        assert states == {MessageStatus.ACKNOWLEDGED}


def wait_until_somebody_waits() -> None:
    """Until another transaction waits for a row that the open one has."""
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
