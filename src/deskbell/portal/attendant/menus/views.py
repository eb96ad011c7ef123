"""The pages of menus: the list by system, one to edit, a new one, its live check, deleting one."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deskbell.attendant.models import announcement_sid, menu_sid
from deskbell.attendant.rules.edits import drop_menu, find_menu, find_system, uses_of
from deskbell.attendant.rules.plans import MenuPlan, Plan, SystemPlan
from deskbell.foundation.clock import now

from ...tenancy import PortalRequest
from ..action_forms import action_choices
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
    only_editors,
    planned_of,
    render_page,
    save,
)
from ..taking_out import consequence, without_uses
from ..uses import url_of
from .checking import check_form, forget_unfinished, plan_with
from .forms import KEYS, MenuForm, Surroundings, field_of
from .listing import answers_of, menus_of

FOLDER = "portal/attendant/menus"
NEW = "new"


@require_GET
@attendant_page
def menus(request: PortalRequest) -> HttpResponseBase:
    """Every menu, by system."""
    today = now().astimezone(ZoneInfo(request.account.time_zone)).date()
    systems = menus_of(planned_of(request), findings_of(request), today=today)
    return render_page(request, f"{FOLDER}/menus.html", {"systems": systems})


@require_http_methods(["GET", "POST"])
@attendant_page
def new(request: PortalRequest) -> HttpResponseBase:
    """A menu to be made in the system that `system` names; asks which one where none is named."""
    only_editors(request)
    plan = planned_of(request).plan
    if not request.GET.get("system") and len(plan.systems) != 1:
        return render_page(request, f"{FOLDER}/which_system.html", {"systems": plan.systems})
    return _edit(request, _system_of(request, plan), None)


def _system_of(request: PortalRequest, plan: Plan) -> SystemPlan:
    named = request.GET.get("system", "")
    return find_system(plan, named) if named else plan.systems[0]


@require_http_methods(["GET", "POST"])
@attendant_page
def menu(request: PortalRequest, sid: str) -> HttpResponseBase:
    """One menu, to look at and to edit."""
    return _edit(request, *find_menu(planned_of(request).plan, sid))


def _form(request: PortalRequest, system: SystemPlan, part: MenuPlan | None) -> MenuForm:
    plan = planned_of(request).plan
    around = Surroundings(plan, system, action_choices(plan, system))
    return MenuForm(data_of(request), around=around, part=part, locked=not may_edit(request))


def _edit(request: PortalRequest, system: SystemPlan, part: MenuPlan | None) -> HttpResponseBase:
    form = _form(request, system, part)
    if is_post(request) and form.is_valid():
        sid, written_sid = part.sid if part else menu_sid(), announcement_sid()

        def change(plan: Plan) -> Plan:
            if part:
                form.unchanged(find_menu(plan, sid)[1])
            return plan_with(form, sid, plan, written_sid=written_sid)

        if save(request, form, change):
            return redirect(f"{reverse('attendant:menus')}#menu-{sid}")
    return render_page(request, f"{FOLDER}/menu.html", _context(request, form, part))


def _context(request: PortalRequest, form: MenuForm, part: MenuPlan | None) -> dict[str, Any]:
    system, plan = form.around.system, form.around.plan
    local = now().astimezone(ZoneInfo(system.time_zone or "UTC")).date()
    sid = part.sid if part else NEW
    checked = check_form(form, sid, account_id=request.account.pk)
    return {
        "form": form,
        "part": part,
        "system": system,
        "answers": answers_of(plan, system, part, today=local) if part else None,
        "checked": checked,
        "faults": _faults(form),
        "keys": [(key, form[key.field]) for key in checked.pad],
        "check_url": reverse("attendant:check_menu", args=[sid])
        if part
        else f"{reverse('attendant:check_new_menu')}?system={system.sid}",
        "back": reverse("attendant:menus"),
        "delete": reverse("attendant:delete_menu", args=[sid]) if part else "",
    }


def _faults(form: MenuForm) -> list[tuple[str, str]]:
    """The fields with faults: what each is called, and where on the page it is."""
    keys = {field_of(key) for key in KEYS}
    return [
        (
            str(field.label),
            f"pad-{field.name}" if field.name in keys else field.id_for_label or "menu-form",
        )
        for field in form.visible_fields()
        if form.is_bound and field.errors
    ]


@require_POST
@attendant_page
def check(request: PortalRequest, sid: str) -> HttpResponseBase:
    """What is to be said about a saved menu as it stands in the form. Saves nothing."""
    return _check(request, *find_menu(planned_of(request).plan, sid))


@require_POST
@attendant_page
def check_new(request: PortalRequest) -> HttpResponseBase:
    """What is to be said about a menu that is not saved yet. Saves nothing."""
    only_editors(request)
    plan = planned_of(request).plan
    if not request.GET.get("system") and len(plan.systems) != 1:
        return HttpResponse(status=204)
    return _check(request, _system_of(request, plan), None)


def _check(request: PortalRequest, system: SystemPlan, part: MenuPlan | None) -> HttpResponse:
    form = _form(request, system, part)
    sid = part.sid if part else NEW
    checked = check_form(form, sid, account_id=request.account.pk)
    forget_unfinished(form)
    return render(request, f"{FOLDER}/checked.html", {"form": form, "checked": checked})


@require_http_methods(["GET", "POST"])
@attendant_page
def delete(request: PortalRequest, sid: str) -> HttpResponseBase:
    """Asks before a menu is deleted, saying what else breaks; then deletes it."""
    plan = planned_of(request).plan
    _, shown = find_menu(plan, sid)
    if is_post(request):

        def change(plan: Plan) -> Plan:
            return drop_menu(without_uses(plan, sid), sid)

        act(request, change, done=f"“{shown.name}” is deleted from the draft.")
        return redirect("attendant:menus")
    uses = uses_of(plan, sid)
    question = Question(
        title=f"Delete “{shown.name}”?",
        words="It is taken out of everything that leads to it:"
        if uses
        else "No schedule, key or silence leads to it, so callers will not miss it.",
        verb="Delete and take it out" if uses else "Delete",
        action=reverse("attendant:delete_menu", args=[sid]),
        back=reverse("attendant:menu", args=[sid]),
        items=[Item(consequence(use), url_of(use)) for use in uses],
    )
    return ask(request, question)
