"""Files for the operator's bank: made, taken out, and what the bank sent back read in."""

from __future__ import annotations

from typing import Final

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deskbell import audit
from deskbell.billing import actions
from deskbell.billing.queries import bank_files as all_files
from deskbell.billing.queries import bank_returns, one_bank_file, waiting_sums
from deskbell.billing.rules import money
from deskbell.foundation.clock import now
from deskbell.foundation.environment import environment
from deskbell.lines.vault import Sealed

from ...asking import act
from ...attendant.frame import Item, Question, data_of, is_post
from ...attendant.listing import Asked
from ...oncall.frame import save
from ...tenancy import PortalRequest
from ..frame import ask, operator_page, show
from ..listing import context_of, wants_csv
from .forms import ReturnsForm
from .rows import FILES, RETURNS

ROOM: Final = "operator:bank_files"


@require_safe
@operator_page
def bank_files(request: PortalRequest) -> HttpResponse:
    """Every file, and how many payments wait for the next one."""
    asked, rows = Asked.read(request.GET), all_files()
    if wants_csv(request):
        return FILES.csv(rows, asked, "bank-files")
    count, cents = waiting_sums()
    context = {
        **context_of(FILES.page(rows, asked), rows),
        "waiting": count,
        "waiting_sum": money(cents),
        "has_bank": environment().bank is not None,
    }
    return show(request, "bank_files/files", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def make(request: PortalRequest) -> HttpResponse:
    """Asks before the payments that wait go into a file."""
    if is_post(request):

        def write() -> None:
            made = actions.make_bank_file(by=request.user, at=now())
            audit.note(request, subject=made.name)

        if not act(request, write, done="The file is made: take it out and give it to your bank."):
            audit.note(request, nothing=True)
        return redirect(ROOM)
    count, cents = waiting_sums()
    question = Question(
        title="Make a file for your bank?",
        words="Each payment goes into one file only, so give every file to your bank, once.",
        items=[Item(f"{count} payment{'' if count == 1 else 's'} of {money(cents)} together.")],
        verb="Make the file",
        action=reverse("operator:make_bank_file"),
        back=reverse(ROOM),
    )
    return ask(request, question)


@require_safe
@operator_page
def file(request: PortalRequest, bank_file_id: int) -> HttpResponse:
    """One file, as the bank takes it. It has the numbers of bank accounts in clear."""
    found = one_bank_file(bank_file_id)
    try:
        text = actions.content_of(found, at=now())
    except Sealed as error:
        notices.error(request, f"This file cannot be read: {error}.")
        return redirect(ROOM)
    audit.note(request, subject=found.name)
    response = HttpResponse(text, content_type="text/plain; charset=us-ascii")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def returns(request: PortalRequest) -> HttpResponse:
    """What came back, and the form that reads a file of returns."""
    asked, rows = Asked.read(request.GET), bank_returns()
    if wants_csv(request):
        return RETURNS.csv(rows, asked, "bank-returns")
    form = ReturnsForm(data_of(request), request.FILES)
    if is_post(request) and form.is_valid():
        brought: list[actions.Read] = []

        def read() -> None:
            brought.append(actions.read_returns(form.text, by=request.user, at=now()))

        if save(form, read):
            audit.note(request, subject=form.cleaned_data["file"].name)
            notices.success(request, _words(brought[0]))
            return redirect("operator:bank_returns")
    context = {**context_of(RETURNS.page(rows, asked), rows), "form": form, "back": reverse(ROOM)}
    return show(request, "bank_files/returns", context)


def _words(read: actions.Read) -> str:
    returned = sum(row.code.startswith("R") for row in read.new)
    unknown = sum(not row.is_known for row in read.new)
    words = f"Read: {returned} came back, {len(read.new) - returned} corrected"
    if read.known_before:
        words += f", {read.known_before} known before"
    if unknown:
        words += f"; {unknown} of them no payment of ours"
    return words + "."
