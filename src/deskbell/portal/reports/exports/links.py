"""The address at which the form of a new export stands filled in, as lists lead to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages as notices
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from deskbell import audit
from deskbell.reports.filters import ZONE

from ...tenancy import PortalRequest

TOO_LONG_TO_WAIT: Final = (
    "A spreadsheet of more than 10,000 rows is made while you do something else: see that this is"
    " what you want, then export it."
)


def new_export_url(kind: str, filters: Mapping[str, object], written_as: str = "") -> str:
    """The form for an export of `kind` with a list's filters, whose days are those of this page."""
    zone = timezone.get_current_timezone_name()
    given = {"of": kind, "format": written_as, **filters, ZONE: zone}
    return f"{reverse('reports:new_export')}?{urlencode({k: v for k, v in given.items() if v})}"


def made_beside(
    request: PortalRequest, kind: str, filters: Mapping[str, object]
) -> HttpResponseBase:
    """Leads to the form, where a spreadsheet takes too long to wait for."""
    notices.info(request, TOO_LONG_TO_WAIT)
    audit.note(request, nothing=True)
    return redirect(new_export_url(kind, filters, "xlsx"))
