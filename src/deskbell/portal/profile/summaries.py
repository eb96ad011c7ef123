"""The daily summary of the account that the person works in: whether it is mailed, and when."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from deskbell.foundation.clock import now
from deskbell.foundation.dates import time_words
from deskbell.reports import actions

from ..acting import own_hands
from ..attendant.frame import data_of, is_post
from ..oncall.frame import save
from ..pages import page
from ..tenancy import PortalRequest
from .forms import SummaryForm
from .page import show, summary_part
from .views import back, done


@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page
def summary(request: PortalRequest) -> HttpResponse:
    """Whether the person is mailed every day what was the day before, and at what time."""
    form = SummaryForm(data_of(request), part=summary_part(request))
    if not is_post(request):
        return back()
    if form.is_valid() and save(form, lambda: _choose(request, form)):
        return done(request, _words(request, form))
    return show(request, summary_form=form)


def _choose(request: PortalRequest, form: SummaryForm) -> None:
    form.unchanged(summary_part(request))
    account, user, typed = request.account, request.user, form.cleaned_data
    if typed["wants"]:
        actions.choose_summary(account=account, user=user, time=typed["time"], at=now())
    else:
        actions.end_summary(account_id=account.pk, user_id=user.pk)


def _words(request: PortalRequest, form: SummaryForm) -> str:
    name, typed = request.account.name, form.cleaned_data
    if not typed["wants"]:
        return f"You get no daily summary of {name}."
    return f"You get the summary of {name} every day at {time_words(typed['time'])}."
