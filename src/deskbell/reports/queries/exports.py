"""Exports, and what is in their files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files import File
from django.db.models import QuerySet

from deskbell.foundation.errors import NotFound

from ..errors import FileIsGone, NoFileYet
from ..models import Export, ExportState

_NOT_YET = {
    ExportState.WAITING: "The file is not made yet: wait until it is done.",
    ExportState.RUNNING: "The file is being made: wait until it is done.",
    ExportState.FAILED: "There is no file: the export failed.",
    ExportState.CANCELED: "There is no file: the export was canceled.",
}


def exports(kinds: Iterable[str] | None = None) -> QuerySet[Export]:
    """Exports, newest first, of some kinds or of all; without those that somebody removed."""
    found = Export.objects.exclude(state=ExportState.REMOVED, removed_after=None)
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    return found.select_related("created_by").order_by("-created_at", "-id")


def one_export(export_id: int) -> Export:
    """One export. Raises NotFound for one that is none, or another account's, or was removed."""
    found = exports().filter(pk=export_id).first()
    if found is None:
        raise NotFound("No such export")
    return found


def opened(export: Export) -> File[Any]:
    """The export's file, open for reading; whoever asks closes it.

    Raises NoFileYet where there is none yet or will be none, and FileIsGone where it was removed.
    """
    if words := _NOT_YET.get(ExportState(export.state)):
        raise NoFileYet(words)
    try:
        if export.state == ExportState.DONE:
            return export.file.open("rb")
    except FileNotFoundError as error:
        raise FileIsGone("The file is no longer kept: make a new export.") from error
    raise FileIsGone("The file is no longer kept: make a new export.")
