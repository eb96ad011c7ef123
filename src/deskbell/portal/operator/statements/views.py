"""Months of statements, what is held, and an account's statements, charges and credits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deskbell import audit
from deskbell.accounts.models import Account
from deskbell.accounts.queries import one_account
from deskbell.billing import actions
from deskbell.billing.jobs.statements import make_statements
from deskbell.billing.models import Adjustment, Statement, StatementRun, StatementState
from deskbell.billing.queries import (
    adjustments_waiting,
    all_statements,
    balance,
    runs,
    totals_of_months,
)
from deskbell.billing.queries.statements import Totals
from deskbell.billing.queries.waiting import months_to_make
from deskbell.billing.rules import money
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound
from deskbell.platform.jobs import enqueue

from ...asking import act
from ...attendant.frame import Question, data_of, is_post
from ...billing.statements.shown import Row, as_pdf, context_of_statement
from ...oncall.frame import save
from ...tenancy import PortalRequest
from ..frame import ask, operator_page, show
from .forms import AdjustmentForm

ROOM: Final = "operator:statements"
MOST_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Month:
    """A month's run and what its statements come to."""

    run: StatementRun
    totals: Totals

    @property
    def total(self) -> str:
        """The money of those issued."""
        return money(self.totals.cents)


@require_safe
@operator_page
def statements(request: PortalRequest) -> HttpResponse:
    """The months, the newest first, what is held, and which month can be made."""
    totals = totals_of_months()
    held = all_statements().filter(state=StatementState.HELD)
    context = {
        "months": [Month(run, totals.get(run.month, Totals(0, 0, 0))) for run in runs()],
        "held": [Row(each) for each in held[:MOST_SHOWN]],
        "held_count": held.count(),
        "to_make": months_to_make(now()),
    }
    return show(request, "statements/statements", context)


@require_POST
@operator_page
def make(request: PortalRequest) -> HttpResponse:
    """Has what is missing of a month made."""
    month = next(
        (each for each in months_to_make(now()) if f"{each:%Y-%m}" == request.POST.get("month")),
        None,
    )
    if month is None:
        notices.error(request, "Choose a month that is over, of those in the list.")
        return redirect(ROOM)
    enqueue(make_statements, key=f"statements-{month}", month=str(month))
    audit.note(request, subject=f"{month:%B %Y}")
    notices.success(request, f"The statements of {month:%B %Y} are being made.")
    return redirect(ROOM)


@require_safe
@operator_page
def statement(request: PortalRequest, statement_id: int) -> HttpResponse:
    """One statement of an account, issued or held."""
    return show(request, "statements/statement", context_of_statement(_one(statement_id)))


@require_safe
@operator_page
def statement_pdf(request: PortalRequest, statement_id: int) -> HttpResponse:
    """The same on paper."""
    return as_pdf(_one(statement_id))


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def remake(request: PortalRequest, statement_id: int) -> HttpResponse:
    """Asks before a held statement is drawn up anew."""
    found = _one(statement_id)
    if is_post(request):
        _note(request, found.account)
        done = f"{found.number} is made again."
        act(request, lambda: actions.remake(statement=found, at=now()), done=done)
        return redirect(ROOM)
    question = Question(
        title=f"Make {found.number} again?",
        words="Its month's usage is read anew. It is issued if both sums are the same then, and"
        " the account's people are told.",
        verb="Make it again",
        action=reverse("operator:remake_statement", args=[found.pk]),
        back=reverse("operator:statement", args=[found.pk]),
        is_danger=False,
    )
    return ask(request, question)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def of_account(request: PortalRequest, account_id: int) -> HttpResponse:
    """An account's statements, and the charges and credits that its next one has; adds one."""
    found = one_account(account_id)
    form = AdjustmentForm(data_of(request))
    if is_post(request) and form.is_valid():

        def give() -> None:
            actions.adjust(
                account=found,
                cents=form.cents,
                words=form.cleaned_data["words"],
                by=request.user,
                at=now(),
            )

        if save(form, give):
            _note(request, found)
            notices.success(request, "It stands on the account's next statement.")
            return redirect("operator:account_statements", found.pk)
    context = {
        "form": form,
        "shown": found,
        "owed": money(balance(found)),
        "rows": [Row(each) for each in all_statements().filter(account=found)[:MOST_SHOWN]],
        "waiting": _waiting(list(adjustments_waiting(found))),
        "back": reverse("operator:account", args=[found.pk]),
    }
    return show(request, "statements/account", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def withdraw(request: PortalRequest, account_id: int, adjustment_id: int) -> HttpResponse:
    """Asks before a charge or credit that is on no statement yet is taken away."""
    account = one_account(account_id)
    found = Adjustment.objects.filter(pk=adjustment_id, account=account).first()
    if found is None:
        raise NotFound("The account has no such charge or credit any more")
    back = reverse("operator:account_statements", args=[account.pk])
    if is_post(request):
        _note(request, account)
        done = f"“{found.words}” is taken away."
        act(request, lambda: actions.withdraw_adjustment(adjustment=found), done=done)
        return redirect(back)
    question = Question(
        title=f"Take away “{found.words}”?",
        words=f"{money(found.cents)} does not stand on the next statement of {account.name}.",
        verb="Take it away",
        action=reverse("operator:withdraw_adjustment", args=[account.pk, found.pk]),
        back=back,
    )
    return ask(request, question)


def _one(statement_id: int) -> Statement:
    found = all_statements().filter(pk=statement_id).first()
    if found is None:
        raise NotFound("There is no such statement any more")
    return found


def _note(request: PortalRequest, account: Account) -> None:
    """What was done stands in the account's own log."""
    audit.note(request, subject=f"{account.name} ({account.number})", account_id=account.pk)


def _waiting(rows: Sequence[Adjustment]) -> list[tuple[Adjustment, str]]:
    return [(each, money(each.cents)) for each in rows]
