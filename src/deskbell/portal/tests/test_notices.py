"""Mails about what happens: to whom, when, and that nothing of a message is in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.db import connection

from deskbell.accounts import actions
from deskbell.accounts.models import Account, User
from deskbell.foundation.clock import now
from deskbell.messages.actions import acknowledge
from deskbell.platform.jobs import run_job
from deskbell.platform.tenancy import account_scope
from deskbell.portal.notices import jobs, subscriptions

if TYPE_CHECKING:
    from .conftest import TakeMessage

pytestmark = pytest.mark.django_db
SECRET = "The pearl is in the left shoe"


def queued(name: str) -> list[tuple[bytes, timedelta]]:
    """The payloads of jobs of a name that wait, and for how long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload, execute_after - now() FROM pgqueuer WHERE entrypoint = %s ORDER BY id",
            [name],
        )
        return [(bytes(payload), wait) for payload, wait in cursor.fetchall()]


def run(name: str) -> list[Any]:
    """Runs what waits, as the worker does; gives the mails."""
    mail.outbox.clear()
    for payload, _ in queued(name):
        run_job(name, payload)
    return list(mail.outbox)


def wants(user: User, *notices: str) -> None:
    User.objects.filter(pk=user.pk).update(notices=list(notices))


def test_messages_of_a_minute_come_in_one_mail(
    alice: User, bob: User, charlie: User, acme: Account, take: TakeMessage
) -> None:
    wants(alice, "message_taken")
    wants(charlie, "message_taken")
    began = now().replace(second=0, microsecond=0)
    taken = [take(SECRET, at=began + timedelta(seconds=each)) for each in (1, 30, 59)]
    other = take(SECRET, at=began + timedelta(seconds=61))
    (_, wait), _ = queued("portal.send_taken")
    assert timedelta(0) < wait <= timedelta(seconds=70)
    first, second = run("portal.send_taken")
    assert first.to == ["alice@example.com"]
    assert first.subject == "3 new messages for Acme Dental"
    for message in taken:
        assert f"/messages/{message.pk}/" in first.body
    assert second.subject == "A new message for Acme Dental"
    assert f"/messages/{other.pk}/" in second.body
    assert SECRET not in first.body + second.body
    assert "/profile/" in first.body


def test_nothing_is_queued_where_nobody_wants_it(
    alice: User, charlie: User, take: TakeMessage
) -> None:
    wants(alice, "message_exhausted")
    wants(charlie, "message_taken")
    take(SECRET)
    assert not queued("portal.send_taken")


def test_who_was_switched_off_is_told_nothing(
    alice: User, bob: User, take: TakeMessage, at: datetime
) -> None:
    wants(bob, "message_taken", "access_changed")
    take(SECRET, at=now())
    User.objects.filter(pk=bob.pk).update(status="SUSPENDED")
    assert run("portal.send_taken") == []
    take(SECRET, at=now() + timedelta(minutes=5))
    assert len(queued("portal.send_taken")) == 1


def test_many_messages_are_a_short_mail(alice: User, acme: Account, take: TakeMessage) -> None:
    wants(alice, "message_taken")
    began = now().replace(second=0, microsecond=0)
    for _ in range(25):
        take(SECRET, at=began)
    [told] = run("portal.send_taken")
    assert "and 5 more: " in told.body
    assert len(told.body) < 2500


def test_nobody_acknowledged_it(alice: User, acme: Account, take: TakeMessage) -> None:
    from deskbell.messages.hooks import MessageEvent

    wants(alice, "message_exhausted")
    open_one, closed = take(SECRET), take(SECRET)
    subscriptions.on_exhausted([MessageEvent(acme.pk, each.pk) for each in (open_one, closed)])
    with account_scope(acme.pk):
        acknowledge(message=closed, at=now(), by="Alice", through="portal")
    [told] = run("portal.send_exhausted")
    assert told.subject == "Nobody acknowledged a message for Acme Dental"
    assert f"/messages/{open_one.pk}/" in told.body
    assert f"/messages/{closed.pk}/" not in told.body
    assert SECRET not in told.body


def test_others_changes_of_ones_access_are_told(
    alice: User, bob: User, acme: Account, at: datetime
) -> None:
    wants(bob, "access_changed")
    actions.set_access(
        user=bob, account=acme, role="", accesses=["call_recording"], by=alice, at=at
    )
    [told] = run("portal.send_access")
    assert told.to == ["bob@example.com"]
    assert "What you may do in Acme Dental was changed. alice@example.com did this." in told.body
    wants(bob)
    assert run("portal.send_access") == []


def test_another_place_on_the_staff_is_told(bob: User, olivia: User, at: datetime) -> None:
    wants(bob, "access_changed")
    for _ in range(2):  # the second changes nothing
        actions.set_staff(user=bob, staff="receptionist", by=olivia, at=at)
    [told] = run("portal.send_access")
    assert "staff of Deskbell was changed. olivia@example.com did this." in told.body


def test_leaving_by_oneself_is_told_to_nobody(
    alice: User, bob: User, acme: Account, at: datetime
) -> None:
    wants(bob, "access_changed")
    actions.remove_member(user=bob, account=acme, by=bob, at=at)
    assert run("portal.send_access") == []


def test_a_name_of_two_lines_is_no_second_header(
    alice: User, acme: Account, take: TakeMessage
) -> None:
    Account.objects.filter(pk=acme.pk).update(name="Acme\r\nBcc: everybody@example.com")
    wants(alice, "message_taken")
    take(SECRET, at=now())
    [told] = run("portal.send_taken")
    assert told.subject == "A new message for Acme Bcc: everybody@example.com"
    assert told.message()["Bcc"] is None


def test_a_changed_password_and_address_are_always_told(alice: User, at: datetime) -> None:
    actions.change_password(
        user=alice, current="Ring-the-bell-1", password="Sing-the-song-2", at=at
    )
    [told] = run("portal.send_password_changed")
    assert told.to == ["alice@example.com"]
    actions.edit_user(user=alice, at=at, email="alice@new.example")
    [told] = run("portal.send_email_changed")
    assert told.to == ["alice@example.com"]
    assert "alice@new.example" in told.body


def test_the_link_is_in_no_queue(alice: User, at: datetime) -> None:
    made = actions.ask_for_email(user=alice, email="alice@new.example", at=now())
    [(payload, _)] = queued("portal.send_email_link")
    assert payload == f'{{"change_id": {made.pk}}}'.encode()
    [told] = run("portal.send_email_link")
    assert told.to == ["alice@new.example"]
    token = told.body.partition("/profile/email/")[2].partition("/")[0]
    assert actions.confirm_email(token=token, at=now()).email == "alice@new.example"
    jobs.send_email_link.work(change_id=made.pk)  # a job may run twice
    assert len(mail.outbox) == 1
