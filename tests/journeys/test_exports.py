"""Exports as people make them: asked for in the browser, made by a real worker, taken, and read."""

from __future__ import annotations

import csv
import re
import signal
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from deskbell.accounts.models import Account, User
from deskbell.foundation.clock import now
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope
from deskbell.reports.actions import ask_export
from deskbell.reports.models import Export, ExportState
from deskbell.reports.queries import opened
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


@pytest.mark.usefixtures("same_storage")
def test_from_the_list_of_messages_to_the_file(
    tab: Page,
    alice: User,
    take: Callable[..., Message],
    start_worker: Callable[..., Worker],
    tmp_path: Path,
) -> None:
    fields = {"first_name": "=1+1", "last_name": ""}
    taken = [take("Call me\nat once", **fields), take("It rains"), take("The pump leaks")]
    sign_in(tab)
    tab.goto("/messages/?q=pump")
    tab.locator("#export-more").click()
    expect(tab.get_by_label("Search")).to_have_value("pump")
    tab.get_by_label("Search").fill("")
    tab.get_by_label("CSV", exact=False).check()
    tab.get_by_role("button", name="Export").click()
    expect(tab.get_by_text("Waits for its turn")).to_be_visible()
    tab.evaluate("window.stayed = true")
    start_worker()
    download = tab.get_by_role("link", name=re.compile("Download messages-"))
    expect(download).to_be_visible(timeout=30_000)  # without a reload
    assert tab.evaluate("window.stayed === true")
    with tab.expect_download() as loading:
        download.click()
    saved = tmp_path / loading.value.suggested_filename
    loading.value.save_as(saved)
    with saved.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert saved.name.endswith(".csv")
    assert [row["ID"] for row in rows] == [str(each.pk) for each in taken[::-1]]
    assert rows[-1]["From"].startswith("'=1+1")
    assert rows[-1]["Message"] == "Call me\nat once"

    tab.get_by_role("link", name=re.compile("^Remove export")).click()
    tab.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(tab.get_by_text("Nothing was exported yet")).to_be_visible()


@pytest.mark.usefixtures("same_storage")
def test_a_worker_that_dies_leaves_the_file_to_another(
    acme: Account, take: Callable[..., Message], start_worker: Callable[..., Worker]
) -> None:
    at = now()
    with account_scope(acme.pk):
        Message.objects.bulk_create(
            Message(account=acme, created_at=at, updated_at=at, content="Ring") for _ in range(1100)
        )
        export = ask_export(
            account=acme, kind="messages", format="pdf", asked={}, words="", by=None, at=at
        )

    def now_it_is() -> Export:
        with account_scope(acme.pk):
            return Export.objects.get(pk=export.pk)

    first = start_worker()
    until(lambda: now_it_is().state == ExportState.RUNNING and now_it_is().rows_done)
    take("This one comes while it is made")
    first.kill()
    assert now_it_is().state == ExportState.RUNNING
    second = start_worker()
    done = until(lambda: now_it_is() if now_it_is().state == ExportState.DONE else None, 60)
    assert done.began_at > at
    with account_scope(acme.pk), opened(done) as file, zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["messages-0001.pdf", "messages-0002.pdf"]
        assert archive.testzip() is None
    folder = Path(settings.MEDIA_ROOT) / "exports" / str(acme.pk)
    assert len(list(folder.iterdir())) == 1
    assert second.end(signal.SIGTERM) == 0
