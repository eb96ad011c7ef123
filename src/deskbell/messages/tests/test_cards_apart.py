"""Cards are right whoever writes at one instant: a transcript beside a note, or a deletion."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from deskbell.accounts.models import Account
from deskbell.calls.models import Call, Recording
from deskbell.messages import actions, queries, removing
from deskbell.messages.actions import Taken
from deskbell.messages.models import IndexCard, Message
from deskbell.messages.queries import Wanted
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db(transaction=True)
WAIT = 20


@pytest.fixture
def recorded(acme: Account, at: datetime) -> Message:
    with account_scope(acme.pk):
        call = Call.objects.create(
            account=acme, sid="CA" + "1" * 32, number_dialed="+12125550142", started_at=at
        )
        recording = Recording.objects.create(
            account=acme, call=call, started_at=at, transcript="about a toothache"
        )
        taken = Taken("A secret of Bob's", call=call, recording=recording)
        return actions.take(account_id=acme.pk, taken=taken, at=at)


def beside(account: Account, recording_id: int, then: Callable[[], object]) -> None:
    """Does `then` while somebody else changes the transcript, and has not committed."""
    written, done = threading.Event(), threading.Event()
    faults: list[DatabaseError] = []

    def write() -> None:
        try:
            with account_scope(account.pk), transaction.atomic():
                Recording.objects.filter(pk=recording_id).update(transcript="about nothing")
                written.set()
                done.wait(1)
        except DatabaseError as error:
            faults.append(error)
        finally:
            written.set()
            connection.close()

    def work() -> None:
        try:
            with account_scope(account.pk):
                then()
        except DatabaseError as error:
            faults.append(error)
        finally:
            done.set()
            connection.close()

    threads = [threading.Thread(target=write), threading.Thread(target=work)]
    threads[0].start()
    assert written.wait(WAIT)
    threads[1].start()
    for each in threads:
        each.join(WAIT)
    assert not faults


def test_no_card_outlives_its_message(acme: Account, recorded: Message, at: datetime) -> None:
    late = at + timedelta(days=400)
    beside(acme, recorded.recording_id or 0, lambda: list(removing.remove_old(late)))
    list(removing.remove_old(late))
    assert not IndexCard.objects.exists()


def test_a_note_and_a_transcript_are_both_found(
    acme: Account, recorded: Message, at: datetime
) -> None:
    def note() -> None:
        actions.add_note(message=recorded, text="He rang twice", by="Alice", at=at)

    beside(acme, recorded.recording_id or 0, note)
    with account_scope(acme.pk):
        for words in ("rang twice", "about nothing", "secret"):
            assert list(queries.listed(Wanted(search=words))) == [recorded]
