"""Scheduled exports, set in the browser, made and mailed by real workers to a real mail server."""

from __future__ import annotations

import email
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, expect

from deskbell.accounts.models import Account, User
from deskbell.delivery.transports.email.tests.peer import Peer as MailServer
from deskbell.foundation.clock import now
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.reports import actions
from deskbell.reports.models import DailySummary, Export, ScheduledExport
from tests.browser import sign_in
from tests.workers import Worker, until

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def same_storage(tmp_path: Path) -> None:
    """The workers' files lie where the pages look for them."""
    files = Path(settings.MEDIA_ROOT)
    files.mkdir(parents=True, exist_ok=True)
    for number in range(2):
        folder = tmp_path / f"worker-{number}"
        folder.mkdir()
        (folder / "files").symlink_to(files)


def run_due() -> int:
    """What the clock has a worker do every minute, in a thread of its own."""
    try:
        with system_scope("a worker of the test"):
            return actions.run_due(at=now())
    finally:
        connection.close()


def of_subject(server: MailServer, subject: str) -> list[EmailMessage]:
    mails = [email.message_from_bytes(each, policy=default) for each in server.mails]
    return [each for each in mails if each["Subject"] == subject]


@pytest.mark.usefixtures("same_storage")
def test_from_the_form_to_the_mailbox(
    tab: Page,
    complaints: list[str],
    acme: Account,
    alice: User,
    take: Callable[..., Message],
    start_worker: Callable[..., Worker],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take("The pump leaks", age=timedelta(days=1))
    sign_in(tab)
    tab.goto("/reports/schedules/")
    tab.get_by_role("link", name="Schedule the first export").click()
    tab.get_by_label("Name", exact=True).fill("Messages for the office")
    tab.get_by_label("Every day", exact=False).check()
    tab.get_by_label("Email to").fill("office")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("“office” is no email address")).to_be_visible()
    complaints.clear()  # the browser notes every 422
    tab.get_by_label("Email to").fill("office@example.com")
    tab.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("Every day at 7 AM")).to_be_visible()

    with MailServer() as server, account_scope(acme.pk):
        monkeypatch.setenv("DESKBELL_EMAIL_URL", f"smtp://127.0.0.1:{server.port}")
        start_worker()
        start_worker()
        due = now() - timedelta(seconds=1)
        ScheduledExport.objects.update(next_at=due)
        actions.choose_summary(account=acme, user=alice, time=time(7), at=now())
        DailySummary.objects.update(next_at=due)
        with ThreadPoolExecutor(2) as workers:
            assert sum(each.result() for each in [workers.submit(run_due) for _ in "ab"]) <= 2
        until(lambda: len(server.mails) == 2, 60)
        [export] = Export.objects.all()
        assert export.due_at == due
        [mail] = of_subject(server, f"Messages for the office for {acme.name}")
        [attached] = mail.iter_attachments()
        assert attached.get_filename() == export.name
        assert "The pump leaks" in attached.get_content()
        [summary] = of_subject(server, f"Yesterday at {acme.name}")
        assert "The pump leaks" not in summary.get_content()
        assert summary["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    tab.reload()
    expect(tab.get_by_text("Done")).to_be_visible()
    tab.get_by_role("button", name="Pause Messages for the office").click()
    expect(tab.get_by_text("Paused", exact=True)).to_be_visible()
    tab.get_by_role("button", name="Resume Messages for the office").click()
    expect(tab.get_by_role("button", name="Pause Messages for the office")).to_be_visible()
