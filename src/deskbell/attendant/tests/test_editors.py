"""Two people at once, on real connections: nobody's words are lost, no reference dangles."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection, transaction

from deskbell.accounts.models import Account
from deskbell.attendant import actions
from deskbell.attendant.errors import AnnouncementInAction, AnnouncementNotFound
from deskbell.attendant.models import Announcement, Menu, System
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db(transaction=True)


def beside(account_id: int, work: Callable[[], object]) -> tuple[threading.Thread, list[Exception]]:
    """`work`, begun on a connection of its own, and what it raised."""
    raised: list[Exception] = []

    def run() -> None:
        try:
            with account_scope(account_id):
                work()
        except Exception as error:  # noqa: BLE001 the test looks at it
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


def wait_for_its_lock(thread: threading.Thread) -> None:
    """Until the thread waits for a lock that this connection holds, or is done."""
    held_up = "NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    while thread.is_alive():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM pg_locks WHERE {held_up}")
            if cursor.fetchone()[0]:
                return


def test_edits_at_once_keep_each_others_fields(system: System, at: datetime) -> None:
    with account_scope(system.account_id):
        menu = actions.add_menu(system=system, name="Night", at=at)
        theirs = Menu.objects.get()
        with transaction.atomic():
            actions.edit_menu(menu=menu, at=at, name="Evening")
            thread, raised = beside(
                system.account_id, lambda: actions.edit_menu(menu=theirs, at=at, timeout_seconds=9)
            )
            wait_for_its_lock(thread)
        thread.join()
        kept = Menu.objects.get()
    assert not raised
    assert (kept.name, kept.timeout_seconds) == ("Evening", 9)


@pytest.mark.parametrize("deletes_first", [True, False])
def test_nothing_names_what_is_deleted_meanwhile(
    system: System, acme: Account, at: datetime, deletes_first: bool
) -> None:
    with account_scope(system.account_id):
        said = actions.add_announcement(account=acme, name="Hours", type="play", at=at)
        action = {"actionType": "ANNOUNCEMENT_HANGUP", "actionData": said.sid}

        def use() -> None:
            actions.add_menu(system=System.objects.get(), name="M", at=at, timeout_action=action)

        def delete() -> None:
            actions.delete_announcement(announcement=Announcement.objects.get(), at=at)

        first, second = (delete, use) if deletes_first else (use, delete)
        with transaction.atomic():
            first()
            thread, raised = beside(system.account_id, second)
            wait_for_its_lock(thread)
        thread.join()
        expected = AnnouncementNotFound if deletes_first else AnnouncementInAction
        assert [type(error) for error in raised] == [expected]
        assert Announcement.objects.exists() is Menu.objects.exists() is not deletes_first


def test_a_publication_and_a_job_that_speaks_do_not_wait_for_each_other(
    system: System, acme: Account, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskbell.speech.speak_mulaw", lambda text, **_: text.encode())
    with account_scope(system.account_id):
        first = actions.add_announcement(account=acme, name="One", body="One", at=at)
        second = actions.add_announcement(account=acme, name="Two", body="Two", at=at)
        with transaction.atomic():
            actions.edit_announcement(announcement=first, at=at, body="Another one")
            waiting = Announcement.objects.get(pk=second.pk)
            thread, raised = beside(
                system.account_id, lambda: actions.speak(announcement=waiting, at=at)
            )
            wait_for_its_lock(thread)
            actions.edit_announcement(announcement=second, at=at, body="Another two")
        thread.join()
        second.refresh_from_db()
    assert not raised
    assert (second.body, second.prompt) == ("Another two", None)
