"""Scheduled exports: once for each time, by whoever may, to whoever was named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from deskbell.accounts.models import Account, Membership, User
from deskbell.foundation.errors import Conflict, InvalidInput, NotFound
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.reports import actions, queries
from deskbell.reports.actions import Planned
from deskbell.reports.errors import TooManySchedules
from deskbell.reports.mails import exports as mails
from deskbell.reports.mails.exports import send_export, send_failure, send_trouble
from deskbell.reports.mails.posting import NotTaken
from deskbell.reports.models import Export, ExportState, ScheduledExport

pytestmark = pytest.mark.django_db
PLANNED = Planned(
    "Weekly", "messages", "csv", {}, "daily", time(7), ["x@example.com"], "attachment"
)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def scope(acme: Account) -> Iterator[None]:
    with account_scope(acme.pk):
        yield


@pytest.fixture
def add(acme: Account, alice: User, at: datetime) -> Callable[..., ScheduledExport]:
    def added(by: User = alice, **other: Any) -> ScheduledExport:
        planned = replace(PLANNED, **other)
        return actions.add_schedule(account=acme, planned=planned, by=by, at=at)

    return added


def run(at: datetime) -> int:
    with system_scope("a worker"):
        return actions.run_due(at=at)


def queued(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = %s", [name])
        return int(cursor.fetchone()[0])


def made(schedule: ScheduledExport, at: datetime) -> Export:
    """Its newest export, with its file."""
    newest = schedule.exports.order_by("-due_at").first()
    assert newest is not None
    actions.make(export_id=newest.pk, clock=lambda: at, days=7)
    newest.refresh_from_db()
    return newest


def test_it_is_made_once_for_each_time(add: Callable[..., ScheduledExport]) -> None:
    schedule = add()
    assert schedule.next_at
    assert run(schedule.next_at) == 1
    assert run(schedule.next_at) == 0
    [export] = schedule.exports.all()
    assert export.due_at == schedule.next_at
    assert export.asked["from_date"] == export.asked["to_date"]
    day = f"{(schedule.next_at - DAY).date()}"
    assert export.asked["from_date"] == day


def test_what_was_missed_is_made_once_and_said(add: Callable[..., ScheduledExport]) -> None:
    schedule = add()
    assert schedule.next_at
    late = schedule.next_at + 2 * DAY + timedelta(hours=2)
    run(late)
    [export] = schedule.exports.all()
    assert export.due_at == schedule.next_at + 2 * DAY
    schedule.refresh_from_db()
    assert schedule.next_at == export.due_at + DAY - timedelta(hours=1)  # the clocks change
    assert "2 times before" in schedule.trouble


def test_one_that_was_paused_brings_no_storm(
    add: Callable[..., ScheduledExport], alice: User
) -> None:
    schedule = add()
    first = schedule.next_at
    assert first
    actions.pause_schedule(schedule=schedule)
    later = first + DAY + timedelta(hours=1)
    assert run(later) == 0
    actions.resume_schedule(schedule=schedule, by=alice, at=later)
    assert run(later) == 0
    schedule.refresh_from_db()
    assert schedule.next_at == first + 2 * DAY


def test_it_keeps_its_time_of_day_in_another_zone(
    add: Callable[..., ScheduledExport], acme: Account, at: datetime
) -> None:
    schedule = add()
    acme.time_zone = "Asia/Tokyo"
    acme.save()
    actions.follow_zone(account_id=acme.pk, at=at)
    schedule.refresh_from_db()
    assert schedule.next_at
    assert f"{schedule.next_at:%H:%M}" == "22:00"
    assert schedule.next_at > at


@pytest.mark.parametrize("loses", ["the right", "the account", "the sign-in"])
def test_it_pauses_when_its_maker_may_no_longer(
    loses: str,
    add: Callable[..., ScheduledExport],
    acme: Account,
    alice: User,
    bob: User,
    at: datetime,
) -> None:
    schedule = add(by=bob)
    assert schedule.next_at
    place = Membership.objects.filter(user=bob, account=acme)
    if loses == "the right":
        place.update(accesses=[])
    elif loses == "the account":
        place.delete()
    else:
        User.objects.filter(pk=bob.pk).update(status="SUSPENDED")
    run(schedule.next_at)
    schedule.refresh_from_db()
    assert schedule.is_paused
    assert not schedule.exports.exists()
    assert queued("reports.send_trouble") == 1
    send_trouble(schedule_id=schedule.pk, user_id=alice.pk, since=at, at=at)
    [sent] = mail.outbox
    assert "who set it up" in sent.body or "Whoever set it up" in sent.body
    actions.resume_schedule(schedule=schedule, by=alice, at=schedule.created_at)
    schedule.refresh_from_db()
    assert (schedule.created_by, schedule.trouble) == (alice, "")


def test_it_is_mailed_to_each_once_it_is_made(
    add: Callable[..., ScheduledExport], at: datetime
) -> None:
    schedule = add(recipients=["x@example.com", "y@example.com"])
    actions.run_schedule(schedule=schedule, at=at)
    export = made(schedule, at)
    assert queued("reports.send_export") == 2
    send_export(export_id=export.pk, address="x@example.com", at=at)
    [sent] = mail.outbox
    [(name, content, _)] = sent.attachments
    assert name == export.name
    assert str(content).startswith("\ufeff") or content
    assert "http" not in str(sent.body)


@pytest.mark.parametrize(("sending", "why"), [("link", False), ("attachment", True)])
def test_a_link_comes_where_it_is_chosen_or_the_file_is_large(
    sending: str,
    why: bool,
    add: Callable[..., ScheduledExport],
    alice: User,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mails, "MOST_ATTACHED", 1)
    schedule = add(recipients=[alice.email.upper()], sending=sending)
    actions.run_schedule(schedule=schedule, at=at)
    export = made(schedule, at)
    send_export(export_id=export.pk, address=alice.email, at=at)
    [sent] = mail.outbox
    assert not sent.attachments
    assert f"/reports/exports/{export.pk}/" in str(sent.body)
    assert ("more than an email may carry" in str(sent.body)) == why


@pytest.mark.parametrize(
    ("error", "later", "is_said"),
    [
        (SMTPRecipientsRefused({"x@example.com": (550, b"no such mailbox")}), 0, True),
        (SMTPServerDisconnected("gone"), 0, False),
        (SMTPServerDisconnected("gone"), 25, True),
    ],
)
def test_a_mail_that_fails_is_tried_again_or_said(
    error: Exception,
    later: int,
    is_said: bool,
    add: Callable[..., ScheduledExport],
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> int:
        raise error

    schedule = add()
    actions.run_schedule(schedule=schedule, at=at)
    export = made(schedule, at)
    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    if is_said:
        when = at + timedelta(hours=later)
        send_export(export_id=export.pk, address="x@example.com", at=when)
    else:
        with pytest.raises(NotTaken):
            send_export(export_id=export.pk, address="x@example.com", at=at)
    schedule.refresh_from_db()
    assert ("x@example.com was not sent" in schedule.trouble) == is_said


def test_an_export_that_fails_is_said_and_mailed(
    add: Callable[..., ScheduledExport], at: datetime
) -> None:
    schedule = add(kind="usage", asked={"number": ""})
    actions.run_schedule(schedule=schedule, at=at)
    schedule.exports.update(asked={"number": "no number"})
    export = made(schedule, at)
    assert export.state == ExportState.FAILED
    assert (queued("reports.send_failure"), queued("reports.send_export")) == (1, 0)
    send_failure(export_id=export.pk, at=at)
    schedule.refresh_from_db()
    assert schedule.trouble.startswith("No file was made: ")
    assert schedule.trouble in str(mail.outbox[0].body)


def test_run_now_is_once_a_minute_and_moves_nothing(
    add: Callable[..., ScheduledExport], at: datetime
) -> None:
    schedule = add()
    actions.run_schedule(schedule=schedule, at=at)
    with pytest.raises(Conflict, match="a moment ago"):
        actions.run_schedule(schedule=schedule, at=at)
    before = schedule.next_at
    schedule.refresh_from_db()
    assert schedule.next_at == before


def test_deleted_while_it_is_made_nothing_is_mailed(
    add: Callable[..., ScheduledExport], at: datetime
) -> None:
    schedule = add()
    export = actions.run_schedule(schedule=schedule, at=at)
    actions.remove_schedule(schedule=schedule, at=at)
    actions.make(export_id=export.pk, clock=lambda: at, days=7)
    export.refresh_from_db()
    assert (export.state, export.schedule) == (ExportState.CANCELED, None)
    send_export(export_id=export.pk, address="x@example.com", at=at)
    assert mail.outbox == []
    with pytest.raises(NotFound):
        actions.pause_schedule(schedule=ScheduledExport(pk=schedule.pk or 1))


MANY = [f"a{each}@example.com" for each in range(51)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "n" * 101}, "name"),
        ({"name": "TAKEN"}, "name"),
        ({"frequency": "yearly"}, "frequency"),
        ({"weekday": 7}, "weekday"),
        ({"month_day": 32}, "month_day"),
        ({"month_day": 0}, "month_day"),
        ({"recipients": []}, "recipients"),
        ({"recipients": ["nobody"]}, "recipients"),
        ({"recipients": ["a@example.com\nBcc: b@example.com"]}, "recipients"),
        ({"recipients": MANY}, "recipients"),
        ({"sending": "link"}, "recipients"),
        ({"sending": "pigeon"}, "sending"),
        ({"kind": "usage", "asked": {"number": "none"}}, "number"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(
    wrong: dict[str, Any], field: str, add: Callable[..., ScheduledExport]
) -> None:
    add(name="Taken")
    with pytest.raises(InvalidInput) as raised:
        add(**wrong)
    assert raised.value.field == field


def test_fifty_are_enough(
    add: Callable[..., ScheduledExport], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskbell.reports.actions.schedules.MOST_SCHEDULES", 1)
    add()
    with pytest.raises(TooManySchedules):
        add(name="Another")


def test_another_account_has_none_of_them(
    add: Callable[..., ScheduledExport], other: Account
) -> None:
    schedule = add()
    with account_scope(other.pk), pytest.raises(NotFound):
        queries.one_schedule(schedule.pk)
