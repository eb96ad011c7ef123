"""Making an export's file: written beside, stored whole, and only then said to be done."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from zoneinfo import ZoneInfo

from django import db
from django.core.files import File
from django.db import transaction

from deskbell.foundation.errors import DeskbellError

from ..formats import FORMATS
from ..hooks import export_ended
from ..models import Export, ExportState
from ..progress import Progress, Stopped
from ..sources import SOURCES
from ..tables import Table
from .exports import UNDER_WAY

log = logging.getLogger(__name__)
NO_ROOM = "There is no room left on this machine's disk: tell whoever runs it, then try again."
FAULT = "Something went wrong on our side: try again, and tell the operator if it stays so."


def make(*, export_id: int, clock: Callable[[], datetime], days: int) -> None:
    """Makes the file of an export that waits, or whose job died; others are left as they are.

    The file is kept for `days`. Ends done, or failed with the reason in words; either fires
    `export_ended` in the same transaction. Where it was canceled meanwhile, nothing is left of it.
    Needs the account's scope. Raises what the database raises: then the job runs again.
    """
    export = _begin(export_id, clock())
    if export is None:
        return
    try:
        _make(export, clock, days)
    except Stopped:
        _forget_file(export)
    except db.Error:
        raise
    except Exception as error:  # noqa: BLE001 - whoever asked has to hear of it
        _forget_file(export)
        _fail(export, _in_words(error), clock())


def _begin(export_id: int, at: datetime) -> Export | None:
    """Takes the export, whoever had it before: that one finds `began_at` changed, and stops."""
    with transaction.atomic():
        rows = Export.objects.select_for_update(of=("self",)).filter(pk=export_id)
        export = rows.select_related("account").first()
        if export is None:
            return None
        if export.state not in (*UNDER_WAY, ExportState.CANCELED):
            return None
        _forget_file(export)
        if export.state == ExportState.CANCELED:
            return None
        export.state, export.rows_done, export.rows = ExportState.RUNNING, 0, None
        export.began_at = export.seen_at = at
        export.file = _path(export, at)
        export.save(update_fields=["state", "rows", "rows_done", "began_at", "seen_at", "file"])
    return export


def _path(export: Export, at: datetime) -> str:
    """Its own for each try, so that one that was given up harms no other."""
    return f"exports/{export.account_id}/{export.pk}-{at:%Y%m%d%H%M%S%f}.{export.format}"


def _make(export: Export, clock: Callable[[], datetime], days: int) -> None:
    progress = Progress(export, clock)
    table = SOURCES[export.kind].table(export.account, export.asked, export.began_at or clock())
    kind = FORMATS[export.format]
    kind.check(table)
    progress.expect(table.count)
    with TemporaryFile(prefix="deskbell-export-") as file:
        ending = kind.write(progress.of_rows(table), progress.of_file(file))
        export.bytes = file.seek(0, os.SEEK_END)
        file.seek(0)
        export.file.storage.save(str(export.file.name), File(file))
    export.name = f"{_named(export, table)}.{ending}"
    export.rows = export.rows_done = progress.rows
    _end(export, clock(), days)


def _named(export: Export, table: Table) -> str:
    day = export.created_at.astimezone(ZoneInfo(export.account.time_zone))
    return f"{table.title.lower().replace(' ', '-')}-{export.account.number}-{day:%Y-%m-%d}"


def _end(export: Export, at: datetime, days: int) -> None:
    export.state, export.ended_at = ExportState.DONE, at
    export.removed_after = at + timedelta(days=days)
    fields = ["state", "ended_at", "removed_after", "bytes", "name", "rows", "rows_done"]
    with transaction.atomic():
        _check_mine(export)
        export.save(update_fields=fields)
        export_ended.fire(export)


def _fail(export: Export, words: str, at: datetime) -> None:
    export.state, export.ended_at, export.trouble = ExportState.FAILED, at, words[:300]
    with transaction.atomic(), suppress(Stopped):
        _check_mine(export)
        export.save(update_fields=["state", "ended_at", "trouble"])
        export_ended.fire(export)


def _check_mine(export: Export) -> None:
    """Locks the row. Raises Stopped where it was canceled, or somebody else has it."""
    rows = Export.objects.select_for_update(of=("self",)).filter(pk=export.pk)
    if not rows.filter(state=ExportState.RUNNING, began_at=export.began_at).exists():
        raise Stopped


def _forget_file(export: Export) -> None:
    if export.file:
        export.file.storage.delete(str(export.file.name))


def _in_words(error: Exception) -> str:
    if isinstance(error, DeskbellError):
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NO_ROOM
    log.error("An export failed", exc_info=error)
    return FAULT
