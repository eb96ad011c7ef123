"""Systems: the list, and adding, editing and deleting one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from deskbell.attendant.errors import SystemNotFound
from deskbell.attendant.models import system_sid
from deskbell.attendant.rules import menu_at
from deskbell.attendant.rules.edits import drop_system, find_system, put_system
from deskbell.attendant.rules.plans import MenuPlan, Plan, SystemPlan
from deskbell.doctor.findings import Finding
from deskbell.foundation.clock import now
from deskbell.foundation.numbers import for_people
from deskbell.oncall.queries import levels

from ...tenancy import PortalRequest
from ..action_forms import action_choices
from ..emergency.standing import Standing, standing_at
from ..frame import (
    Item,
    Question,
    act,
    ask,
    attendant_page,
    data_of,
    findings_of,
    is_post,
    may_edit,
    may_edit_extensions,
    only_editors,
    planned_of,
    render_page,
    save,
)
from ..listing import Asked, Column, as_csv, in_order, listed
from .forms import SystemForm, freed, zones

DEFAULT_ZONE = "UTC"
GONE = (
    "Somebody deleted this system while you were editing, so nothing is saved."
    " Your values are still here: save them as a new system, or cancel."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A system in the list: who answers now, where messages go, and what Doctor says of it."""

    system: SystemPlan
    menu: MenuPlan | None
    level: str
    findings: Sequence[Finding]
    emergency: Standing | None = None

    @property
    def is_active(self) -> bool:
        """Whether callers meet it."""
        return self.system.status == "ACTIVE"

    @property
    def zone(self) -> str:
        """Its time zone."""
        return self.system.time_zone or DEFAULT_ZONE

    @property
    def answers(self) -> str:
        """Who answers now, in words."""
        if not self.is_active:
            return "Suspended: an apology"
        if self.emergency:
            return f"Emergency: {self.emergency.name}"
        return self.menu.name if self.menu else "No menu: an apology"


COLUMNS: list[Column[Line]] = [
    Column("name", "System", lambda line: line.system.name),
    Column("numbers", "Numbers", lambda line: ", ".join(map(for_people, line.system.numbers))),
    Column("now", "Answers now", lambda line: line.answers),
    Column(
        "menus",
        "Menus",
        lambda line: ", ".join(menu.name for menu in line.system.menus),
        order=lambda line: len(line.system.menus),
    ),
    Column("messages", "Messages go to", lambda line: line.level or "Nobody"),
    Column("zone", "Time zone", lambda line: line.zone),
]


@require_GET
@attendant_page
def systems(request: PortalRequest) -> HttpResponse:
    """Every system of the account, and what answers a call to it now."""
    plan = planned_of(request).plan
    asked = Asked.read(request.GET)
    lines = _lines(request, plan)
    if request.GET.get("format") == "csv":
        return as_csv(in_order(lines, COLUMNS, asked), COLUMNS, "systems")
    context = {"list": listed(lines, COLUMNS, asked), "is_empty": not plan.systems}
    return render_page(request, "portal/attendant/systems/systems.html", context)


def _lines(request: PortalRequest, plan: Plan) -> list[Line]:
    found = findings_of(request)
    named = {each.pk: each.name for each in levels()}
    first = next(iter(named.values()), "")
    emergencies = emergencies_now()
    return [
        Line(
            system=system,
            menu=answering(system),
            level=named.get(system.voicemail_level, first),
            findings=[each for each in found if each.sid == system.sid],
            emergency=emergencies.get(system.sid),
        )
        for system in plan.systems
    ]


def emergencies_now() -> dict[str, Standing]:
    """The emergency switches that are on, by their system's sid; one query."""
    return {each.system_sid: each for each in standing_at(now())}


def answering(system: SystemPlan) -> MenuPlan | None:
    """The menu that answers a call to the system now; None where none does."""
    zone = system.time_zone or DEFAULT_ZONE
    sid = menu_at(week=system.week, dates=system.dates, time_zone=zone, at=now())
    return next((menu for menu in system.menus if menu.sid == sid), None)


@require_http_methods(["GET", "POST"])
@attendant_page
def new(request: PortalRequest) -> HttpResponse:
    """Adds a system, without menus and schedules."""
    only_editors(request)
    plan = planned_of(request).plan
    form = _form(request, plan, None)
    made = SystemPlan(sid=system_sid(), name="")
    if is_post(request) and form.is_valid():

        def change(plan: Plan) -> Plan:
            system = form.applied_to(made)
            return put_system(freed(plan, system.numbers, system.sid), system)

        if save(request, form, change):
            return redirect("attendant:system", made.sid)
    context = {"form": form, "zones": zones()}
    return render_page(request, "portal/attendant/systems/system.html", context)


def _form(request: PortalRequest, plan: Plan, system: SystemPlan | None) -> SystemForm:
    return SystemForm(
        data_of(request),
        plan=plan,
        choices=action_choices(plan, system),
        part=system,
        locked=not may_edit(request),
        extensions_locked=not may_edit_extensions(request),
    )


@require_http_methods(["GET", "POST"])
@attendant_page
def system(request: PortalRequest, sid: str) -> HttpResponse:
    """One system's own fields, with its menus and what Doctor found beside them."""
    plan = planned_of(request).plan
    try:
        shown = find_system(plan, sid)
    except SystemNotFound:
        if not is_post(request):
            raise
        return _gone(request, plan)
    form = _form(request, plan, shown)
    if is_post(request) and form.is_valid():

        def change(plan: Plan) -> Plan:
            changed = form.applied_to(form.unchanged(find_system(plan, sid)))
            return put_system(freed(plan, changed.numbers, sid), changed)

        if save(request, form, change):
            return redirect("attendant:systems")
    context = {
        "form": form,
        "system": shown,
        "answering": answering(shown),
        "emergency": emergencies_now().get(sid),
        "findings": findings_of(request),
        "zones": zones(),
    }
    return render_page(request, "portal/attendant/systems/system.html", context)


def _gone(request: PortalRequest, plan: Plan) -> HttpResponse:
    """Somebody deleted the system while this person edited it: their values can make a new one."""
    form = _form(request, plan, None)
    form.is_valid()
    form.add_error(None, GONE)
    context = {"form": form, "zones": zones(), "is_gone": True}
    return render_page(request, "portal/attendant/systems/system.html", context, status=409)


@require_http_methods(["GET", "POST"])
@attendant_page
def delete(request: PortalRequest, sid: str) -> HttpResponse:
    """Asks what goes with a system, then deletes it from the draft."""
    found = find_system(planned_of(request).plan, sid)
    if is_post(request):
        is_done = act(
            request,
            lambda plan: drop_system(plan, sid),
            done=f"“{found.name}” is deleted from the draft.",
        )
        return redirect("attendant:systems") if is_done else redirect("attendant:system", sid)
    return ask(
        request,
        Question(
            title=f"Delete “{found.name}”?",
            words="Callers still meet it until the draft is published. Then:",
            items=[Item(words) for words in _lost_with(found)],
            verb="Delete system",
            action=reverse("attendant:delete_system", args=[sid]),
            back=reverse("attendant:system", args=[sid]),
        ),
    )


def _lost_with(system: SystemPlan) -> list[str]:
    lost = [f"Calls to {for_people(number)} reach nobody" for number in system.numbers]
    if system.extensions:
        count = len(system.extensions)
        lost.append(f"{count} extension{'s' * (count > 1)} cannot be dialled here any more")
    lost += [f"The menu “{menu.name}” is deleted with its keys" for menu in system.menus]
    if system.week or system.dates:
        lost.append("Its hours and special days are deleted")
    return lost or ["Nothing else changes: it has no numbers, menus or hours"]
