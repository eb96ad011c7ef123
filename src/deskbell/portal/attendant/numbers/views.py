"""Numbers and extensions: the list, and one number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from deskbell.accounts.models import PhoneNumber
from deskbell.attendant.rules.edits import find_number
from deskbell.attendant.rules.plans import NumberPlan, Plan, SystemPlan
from deskbell.doctor.findings import Finding
from deskbell.foundation.errors import NotAllowed, NotFound
from deskbell.foundation.numbers import digits_of, for_people

from ...tenancy import PortalRequest
from ..frame import (
    attendant_page,
    data_of,
    findings_of,
    is_post,
    may_edit,
    may_edit_extensions,
    planned_of,
    render_page,
    save,
)
from ..listing import Asked, Column, as_csv, in_order, listed
from .forms import EXTENSION, NumberForm, led

FILTERS = {"": "All", "attendant": "Attendant numbers", "extension": "Extensions", "free": "Unused"}
EXTENSIONS_LOCKED = "Changing extensions needs the Extensions access of this account."


@dataclass(frozen=True, slots=True)
class Line:
    """A number in the list, with the systems that it belongs to."""

    sid: str
    number: NumberPlan
    systems: Sequence[SystemPlan]
    findings: Sequence[Finding] = ()

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return "Extension" if self.number.is_extension else "Attendant number"

    @property
    def leads_to(self) -> str:
        """The systems' names."""
        return ", ".join(system.name for system in self.systems)


COLUMNS: list[Column[Line]] = [
    Column(
        "number",
        "Number",
        lambda line: for_people(line.number.number),
        order=lambda line: digits_of(line.number.number),
    ),
    Column("kind", "Kind", lambda line: line.kind),
    Column(
        "extension",
        "Extension",
        lambda line: line.number.extension,
        order=lambda line: (len(line.number.extension), line.number.extension),
    ),
    Column("name", "Spoken name", lambda line: line.number.spoken_name),
    Column("systems", "System", lambda line: line.leads_to),
]
SHOWS: dict[str, Callable[[Line], bool]] = {
    "attendant": lambda line: not line.number.is_extension,
    "extension": lambda line: line.number.is_extension,
    "free": lambda line: not line.systems,
}


@require_GET
@attendant_page
def numbers(request: PortalRequest) -> HttpResponse:
    """Every number of the account, and where it leads."""
    plan = planned_of(request).plan
    asked = Asked.read(request.GET)
    lines = _lines(request, plan)
    shown = [line for line in lines if asked.show not in SHOWS or SHOWS[asked.show](line)]
    if request.GET.get("format") == "csv":
        return as_csv(in_order(shown, COLUMNS, asked), COLUMNS, "numbers")
    context = {
        "list": listed(shown, COLUMNS, asked),
        "is_empty": not lines,
        "filters": [(asked.showing(name), label) for name, label in FILTERS.items()],
    }
    return render_page(request, "portal/attendant/numbers/numbers.html", context)


def _lines(request: PortalRequest, plan: Plan) -> list[Line]:
    sids = dict(PhoneNumber.objects.values_list("number", "sid"))
    systems: dict[str, list[SystemPlan]] = {}
    for system in plan.systems:
        for number in system.numbers + system.extensions:
            systems.setdefault(number, []).append(system)
    found: dict[str, list[Finding]] = {}
    for finding in findings_of(request):
        if finding.kind == "number":
            found.setdefault(finding.sid, []).append(finding)
    return [
        Line(
            sids.get(each.number, ""),
            each,
            systems.get(each.number, ()),
            found.get(each.number, ()),
        )
        for each in plan.numbers
    ]


@require_http_methods(["GET", "POST"])
@attendant_page
def number(request: PortalRequest, sid: str) -> HttpResponse:
    """One number: what it is, and which systems it belongs to. Extensions need their own right."""
    plan = planned_of(request).plan
    row = PhoneNumber.objects.filter(sid=sid).first()
    if row is None:
        raise NotFound("There is no such number in this account")
    shown = find_number(plan, row.number)
    form = NumberForm(
        data_of(request),
        plan=plan,
        part=led(plan, shown),
        locked=not may_edit(request) or (shown.is_extension and not may_edit_extensions(request)),
        extensions_locked=not may_edit_extensions(request),
    )
    if is_post(request):
        _check_extension_right(request, shown, form)
    if is_post(request) and form.is_valid():

        def change(plan: Plan) -> Plan:
            there = find_number(plan, row.number)
            form.unchanged(led(plan, there))
            return form.applied_to(plan, there)

        if save(request, form, change):
            return redirect("attendant:numbers")
    context = {
        "form": form,
        "number": shown,
        "findings": findings_of(request),
        "is_locked": shown.is_extension and may_edit(request) and not may_edit_extensions(request),
    }
    return render_page(request, "portal/attendant/numbers/number.html", context)


def _check_extension_right(request: PortalRequest, shown: NumberPlan, form: NumberForm) -> None:
    becomes_one = form.data.get("kind") == EXTENSION
    if (shown.is_extension or becomes_one) and not may_edit_extensions(request):
        raise NotAllowed(EXTENSIONS_LOCKED)
