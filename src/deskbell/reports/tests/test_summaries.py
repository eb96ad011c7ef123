"""The daily summary: once a day, links alone, and ended by its own link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from django.test import Client

from deskbell.accounts.models import Account, Membership, User
from deskbell.foundation.errors import NotAllowed, NotFound
from deskbell.messages.actions import Taken, take
from deskbell.oncall.actions import add_level
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.reports import actions
from deskbell.reports.mails.summaries import compose, read_stop, send_summary, stop_url
from deskbell.reports.models import DailySummary

pytestmark = pytest.mark.django_db
SECRET = "The pump leaks"


@pytest.fixture(autouse=True)
def scope(acme: Account) -> Iterator[None]:
    with account_scope(acme.pk):
        yield


@pytest.fixture
def summary(acme: Account, alice: User, at: datetime) -> DailySummary:
    return actions.choose_summary(account=acme, user=alice, time=time(7), at=at)


def run(at: datetime) -> int:
    with system_scope("a worker"):
        return actions.run_due(at=at)


def test_it_comes_once_a_day(summary: DailySummary) -> None:
    due = summary.next_at
    assert (run(due), run(due)) == (1, 0)
    summary.refresh_from_db()
    assert summary.next_at == due + timedelta(days=1)


def test_it_says_what_was_yesterday_and_nothing_of_a_message(
    summary: DailySummary, acme: Account, at: datetime
) -> None:
    add_level(account_id=acme.pk, name="Days", at=at)
    due = summary.next_at
    message = take(account_id=acme.pk, taken=Taken(SECRET), at=due - timedelta(hours=12))
    send_summary(summary_id=summary.pk, due_at=due, at=due)
    [sent] = mail.outbox
    body = str(sent.body)
    assert "Messages taken: 1" in body
    assert "Days: nobody" in body
    assert f"/messages/{message.pk}/" in body
    assert SECRET not in body
    assert sent.extra_headers["List-Unsubscribe"] == f"<{stop_url(summary)}>"
    assert stop_url(summary) in body


def test_it_is_not_for_somebody_who_left(
    summary: DailySummary, acme: Account, alice: User, at: datetime
) -> None:
    Membership.objects.filter(user=alice, account=acme).delete()
    send_summary(summary_id=summary.pk, due_at=at, at=at)
    assert mail.outbox == []
    assert not DailySummary.objects.exists()


def test_one_that_is_half_a_day_late_is_none(summary: DailySummary) -> None:
    due = summary.next_at
    send_summary(summary_id=summary.pk, due_at=due, at=due + timedelta(hours=12))
    assert mail.outbox == []


def test_others_cannot_have_it(acme: Account, charlie: User, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.choose_summary(account=acme, user=charlie, time=time(7), at=at)


def test_its_link_ends_it_by_one_click(summary: DailySummary) -> None:
    path = "/summaries/" + stop_url(summary).rpartition("/summaries/")[2]
    client = Client(enforce_csrf_checks=True)
    assert "No more daily summaries?" in client.get(path).content.decode()
    assert DailySummary.objects.exists()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 302
    assert not DailySummary.objects.exists()
    assert "You get no daily summary" in client.get(path).content.decode()
    assert client.post(path).status_code == 302
    assert client.get("/summaries/1-1.forged/").status_code == 404


def test_a_forged_link_is_refused(summary: DailySummary) -> None:
    with pytest.raises(NotFound):
        read_stop(f"{summary.account_id}-{summary.user_id}.x")


def test_its_mail_counts_days_on_the_accounts_clock(summary: DailySummary) -> None:
    sent = compose(summary, summary.next_at)
    day = (summary.next_at - timedelta(days=1)).date()
    assert f"{day:%B} {day.day}, {day.year}" in str(sent.body)
