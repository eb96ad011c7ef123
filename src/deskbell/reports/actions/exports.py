"""Asking for exports, stopping them, and removing their files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from deskbell.accounts.models import Account, User
from deskbell.foundation.errors import Conflict, InvalidInput
from deskbell.platform.jobs import enqueue

from ..errors import TooManyExports
from ..jobs.exports import make_export
from ..models import Export, ExportState, FileFormat, Kind, ScheduledExport
from ..sources import SOURCES

MOST_UNDER_WAY: Final = 10
UNDER_WAY: Final = (ExportState.WAITING, ExportState.RUNNING)
# So long a line says that there was an export, after its file is gone.
REMEMBERED: Final = timedelta(days=90)
_BATCH: Final = 100


def ask_export(
    *,
    account: Account,
    kind: str,
    format: str,  # noqa: A002 the word of the page and the API
    asked: Mapping[str, str | list[str]],
    words: str,
    by: User | None,
    at: datetime,
    schedule: ScheduledExport | None = None,
    due_at: datetime | None = None,
) -> Export:
    """Queues an export of `kind` (a Kind) as `format` (a FileFormat); gives it, waiting.

    `asked` are the filters as their page's query: messages take tab, q, from_date, to_date, number,
    status, emergency, recording; the audit log q, person, kind, door, from_date, to_date; usage
    what `reports.usage` says. Days are the account's, or those of an IANA name under `zone`.
    `words` say the filters to people. Whether `by` may have it is the caller's to check. Writes the
    row and its job in one transaction. Raises InvalidInput, naming the field, for an unknown kind
    or format and for filters that are wrong; TooManyExports where ten are under way, but for a
    schedule's.
    """
    if kind not in Kind.values:
        raise InvalidInput(f"There is no export of {kind!r}: choose one of the list", field="kind")
    if format not in FileFormat.values:
        raise InvalidInput(f"{format!r} is no format: choose one of the list", field="format")
    SOURCES[Kind(kind)].check(account, asked)
    with transaction.atomic():
        if schedule is None:
            _check_room(account)
        made = Export.objects.create(
            account=account,
            kind=kind,
            format=format,
            asked=dict(asked),
            words=words[:300],
            schedule=schedule,
            due_at=due_at,
            created_by=by,
            created_at=at,
        )
        enqueue(make_export, account_id=account.pk, export_id=made.pk, key=f"export-{made.pk}")
    return made


def _check_room(account: Account) -> None:
    under_way = Export.objects.filter(account=account, state__in=UNDER_WAY, schedule=None).count()
    if under_way >= MOST_UNDER_WAY:
        raise TooManyExports(
            f"{MOST_UNDER_WAY} exports are under way: wait until one is done, or cancel one."
        )


def cancel_export(*, export: Export, at: datetime) -> Export:
    """Stops an export that waits or runs, within a second; no file is left.

    Gives it as it is now. Raises Conflict where it has ended.
    """
    with transaction.atomic():
        found = _locked(export)
        if found.state not in UNDER_WAY:
            raise Conflict("This export has ended already: there is nothing to cancel.")
        found.state = ExportState.CANCELED
        found.ended_at = at
        found.save(update_fields=["state", "ended_at"])
    return found


def remove_export(*, export: Export, at: datetime) -> Export:
    """Removes an export that has ended from the list, and its file after the commit.

    Gives it as it is now. Raises Conflict where it is still under way.
    """
    with transaction.atomic():
        found = _locked(export)
        if found.state in UNDER_WAY:
            raise Conflict("This export is under way: cancel it first.")
        found.removed_after = None
        _without_file(found)
        found.ended_at = found.ended_at or at
        found.save(update_fields=["state", "file", "removed_after", "ended_at"])
    return found


def remove_old(*, at: datetime) -> int:
    """Removes the files of exports whose time is over, and forgets exports of 90 days ago.

    Gives how many lost their file. Needs a system scope.
    """
    count = 0
    while found := _remove_batch(at):
        count += found
    ended = Export.objects.exclude(state__in=(*UNDER_WAY, ExportState.DONE))
    ended.filter(ended_at__lt=at - REMEMBERED).delete()
    return count


def _remove_batch(at: datetime) -> int:
    with transaction.atomic():
        due = Export.objects.filter(state=ExportState.DONE, removed_after__lte=at)
        found = list(due.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:_BATCH])
        for each in found:
            _without_file(each)
            each.save(update_fields=["state", "file"])
    return len(found)


def _without_file(export: Export) -> None:
    storage, name = export.file.storage, str(export.file.name or "")
    export.state = ExportState.REMOVED
    export.file = ""
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _locked(export: Export) -> Export:
    return Export.objects.select_for_update(of=("self",)).get(pk=export.pk)
