"""The pages of exports: asked for, on their way, taken, canceled and removed; by whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from deskbell.accounts.actions import add_user, join
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.accounts.rules import Right
from deskbell.audit.models import Entry
from deskbell.messages.actions import Taken, take
from deskbell.platform.tenancy import account_scope
from deskbell.portal.messages import exports as message_exports
from deskbell.reports.actions import ask_export, make
from deskbell.reports.models import Export, ExportState

pytestmark = pytest.mark.django_db
LIST, NEW = "/reports/exports/", "/reports/exports/new/"


@pytest.fixture(autouse=True)
def scope(acme: Account) -> Iterator[None]:
    with account_scope(acme.pk):
        yield


def as_person(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(alice: User) -> Client:
    return as_person(alice)


def text(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def waiting(acme: Account, at: datetime, kind: str = "messages") -> Export:
    return ask_export(account=acme, kind=kind, format="csv", asked={}, words="", by=None, at=at)


def made(export: Export, at: datetime) -> Export:
    make(export_id=export.pk, clock=lambda: at, days=7)
    return Export.objects.get(pk=export.pk)


def test_an_export_is_asked_for_as_the_form_says(
    client: Client, acme: Account, acme_number: PhoneNumber, alice: User
) -> None:
    assert "Nothing was exported yet" in text(client, LIST)
    assert acme_number.number in text(client, NEW)
    given = {"format": "json", "tab": "new", "from_date": "2026-03-01", "emergency": "on", "q": ""}
    answer = client.post(f"{NEW}?of=messages", given, follow=True)
    [export] = Export.objects.all()
    assert (export.kind, export.format, export.created_by) == ("messages", "json", alice)
    assert export.asked == {"tab": "new", "from_date": "2026-03-01", "emergency": "yes"}
    assert export.words == "Which messages: New, From: 2026-03-01, Only emergencies"
    page = answer.content.decode()
    assert "The export is under way" in page
    assert "Waits for its turn" in page
    assert Entry.objects.filter(act="reports:new_export").count() == 1


@pytest.mark.parametrize("kind", ["messages", "usage", "audit"])
def test_every_kind_has_a_form_that_can_be_sent(kind: str, client: Client) -> None:
    assert f'action="?of={kind}"' in text(client, f"{NEW}?of={kind}")
    assert client.post(f"{NEW}?of={kind}", {"format": "csv"}).status_code == 302
    assert Export.objects.get().kind == kind


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"format": "docx"}, "Choose one of these"),
        ({}, "Choose one of these"),
        ({"format": "csv", "from_date": "31 February"}, "is not a day"),
        ({"format": "csv", "to_date": "2026-03-01", "from_date": "2026-03-02"}, "before it begins"),
        ({"format": "csv", "number": "999"}, "is not one of this account"),
        ({"format": "csv", "status": "lost"}, "is none of these"),
        ({"format": "csv", "q": "x" * 500}, "at most 400"),
        ({"format": "csv", "q": "x" * 5000}, "at most 800"),
        ({"format": "csv", "q": "\0"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    given: dict[str, str], words: str, client: Client
) -> None:
    answer = client.post(NEW, given)
    assert words in answer.content.decode()
    assert not Export.objects.exists()
    assert not Entry.objects.filter(act="reports:new_export").exists()


def test_progress_is_asked_for_until_it_is_done(
    client: Client, acme: Account, at: datetime
) -> None:
    export = waiting(acme, at)
    Export.objects.filter(pk=export.pk).update(
        state=ExportState.RUNNING, rows=2_000_000, rows_done=1234, began_at=at
    )
    for path in (LIST, f"{LIST}{export.pk}/"):
        part = client.get(path, headers={"HX-Request": "true"})
        page = part.content.decode()
        assert '<progress class="export-bar" max="2000000" value="1234"' in page
        assert "1,234 of 2,000,000 rows" in page
        assert 'hx-trigger="every 1s"' in page
        same = {"HX-Request": "true", "If-None-Match": part.headers["ETag"]}
        assert client.get(path, headers=same).status_code == 304
        Export.objects.filter(pk=export.pk).update(rows_done=1235)
        assert client.get(path, headers=same).status_code == 200
        Export.objects.filter(pk=export.pk).update(rows_done=1234)
    made(export, at)
    assert "every 1s" not in text(client, LIST)


def test_a_file_is_taken_when_it_is_whole(client: Client, acme: Account, at: datetime) -> None:
    take(account_id=acme.pk, taken=Taken("Call me", first_name="=1+1"), at=at)
    export = waiting(acme, at)
    file = f"{LIST}{export.pk}/file/"
    assert "not made yet" in client.get(file, follow=True).content.decode()
    assert not Entry.objects.filter(act="reports:export_file").exists()
    export = made(export, at)
    answer = client.get(file)
    assert b"'=1+1" in b"".join(answer)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{export.name}"'
    assert answer.headers["Content-Length"] == str(export.bytes)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert Entry.objects.get(act="reports:export_file").subject == export.name
    export.file.storage.delete(str(export.file.name))
    assert client.get(file).status_code == 404


def test_the_right_is_asked_for_at_each_step(acme: Account, at: datetime) -> None:
    user = add_user(email="n@example.com", name="", password=None, at=at)
    join(user=user, account=acme, role="", accesses=[Right.MESSAGE_HANDLING])
    client = as_person(user)
    exports = {
        kind: made(waiting(acme, at, kind), at).pk for kind in ("messages", "usage", "audit")
    }
    listed = text(client, LIST)
    for kind, pk in exports.items():
        may = kind == "usage"
        assert (f"/reports/exports/{pk}/" in listed) == may
        assert client.get(f"{NEW}?of={kind}").status_code == (200 if may else 403)
        assert client.post(f"{NEW}?of={kind}", {"format": "csv"}).status_code == (
            302 if may else 403
        )
        for path in ("", "file/", "remove/"):
            asked = client.get(f"{LIST}{pk}/{path}")
            assert asked.status_code == (200 if may else 403), path
            b"".join(asked)
        assert client.post(f"{LIST}{pk}/cancel/").status_code == (302 if may else 403)


def test_canceled_and_removed(client: Client, acme: Account, at: datetime) -> None:
    export = waiting(acme, at)
    assert (
        "cancel it first" in client.post(f"{LIST}{export.pk}/remove/", follow=True).content.decode()
    )
    assert "is canceled" in client.post(f"{LIST}{export.pk}/cancel/", follow=True).content.decode()
    assert (
        "ended already" in client.post(f"{LIST}{export.pk}/cancel/", follow=True).content.decode()
    )
    assert "Remove this export?" in text(client, f"{LIST}{export.pk}/remove/")
    assert "is removed" in client.post(f"{LIST}{export.pk}/remove/", follow=True).content.decode()
    assert client.get(f"{LIST}{export.pk}/").status_code == 404
    acts = ["reports:cancel_export", "reports:remove_export"]
    assert list(Entry.objects.order_by("id").values_list("act", flat=True)) == acts


def test_why_one_failed_stands_on_its_page(client: Client, acme: Account, at: datetime) -> None:
    export = waiting(acme, at)
    Export.objects.filter(pk=export.pk).update(
        state=ExportState.FAILED, trouble="There is no room left", ended_at=at
    )
    assert "There is no room left" in text(client, f"{LIST}{export.pk}/")
    answer = client.get(f"{LIST}{export.pk}/file/", follow=True)
    assert "the export failed" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "of"), [("/messages/export.xlsx", "messages"), ("/audit/export.xlsx", "audit")]
)
def test_a_long_spreadsheet_leads_to_an_export(
    path: str, of: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Many:
        is_exact = False

    monkeypatch.setattr(message_exports, "how_many", lambda _: Many)
    monkeypatch.setattr("deskbell.portal.audit.files.is_too_long", lambda _: True)
    answer = client.get(f"{path}?q=boiler&from_date=2026-03-01")
    to = urlsplit(answer.headers["Location"])
    assert to.path == NEW
    filled = parse_qs(to.query)
    assert filled["of"] == [of]
    assert (filled["q"], filled["from_date"]) == (["boiler"], ["2026-03-01"])
    page = client.get(answer.headers["Location"]).content.decode()
    assert "while you do something else" in page
    assert 'value="boiler"' in page
    assert not Entry.objects.exists()


def test_days_stay_those_of_the_list_that_one_comes_from(client: Client) -> None:
    page = text(client, f"{NEW}?of=messages&from_date=2026-03-01&zone=Asia/Tokyo")
    assert "Asia/Tokyo" in page
    given = {"format": "csv", "from_date": "2026-03-01", "zone": "Asia/Tokyo"}
    client.post(NEW, given)
    assert Export.objects.get().asked["zone"] == "Asia/Tokyo"
