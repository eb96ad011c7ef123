"""What everybody in the account sees of scripts: which number has which, and all that one says.

Source: seed 000, "Scripts".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from deskbell.accounts.models import PhoneNumber
from deskbell.foundation.numbers import for_people
from deskbell.scripts import queries
from deskbell.scripts.models import Publication, Script
from deskbell.scripts.rules import PLAIN, Content, read, said

from ..attendant.listing import Asked, Column, as_csv, in_order, listed
from ..pages import page
from ..templatetags.portal import in_zone
from ..tenancy import PortalRequest
from .frame import levels_by_id, may_edit, show
from .managing import answered_numbers, script_by_number
from .publishing import differs, live_content
from .reading import reading_of
from .saying import said_html, spoken_for

NO_SCRIPT = "No script"


@dataclass(frozen=True, slots=True)
class Row:
    """A number, and what receptionists read when they answer it."""

    number: PhoneNumber
    script: Script | None
    active: Publication | None
    greeting: str
    marked: SafeString

    @property
    def name(self) -> str:
        """The script's name, where receptionists read one."""
        return self.script.name if self.script and self.active else NO_SCRIPT

    @property
    def since(self) -> datetime | None:
        """Since when it is read."""
        return self.active.published_at if self.active else None


COLUMNS: list[Column[Row]] = [
    Column("number", "Number", lambda row: for_people(row.number.number)),
    Column("script", "Script", lambda row: row.name),
    Column("greeting", "Calls are answered with", lambda row: row.greeting),
    Column(
        "since",
        "Active since",
        lambda row: in_zone(row.since) if row.since else "",
        order=lambda row: row.since.timestamp() if row.since else 0.0,
        first="desc",
    ),
]


@require_GET
@page
def scripts(request: PortalRequest) -> HttpResponse:
    """Every number with its active script; for staff also every script there is."""
    rows = _rows(request)
    asked = Asked.read(request.GET)
    if request.GET.get("format") == "csv":
        return as_csv(in_order(rows, COLUMNS, asked), COLUMNS, "scripts")
    context: dict[str, Any] = {"list": listed(rows, COLUMNS, asked), "is_empty": not rows}
    if may_edit(request):
        levels = levels_by_id()
        context["scripts"] = [(each, len(differs(each, levels))) for each in queries.scripts()]
    return show(request, "scripts", context)


def _rows(request: PortalRequest) -> list[Row]:
    used = script_by_number()
    contents: dict[int, Content] = {}
    rows = []
    for number in answered_numbers():
        script = used.get(number.pk)
        active = script.active if script else None
        content = PLAIN
        if active:
            content = contents.setdefault(active.pk, read(active.content))
        spoken = spoken_for(request.account, number)
        greeting = content.greeting
        rows.append(
            Row(number, script, active, said(greeting, spoken), said_html(greeting, spoken))
        )
    return rows


@require_GET
@page
def script(request: PortalRequest, script_id: int) -> HttpResponse:
    """All that receptionists say and ask by a script: what is published of it, not its draft.

    As it is said on the number that `number` names, else on the first that has the script.
    """
    found = queries.one(script_id)
    numbers = queries.numbers_of(found)
    wanted = [each for each in numbers if str(each.pk) == request.GET.get("number")]
    spoken = spoken_for(request.account, next(iter([*wanted, *numbers]), None))
    levels = levels_by_id()
    context = {
        "script": found,
        "numbers": numbers,
        "reading": reading_of(live_content(found), spoken, levels) if found.active else None,
        "changes": len(differs(found, levels)) if may_edit(request) else 0,
    }
    return show(request, "script", context)


@require_GET
@page
def plain(request: PortalRequest) -> HttpResponse:
    """What is said and asked on a number that has no script."""
    used = script_by_number()
    numbers = [
        each for each in answered_numbers() if not (each.pk in used and used[each.pk].active)
    ]
    spoken = spoken_for(request.account, numbers[0] if numbers else None)
    reading = reading_of(PLAIN, spoken, levels_by_id())
    return show(request, "plain", {"reading": reading, "numbers": numbers})
