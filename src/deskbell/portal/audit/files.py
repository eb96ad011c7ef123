"""The log as a file to keep: all pages of what the list shows."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Final

from django.contrib import messages as notices
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate

from deskbell.audit.queries import Wanted, entries
from deskbell.foundation.clock import now
from deskbell.reports.audit import up_to
from deskbell.reports.formats import FORMATS, csv
from deskbell.reports.tables import Table

from ..tenancy import PortalRequest

MOST: Final = 10_000
TOO_MANY: Final = (
    f"A spreadsheet of more than {MOST:,} entries takes too long to wait for. Narrow the list"
    " down, or take the CSV file: it has all of them."
)


def as_csv(table: Table, name: str) -> HttpResponseBase:
    """The table as CSV, sent while it is read, however long it is."""
    response = StreamingHttpResponse(csv.pieces(table), content_type=FORMATS["csv"].media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{_dated(name)}.csv"'
    return response


def as_xlsx(table: Table, name: str) -> HttpResponseBase:
    """The table as a spreadsheet."""
    kind = FORMATS["xlsx"]
    file = TemporaryFile()  # noqa: SIM115 the response closes it
    kind.write(table, file)
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{_dated(name)}.xlsx",
        content_type=kind.media_type,
    )


def up_to_now(wanted: Wanted) -> Wanted:
    """The same without what is written from now on, as that it is taken out."""
    return up_to(now(), wanted)


def is_too_long(wanted: Wanted) -> bool:
    """Whether a spreadsheet would take too long. Needs a scope."""
    return entries(wanted).order_by()[: MOST + 1].count() > MOST


def refused(request: PortalRequest, words: str, back: str) -> HttpResponseBase:
    """Leads back to the list, saying why there is no file."""
    notices.warning(request, words)
    return redirect(back)


def _dated(name: str) -> str:
    return f"{name}-{localdate(now()):%Y-%m-%d}"
