"""All accounts, opening one, and one of them: what it is, its plan, its numbers and its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deskbell import audit
from deskbell.accounts.models import Account, Membership, PhoneNumber
from deskbell.accounts.queries import one_account
from deskbell.billing.actions import subscribe, take_back
from deskbell.billing.models import Subscription
from deskbell.billing.queries import balance, offered, plan_of, subscriptions
from deskbell.billing.rules import money
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound

from ...asking import act
from ...attendant.frame import Question, data_of, is_post
from ...attendant.listing import Asked
from ...attendant.systems.forms import zones
from ...oncall.frame import save
from ...tenancy import PortalRequest
from ..frame import ask, operator_page, show
from ..listing import context_of, wants_csv
from .changing import change, opened, present, usual_limits
from .forms import EditForm, OpenForm, PlanForm
from .rows import TABLE, all_accounts

MOST_SHOWN: Final = 50
ROOM: Final = "operator:account"


@require_safe
@operator_page
def accounts(request: PortalRequest) -> HttpResponse:
    """Every account, searched and sorted, or all of them as a table."""
    asked, rows = Asked.read(request.GET), all_accounts()
    if wants_csv(request):
        return TABLE.csv(rows, asked, "accounts")
    return show(request, "accounts/accounts", context_of(TABLE.page(rows, asked), rows))


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def new(request: PortalRequest) -> HttpResponse:
    """Opens an account."""
    form = OpenForm(data_of(request))
    if is_post(request) and form.is_valid():
        made: list[Account] = []
        if save(form, lambda: made.append(opened(form, request.user))):
            _note(request, made[0])
            notices.success(request, f"{made[0].name} is open. Now give it a phone number.")
            return redirect(ROOM, made[0].pk)
    context = {"form": form, "back": reverse("operator:accounts"), "zones": zones()}
    return show(request, "accounts/new", context)


@dataclass(frozen=True, slots=True)
class Spell:
    """A plan of an account with its days; `state` is "past", "now" or "to come"."""

    subscription: Subscription
    state: str


@require_safe
@operator_page
def account(request: PortalRequest, account_id: int) -> HttpResponse:
    """One account: what it is, its plans, its numbers and its people."""
    found = one_account(account_id)
    today = _today(found)
    members = Membership.objects.filter(account=found).select_related("user")
    numbers = PhoneNumber.objects.filter(account=found).order_by("number", "id")
    plan = plan_of(found, today)
    context = {
        "shown": found,
        "shown_zone": found.time_zone,
        "plan": plan,
        "price": money(plan.base_cents) if plan else "",
        "owed": money(balance(found)),
        "values": present(found),
        "usual": usual_limits(),
        "members": members.order_by("user__name", "user__email")[:MOST_SHOWN],
        "people_count": members.count(),
        "numbers": numbers[:MOST_SHOWN],
        "numbers_count": numbers.count(),
        "is_entered": getattr(request.account, "pk", None) == found.pk,
    }
    return show(request, "accounts/account", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def edit(request: PortalRequest, account_id: int) -> HttpResponse:
    """Changes what an account is, and what it may call."""
    found = one_account(account_id)
    form = EditForm(data_of(request), part=present(found))
    if is_post(request) and form.is_valid() and save(form, lambda: change(form, found)):
        _note(request, found)
        notices.success(request, "Saved.")
        return redirect(ROOM, found.pk)
    context = {
        "form": form,
        "shown": one_account(account_id),
        "back": reverse(ROOM, args=[found.pk]),
        "zones": zones(),
        "usual": usual_limits(),
    }
    return show(request, "accounts/edit", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def plan(request: PortalRequest, account_id: int) -> HttpResponse:
    """The plans that the account has, had and will have; gives it another from a day on."""
    found = one_account(account_id)
    form = PlanForm(data_of(request), today=_today(found))
    if is_post(request) and form.is_valid():

        def give() -> None:
            subscribe(
                account=found,
                plan=form.chosen_plan(),
                begins_on=form.cleaned_data["begins_on"],
                by=request.user,
                at=now(),
            )

        if save(form, give):
            _note(request, found)
            notices.success(request, f"{found.name} has this plan from that day on.")
            return redirect("operator:account_plan", found.pk)
    context = {
        "form": form,
        "shown": found,
        "spells": _spells(list(subscriptions(found)), _today(found)),
        "has_plans": offered().exists(),
        "back": reverse(ROOM, args=[found.pk]),
    }
    return show(request, "accounts/plan", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def no_plan(request: PortalRequest, account_id: int, subscription_id: int) -> HttpResponse:
    """Asks before a plan that has not begun is taken back."""
    found = one_account(account_id)
    given = subscriptions(found).filter(pk=subscription_id).first()
    if given is None:
        raise NotFound("The account has no such plan any more")
    back = reverse("operator:account_plan", args=[found.pk])
    if is_post(request):
        _note(request, found)
        act(
            request,
            lambda: take_back(subscription=given, at=now()),
            done=f"{given.plan} does not begin.",
        )
        return redirect(back)
    question = Question(
        title=f"Take back {given.plan}?",
        words=f"{found.name} keeps the plan that it has then, instead of {given.plan} "
        f"from {given.begins_on:%Y-%m-%d} on.",
        verb="Take it back",
        action=reverse("operator:no_plan", args=[found.pk, given.pk]),
        back=back,
    )
    return ask(request, question)


def _note(request: PortalRequest, account: Account) -> None:
    """What was done stands in the account's own log."""
    audit.note(request, subject=f"{account.name} ({account.number})", account_id=account.pk)


def _spells(rows: Sequence[Subscription], today: date) -> list[Spell]:
    """The subscriptions, latest first, each with its state on a day."""
    holds = next((row for row in rows if row.begins_on <= today), None)
    return [
        Spell(row, "to come" if row.begins_on > today else "now" if row is holds else "past")
        for row in rows
    ]


def _today(account: Account) -> date:
    return now().astimezone(ZoneInfo(account.time_zone)).date()
