"""An export is made whole or not at all, whatever happens while it is made."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import OperationalError, connection

from deskbell.accounts.models import Account, User
from deskbell.foundation.errors import Conflict, InvalidInput, NotFound
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.reports import progress, queries
from deskbell.reports.actions import (
    ask_export,
    cancel_export,
    make,
    making,
    remove_export,
    remove_old,
)
from deskbell.reports.actions.making import FAULT, NO_ROOM
from deskbell.reports.errors import FileIsGone, NoFileYet, TooManyExports
from deskbell.reports.formats import FORMATS
from deskbell.reports.hooks import export_ended
from deskbell.reports.models import Export, ExportState
from deskbell.reports.sources import SOURCES, Source
from deskbell.reports.tables import Cell, Table

pytestmark = pytest.mark.django_db
DAYS = 7


@pytest.fixture(autouse=True)
def scope(acme: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(progress, "_SECONDS", 0)
    monkeypatch.setattr(progress, "_ROWS", 1)
    with account_scope(acme.pk):
        yield


@pytest.fixture
def ended() -> Iterator[list[Export]]:
    heard: list[Export] = []
    export_ended.subscribe(heard.append)
    yield heard
    export_ended.unsubscribe(heard.append)


@pytest.fixture
def ask(acme: Account, alice: User, at: datetime) -> Callable[..., Export]:
    def asked(**given: Any) -> Export:
        usual: dict[str, Any] = {"kind": "messages", "format": "csv", "asked": {}, "words": ""}
        return ask_export(account=acme, by=alice, at=at, **{**usual, **given})

    return asked


def made(export: Export, at: datetime) -> Export:
    make(export_id=export.pk, clock=lambda: at, days=DAYS)
    return Export.objects.get(pk=export.pk)


def messages(account: Account, at: datetime, count: int, **fields: Any) -> list[int]:
    rows = [
        Message.objects.create(account=account, created_at=at, updated_at=at, **fields)
        for _ in range(count)
    ]
    return [row.pk for row in rows]


def rows_of(export: Export) -> list[dict[str, Any]]:
    with queries.opened(export) as file:
        found: list[dict[str, Any]] = json.load(file)
    return found


def files(account: Account) -> list[str]:
    folder = Path(default_storage.path(f"exports/{account.pk}"))
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object], *, after: int = 2
) -> None:
    """Lets something happen when so many rows of messages were read."""
    real = SOURCES["messages"]

    def rows(found: Table) -> Iterator[Sequence[Cell]]:
        for number, row in enumerate(found.rows):
            if number == after:
                happens()
            yield row

    def table(account: Account, asked: Any, at: datetime) -> Table:
        found = real.table(account, asked, at)
        return replace(found, rows=rows(found))

    monkeypatch.setitem(SOURCES, "messages", Source(real.check, table))


def test_a_file_is_made_told_once_and_kept_for_its_days(
    acme: Account, at: datetime, ask: Callable[..., Export], ended: list[Export]
) -> None:
    ids = messages(acme, at, 3, content="Call me", last_name="=1+1")
    export = made(ask(format="json"), at)
    assert (export.state, export.rows, export.rows_done) == (ExportState.DONE, 3, 3)
    assert export.name == f"messages-{acme.number}-{at:%Y-%m-%d}.json"
    assert export.removed_after == at + timedelta(days=DAYS)
    assert export.bytes == export.file.size
    assert [row["ID"] for row in rows_of(export)] == ids[::-1]
    assert [each.pk for each in ended] == [export.pk]
    make(export_id=export.pk, clock=lambda: at, days=DAYS)  # jobs run at least once
    assert len(ended) == len(files(acme)) == 1


@pytest.mark.parametrize("kind", ["messages", "usage", "audit"])
@pytest.mark.parametrize("format_", FORMATS)
def test_every_kind_is_written_in_every_format(
    kind: str, format_: str, acme: Account, at: datetime, ask: Callable[..., Export]
) -> None:
    messages(acme, at, 1)
    export = made(ask(kind=kind, format=format_), at)
    assert (export.state, export.trouble) == (ExportState.DONE, "")
    assert export.name.endswith(f".{format_}")
    assert export.bytes > 0


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"kind": "people"}, "kind", "no export of"),
        ({"format": "docx"}, "format", "is no format"),
        ({"asked": {"from_date": "31 February"}}, "from_date", "is not a day"),
        (
            {"asked": {"from_date": "2026-03-04", "to_date": "2026-03-01"}},
            "to_date",
            "before it begins",
        ),
        ({"asked": {"status": "lost"}}, "status", "none of these"),
        ({"asked": {"tab": ["new", "old"]}}, "tab", "none of these: New, Acknowledged"),
        ({"asked": {"number": "+19"}}, "number", "not one of this account's"),
        ({"asked": {"q": "x" * 401}}, "q", "at most 400"),
        ({"kind": "audit", "asked": {"door": "window"}}, "door", "none of these"),
        ({"kind": "audit", "asked": {"kind": "Everything"}}, "kind", "none of these"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_exported(
    wrong: dict[str, Any], field: str, words: str, ask: Callable[..., Export]
) -> None:
    with pytest.raises(InvalidInput, match=words) as said:
        ask(**wrong)
    assert said.value.field == field
    assert not Export.objects.exists()


def test_filters_mean_what_they_mean_on_the_page(
    acme: Account, at: datetime, ask: Callable[..., Export]
) -> None:
    [_, wanted] = messages(acme, at, 1) + messages(acme, at, 1, is_emergency=True, content="Fire")
    messages(acme, at - timedelta(days=2), 1, is_emergency=True, content="Fire")
    asked = {"q": "fire", "emergency": "yes", "from_date": f"{at:%Y-%m-%d}", "zone": "UTC"}
    assert [row["ID"] for row in rows_of(made(ask(format="json", asked=asked), at))] == [wanted]


def test_what_arrives_meanwhile_is_not_in_it(
    acme: Account, at: datetime, ask: Callable[..., Export], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = messages(acme, at, 5)
    meanwhile(monkeypatch, lambda: messages(acme, at, 5))
    export = made(ask(format="json"), at)
    assert [row["ID"] for row in rows_of(export)] == ids[::-1]
    assert export.rows_done == 5


def test_a_canceled_one_stops_and_leaves_nothing(
    acme: Account,
    at: datetime,
    ask: Callable[..., Export],
    ended: list[Export],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    messages(acme, at, 5)
    export = ask()
    meanwhile(monkeypatch, lambda: cancel_export(export=export, at=at))
    assert made(export, at).state == ExportState.CANCELED
    assert (files(acme), ended) == ([], [])
    with pytest.raises(Conflict, match="ended already"):
        cancel_export(export=export, at=at)
    make(export_id=export.pk, clock=lambda: at, days=DAYS)
    assert files(acme) == []


@pytest.mark.parametrize("format_", FORMATS)
def test_formats_that_write_at_their_end_stop_too(
    format_: str, acme: Account, at: datetime, ask: Callable[..., Export], tmp_path: Path
) -> None:
    export = ask(format=format_)
    Export.objects.filter(pk=export.pk).update(state=ExportState.RUNNING, began_at=at)
    export.refresh_from_db()
    seen = progress.Progress(export, lambda: at)
    table = Table("Long", ["Number"], iter([(1,), (2,)]))
    cancel_export(export=export, at=at)
    with (tmp_path / "file").open("w+b") as file, pytest.raises(progress.Stopped):
        FORMATS[format_].write(table, seen.of_file(file))


def test_one_whose_worker_died_starts_anew(
    acme: Account, at: datetime, ask: Callable[..., Export], monkeypatch: pytest.MonkeyPatch
) -> None:
    messages(acme, at, 3)
    export = ask(format="json")
    with monkeypatch.context() as patch:
        patch.setattr(making, "_end", lambda *_: (_ for _ in ()).throw(OperationalError("gone")))
        with pytest.raises(OperationalError):
            made(export, at)
    assert len(files(acme)) == 1  # stored, and nobody knows
    again = made(export, at + timedelta(minutes=1))
    assert again.state == ExportState.DONE
    assert len(rows_of(again)) == 3
    assert files(acme) == [Path(str(again.file.name)).name]


def test_who_was_thought_dead_gives_way(
    acme: Account,
    at: datetime,
    ask: Callable[..., Export],
    ended: list[Export],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    messages(acme, at, 5)
    export = ask(format="json")
    taken: list[int] = []

    def take_over() -> None:
        if not taken:
            taken.append(1)
            made(export, at + timedelta(minutes=1))

    meanwhile(monkeypatch, take_over)
    done = made(export, at)
    assert done.began_at == at + timedelta(minutes=1)
    assert len(rows_of(done)) == 5
    assert len(ended) == len(files(acme)) == 1


def test_a_full_disk_is_said_and_no_file_is_left(
    acme: Account,
    at: datetime,
    ask: Callable[..., Export],
    ended: list[Export],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = FileSystemStorage._save  # type: ignore[attr-defined]

    def half(self: FileSystemStorage, name: str, content: Any) -> str:
        real(self, name, content)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", half)
    export = made(ask(), at)
    assert (export.state, export.trouble) == (ExportState.FAILED, NO_ROOM)
    assert (files(acme), [each.pk for each in ended]) == ([], [export.pk])


def test_a_fault_of_ours_is_said_and_logged(
    at: datetime,
    ask: Callable[..., Export],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = Source(lambda *_: None, lambda *_: 1 / 0)  # type: ignore[arg-type]
    monkeypatch.setitem(SOURCES, "messages", broken)
    assert made(ask(), at).trouble == FAULT
    assert "ZeroDivisionError" in caplog.text


def test_more_rows_than_fit_are_refused_before_any_is_written(
    acme: Account, at: datetime, ask: Callable[..., Export], monkeypatch: pytest.MonkeyPatch
) -> None:
    messages(acme, at, 3)
    monkeypatch.setitem(FORMATS, "xlsx", replace(FORMATS["xlsx"], most_rows=2))
    export = made(ask(format="xlsx"), at)
    assert export.state == ExportState.FAILED
    assert "3 rows" in export.trouble
    assert "choose CSV" in export.trouble


def test_ten_are_enough_at_once(ask: Callable[..., Export], at: datetime) -> None:
    first, *_ = [ask() for _ in range(10)]
    with pytest.raises(TooManyExports, match="wait until one is done"):
        ask()
    cancel_export(export=first, at=at)
    assert ask().state == ExportState.WAITING


def test_files_are_opened_only_while_they_are_there(
    acme: Account,
    at: datetime,
    ask: Callable[..., Export],
    django_capture_on_commit_callbacks: Any,
) -> None:
    export = ask()
    with pytest.raises(NoFileYet, match="not made yet"):
        queries.opened(export)
    with pytest.raises(Conflict, match="cancel it first"):
        remove_export(export=export, at=at)
    export = made(export, at)
    with queries.opened(export) as file:
        assert file.read()
    with django_capture_on_commit_callbacks(execute=True):
        remove_export(export=export, at=at)
    assert files(acme) == []
    with pytest.raises(FileIsGone, match="no longer kept"):
        queries.opened(Export.objects.get(pk=export.pk))
    with pytest.raises(NotFound):
        queries.one_export(export.pk)


def test_files_go_when_their_time_is_over_and_lines_much_later(
    acme: Account,
    at: datetime,
    ask: Callable[..., Export],
    django_capture_on_commit_callbacks: Any,
) -> None:
    export = made(ask(), at)
    over = at + timedelta(days=DAYS)
    with system_scope("as the clock does"), django_capture_on_commit_callbacks(execute=True):
        assert remove_old(at=over - timedelta(seconds=1)) == 0
        assert remove_old(at=over) == 1
        assert remove_old(at=over) == 0
    assert files(acme) == []
    assert queries.one_export(export.pk).state == ExportState.REMOVED
    with system_scope("as the clock does"):
        remove_old(at=at + timedelta(days=91))
    assert not queries.exports().exists()


def test_the_job_comes_and_goes_with_the_row(ask: Callable[..., Export], acme: Account) -> None:
    export = ask()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT convert_from(payload, 'UTF8') FROM pgqueuer WHERE entrypoint = %s",
            ["reports.make_export"],
        )
        [[payload]] = cursor.fetchall()
    assert json.loads(payload) == {"account_id": acme.pk, "export_id": export.pk}
