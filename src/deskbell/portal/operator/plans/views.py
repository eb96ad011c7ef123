"""The plans that accounts can be given: added, edited, withdrawn, removed where none had them."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages as notices
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from deskbell import audit
from deskbell.billing import actions
from deskbell.billing.models import Subscription
from deskbell.billing.queries import one_plan, plans_with_counts
from deskbell.billing.rules import money
from deskbell.foundation.clock import now

from ...asking import act
from ...attendant.frame import Item, Question, data_of, is_post
from ...attendant.listing import Asked, Column, as_csv, in_order, listed
from ...oncall.frame import save
from ...tenancy import PortalRequest
from ..frame import ask, operator_page, show
from ..listing import wants_csv
from .forms import PlanForm

ROOM: Final = "operator:plans"
COLUMNS: Final[list[Column[Any]]] = [
    Column("name", "Name", lambda row: row.name),
    Column("base", "Each month", lambda row: money(row.base_cents), lambda row: row.base_cents),
    Column(
        "minutes",
        "Minutes in it",
        lambda row: str(row.included_minutes),
        lambda row: row.included_minutes,
    ),
    Column(
        "overage",
        "Each minute above",
        lambda row: money(row.overage_cents),
        lambda row: row.overage_cents,
    ),
    Column(
        "rounding",
        "Rounded up to",
        lambda row: row.get_increment_seconds_display(),
        lambda row: row.increment_seconds,
    ),
    Column("accounts", "Accounts", lambda row: str(row.accounts), lambda row: row.accounts, "desc"),
    Column("offered", "Offered", lambda row: "Yes" if row.is_offered else "Withdrawn"),
]


@require_safe
@operator_page
def plans(request: PortalRequest) -> HttpResponse:
    """Every plan, with how many accounts have it today."""
    asked, rows = Asked.read(request.GET), list(plans_with_counts(localtime(now()).date()))
    for row in rows:
        row.base, row.overage = money(row.base_cents), money(row.overage_cents)
    if wants_csv(request):
        return as_csv(in_order(rows, COLUMNS, asked), COLUMNS, "plans")
    return show(
        request, "plans/plans", {"list": listed(rows, COLUMNS, asked), "is_empty": not rows}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def new(request: PortalRequest) -> HttpResponse:
    """Adds a plan."""
    form = PlanForm(data_of(request))

    def add() -> None:
        actions.add_plan(**form.fields_of_plan(), at=now())

    if is_post(request) and form.is_valid() and save(form, add):
        audit.note(request, subject=form.cleaned_data["name"])
        notices.success(request, "The plan is added: accounts can be given it.")
        return redirect(ROOM)
    return show(request, "plans/form", {"form": form, "back": reverse(ROOM)})


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def plan(request: PortalRequest, plan_id: int) -> HttpResponse:
    """Changes a plan, for every account that has it."""
    found = one_plan(plan_id)
    form = PlanForm(data_of(request), part=found)
    if is_post(request) and form.is_valid():

        def change() -> None:
            with transaction.atomic():
                kept = form.unchanged(actions.hold_plan(found))
                actions.edit_plan(plan=kept, **form.fields_of_plan())

        if save(form, change):
            audit.note(request, subject=found.name)
            notices.success(request, "Saved.")
            return redirect(ROOM)
    context = {
        "form": form,
        "plan": one_plan(plan_id),
        "counted": plans_with_counts(localtime(now()).date()).get(pk=plan_id),
        "back": reverse(ROOM),
        "is_unused": not Subscription.objects.filter(plan=found).exists(),
    }
    return show(request, "plans/form", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def withdraw(request: PortalRequest, plan_id: int) -> HttpResponse:
    """Asks before a plan is not given to accounts any more; offers it again at once."""
    found = one_plan(plan_id)
    if is_post(request):
        audit.note(request, subject=found.name)
        if found.is_offered:
            done = f"{found.name} is withdrawn: no account is given it from now on."
            act(request, lambda: actions.withdraw_plan(plan=found), done=done)
        else:
            done = f"{found.name} is offered again."
            act(request, lambda: actions.offer_plan(plan=found), done=done)
        return redirect(ROOM)
    counted = plans_with_counts(localtime(now()).date()).get(pk=plan_id)
    keep = [Item(f"{_accounts(counted.accounts)} it, and goes on paying by it.")]
    question = Question(
        title=f"Withdraw {found.name}?" if found.is_offered else f"Offer {found.name} again?",
        words="No account is given it from now on. You can offer it again later."
        if found.is_offered
        else "Accounts can be given it from now on.",
        items=keep if counted.accounts and found.is_offered else (),
        verb="Withdraw it" if found.is_offered else "Offer it",
        action=reverse("operator:withdraw_plan", args=[plan_id]),
        back=reverse("operator:plan", args=[plan_id]),
        is_danger=found.is_offered,
    )
    return ask(request, question)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def remove(request: PortalRequest, plan_id: int) -> HttpResponse:
    """Asks before a plan that no account ever had is removed."""
    found = one_plan(plan_id)
    if is_post(request):
        audit.note(request, subject=found.name)
        act(request, lambda: actions.remove_plan(plan=found), done=f"{found.name} is removed.")
        return redirect(ROOM)
    is_used = Subscription.objects.filter(plan=found).exists()
    question = Question(
        title=f"Remove {found.name}?",
        words="No account has or had it.",
        refusal="Accounts have or had it, and their statements name it. Withdraw it instead."
        if is_used
        else "",
        verb="Remove it",
        action=reverse("operator:remove_plan", args=[plan_id]),
        back=reverse("operator:plan", args=[plan_id]),
    )
    return ask(request, question)


def _accounts(count: int) -> str:
    return "1 account keeps" if count == 1 else f"{count:,} accounts keep"
