"""What the list shows, all pages of it, as a file to keep."""

from __future__ import annotations

from tempfile import TemporaryFile

from django.contrib import messages as notices
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now
from deskbell.messages.errors import SearchTookTooLong
from deskbell.messages.queries import how_many
from deskbell.reports import messages as report
from deskbell.reports.formats import FORMATS, csv
from deskbell.reports.tables import Table

from ..reports.exports.links import made_beside
from ..rights import page_with
from ..tenancy import PortalRequest
from .asked import Asked
from .filters import Narrowed, narrowed


@require_GET
@page_with(Right.MESSAGE_EXPORT)
def export_csv(request: PortalRequest) -> HttpResponseBase:
    """The list as CSV, sent while it is read, however long it is."""
    asked = Asked.read(request.GET)
    found = narrowed(request.account, asked)
    if found.errors:
        return _back(request, asked, _wrong(found))
    response = StreamingHttpResponse(
        csv.pieces(_table(request, found)), content_type=FORMATS["csv"].media_type
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(request, "csv")}"'
    return response


@require_GET
@page_with(Right.MESSAGE_EXPORT)
def export_xlsx(request: PortalRequest) -> HttpResponseBase:
    """The list as a spreadsheet; of more than 10,000 messages it is made beside."""
    asked = Asked.read(request.GET)
    found = narrowed(request.account, asked)
    if found.errors:
        return _back(request, asked, _wrong(found))
    try:
        is_exact = how_many(found.wanted).is_exact
    except SearchTookTooLong as error:
        return _back(request, asked, f"{error}.")
    if not is_exact:
        return made_beside(request, "messages", asked.filters)
    kind = FORMATS["xlsx"]
    file = TemporaryFile()  # noqa: SIM115 the response closes it
    kind.write(_table(request, found), file)
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename=_name(request, "xlsx"), content_type=kind.media_type
    )


def _table(request: PortalRequest, found: Narrowed) -> Table:
    return report.messages(account=request.account, wanted=found.wanted)


def _name(request: PortalRequest, ending: str) -> str:
    return f"messages-{request.account.number}-{localdate(now()):%Y-%m-%d}.{ending}"


def _wrong(found: Narrowed) -> str:
    # Without the filter the file would have more than was meant.
    return "Nothing was exported. " + " ".join(found.errors.values())


def _back(request: PortalRequest, asked: Asked, words: str) -> HttpResponseBase:
    notices.warning(request, words)
    return redirect(reverse("messages") + asked.query)
