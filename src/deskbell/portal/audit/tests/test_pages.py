"""The pages of the audit log: what they show, to whom, and what is taken out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deskbell.accounts.models import Account, User
from deskbell.audit import actions
from deskbell.audit.models import Entry
from deskbell.audit.queries import CHUNK, PER_PAGE
from deskbell.audit.rules import Door
from deskbell.platform.tenancy import system_scope

pytestmark = pytest.mark.django_db
Write = Callable[..., None]


@pytest.fixture
def write(acme: Account, at: datetime) -> Write:
    """Writes an entry of Acme's, unless it says otherwise."""

    def written(subject: str, **other: object) -> None:
        fields = {
            "door": Door.PORTAL,
            "act": "messages:acknowledge",
            "words": "Acknowledged a message",
            "at": at,
            "account_id": acme.pk,
            **other,
        }
        actions.write(subject=subject, **fields)  # type: ignore[arg-type]  # the test says which

    return written


def as_person(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    if isinstance(answer, StreamingHttpResponse):
        return b"".join(answer).decode()
    return answer.content.decode()


def subjects(client: Client, path: str, among: list[str]) -> list[str]:
    text = text_of(client, path)
    return [each for each in among if each in text]


def test_each_account_has_its_own(
    write: Write, alice: User, charlie: User, other: Account, olivia: User
) -> None:
    write("ours")
    write("theirs", account_id=other.pk)
    write("nobodys", account_id=None)
    names = ["ours", "theirs", "nobodys"]
    for path in ("/audit/", "/audit/export.csv", "/audit/?account=&q="):
        assert subjects(as_person(alice), path, names) == ["ours"]
        assert subjects(as_person(charlie), path, names) == ["theirs"]
    for path in ("/operator/audit/", "/operator/audit/export.csv"):
        assert subjects(as_person(olivia), path, names) == names
    of_one = f"/operator/audit/?account={other.number}"
    assert subjects(as_person(olivia), of_one, names) == ["theirs"]


def test_the_filters(write: Write, alice: User, bob: User, at: datetime) -> None:
    early = at - timedelta(days=40)
    write("one", who=alice)
    write("two", who=bob, act="webhooks:new", words="Added a webhook")
    write("three", who_name="API token CRM", door=Door.API_V2)
    write("four", who=bob, on_behalf="olivia@example.com", at=early)
    write("five", changes={"zone": ("UTC", "Asia/Tokyo")}, address="192.0.2.7")
    client = as_person(alice)
    asked = {
        "?person=bob": ["two", "four"],
        "?person=alice": ["one"],
        "?person=olivia": ["four"],
        "?person=CRM": ["three"],
        "?kind=Webhooks": ["two"],
        "?door=api_v2": ["three"],
        "?q=tokyo": ["five"],
        "?q=192.0.2.7+ack": ["five"],
        f"?to_date={early:%Y-%m-%d}": ["four"],
        f"?from_date={at:%Y-%m-%d}": ["one", "two", "three", "five"],
        "?person=nobody": [],
        "?door=window&kind=Nothing": ["one", "two", "three", "four", "five"],
        "?q=%00&before=x&after=-1": ["one", "two", "three", "four", "five"],
    }
    names = [f'row-note">{each}<' for each in ("one", "two", "three", "four", "five")]
    for query, expected in asked.items():
        found = subjects(client, f"/audit/{query}", names)
        assert [each[10:-1] for each in found] == expected, query


def test_a_wrong_day_narrows_nothing_and_is_not_exported(write: Write, alice: User) -> None:
    write("one")
    client = as_person(alice)
    text = text_of(client, "/audit/?from_date=soon")
    assert "is not a day" in text
    assert "one" in text
    answer = client.get("/audit/export.csv?from_date=soon", follow=True)
    assert "Nothing was exported" in answer.content.decode()


def test_page_by_page_there_and_back(write: Write, alice: User, at: datetime) -> None:
    count = 2 * PER_PAGE + 7
    for number in range(count):
        write(f"n{number:04}", at=at + timedelta(seconds=number // 3))  # some at the same moment
    client, seen, path = as_person(alice), [], "/audit/"
    trail = []
    while path:
        page = client.get(path)
        rows = [line.entry.subject for line in page.context["lines"]]
        trail.append(rows)
        seen += rows
        path = f"/audit/{page.context['older']}" if page.context["older"] else ""
    assert seen == [f"n{number:04}" for number in reversed(range(count))]
    back = client.get(f"/audit/{page.context['newer']}")
    assert [line.entry.subject for line in back.context["lines"]] == trail[-2]
    first = client.get(f"/audit/{back.context['newer']}")
    assert [line.entry.subject for line in first.context["lines"]] == trail[0]
    assert first.context["newer"] == ""


def test_no_more_queries_for_more_entries(write: Write, alice: User, bob: User) -> None:
    client = as_person(alice)
    counts = []
    for _ in range(2):
        write("one", who=alice)
        write("two", who=bob)
        client.get("/audit/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/audit/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert not any("INSERT" in each["sql"] for each in asked)


def test_both_who_acts_and_as_whom(write: Write, alice: User, bob: User) -> None:
    write("it", who=bob, on_behalf="olivia@example.com")
    text = text_of(as_person(alice), "/audit/")
    assert "<strong>olivia@example.com</strong>" in text
    assert f"as {bob.name}" in text
    row = text_of(as_person(alice), "/audit/export.csv").splitlines()[1]
    assert row.split(",")[1:3] == ["olivia@example.com", bob.email]


def test_hostile_entries_are_only_text(write: Write, alice: User) -> None:
    write(
        "<script>alert(1)</script>",
        who_name="=cmd|' /C calc'!A0",
        agent='"><img src=x>',
        changes={"<b>name": ("=1+1", "<i>")},
    )
    client = as_person(alice)
    text = text_of(client, "/audit/")
    assert "<script>alert" not in text
    assert "<b>name" not in text
    assert "<img src=x>" not in text
    assert "'=cmd|" in text_of(client, "/audit/export.csv")


def test_a_long_log_is_taken_out_whole(write: Write, alice: User, acme: Account) -> None:
    write("one")
    with system_scope("test"):
        first = Entry.objects.get()
        Entry.objects.bulk_create(
            [
                Entry(account=acme, at=first.at, door="portal", act="x", words="w", subject=f"n{n}")
                for n in range(CHUNK + 5)
            ]
        )
    client = as_person(alice)
    rows = text_of(client, "/audit/export.csv").splitlines()
    assert len(rows) == 1 + 1 + CHUNK + 5
    assert len(set(rows)) == len(rows)
    sheet = client.get("/audit/export.xlsx")
    book = zipfile.ZipFile(io.BytesIO(b"".join(sheet)))
    assert book.read("xl/worksheets/sheet1.xml").count(b"<row") == len(rows) + 1  # the file before


def test_exports_are_in_the_log_themselves(write: Write, alice: User) -> None:
    write("one")
    client = as_person(alice)
    text_of(client, "/audit/export.csv")
    assert "Exported the audit log as CSV" in text_of(client, "/audit/")


def test_nothing_yet(alice: User) -> None:
    assert "Nothing is in the log yet" in text_of(as_person(alice), "/audit/")
    assert "Nothing in the log is like this" in text_of(as_person(alice), "/audit/?q=x")
