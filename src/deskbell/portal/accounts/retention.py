"""How long the account keeps its messages and recordings; everybody looks, few may change it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages as notices
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from deskbell.accounts.actions import keep_for
from deskbell.accounts.models import MOST_MESSAGE_DAYS, MOST_RECORDING_DAYS, Account
from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotAllowed
from deskbell.messages.removing import due_for_removal as messages_due
from deskbell.messages.removing import recordings_due

from ..attendant.forms import PartForm
from ..pages import page
from ..tenancy import PortalRequest, held_rights
from .frame import data_of, is_post, save, show

READ_ONLY = "Changing how long things are kept needs the Account Management access of this account."


def _days(label: str, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=most,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        help_text=f"1 to {most} days.",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), f"Type a number from 1 to {most}."
        ),
    )


class RetentionForm(PartForm[Account]):
    """The two numbers of days; `sure` is what the person was told would go."""

    message_days = _days("Days to keep messages", MOST_MESSAGE_DAYS)
    recording_days = _days("Days to keep recordings", MOST_RECORDING_DAYS)
    sure = forms.CharField(required=False, widget=forms.HiddenInput)

    def shown_of(self, part: Account) -> dict[str, Any]:
        """The account's days."""
        return {"message_days": part.message_days, "recording_days": part.recording_days}

    def covered(self, part: Account) -> object:
        """The days, and nothing else of the account."""
        return self.shown_of(part)

    def ask(self, going: str) -> None:
        """Shows what would go; the form is sent again to say yes to it."""
        data = cast(QueryDict, self.data).copy()
        data["sure"] = going
        self.data = data


@require_http_methods(["GET", "HEAD", "POST"])
@page
def retention(request: PortalRequest) -> HttpResponse:
    """Shows and changes for how many days messages and recordings are kept.

    Where less is kept from now on, it says first what goes.
    """
    may_edit = Right.ACCOUNT_MANAGEMENT in held_rights(request)
    if is_post(request) and not may_edit:
        raise NotAllowed(READ_ONLY)
    account = request.account
    form = RetentionForm(data_of(request), part=account, locked=not may_edit)
    going = ""
    if is_post(request) and form.is_valid():
        going = _going(account, form.cleaned_data, now())
        if form.cleaned_data["sure"] != going:
            form.ask(going)
        elif save(form, lambda: _keep(form, account)):
            notices.success(request, "Saved. What is older goes the next night.")
            return redirect("accounts:retention")
    context = {"form": form, "may_edit": may_edit, "going": going, "read_only": READ_ONLY}
    return show(request, "retention", context)


def _keep(form: RetentionForm, account: Account) -> None:
    form.unchanged(Account.objects.get(pk=account.pk))
    days = form.cleaned_data
    keep_for(
        account=account, message_days=days["message_days"], recording_days=days["recording_days"]
    )


def _going(account: Account, days: Mapping[str, Any], at: datetime) -> str:
    """What a shorter time deletes, in words; empty where it is nothing."""
    counted = {
        "message": messages_due(account, at, days["message_days"]),
        "recording": recordings_due(
            account,
            at,
            message_days=days["message_days"],
            recording_days=days["recording_days"],
        ),
    }
    found = [f"{n:,} {what}{'' if n == 1 else 's'}" for what, n in counted.items() if n]
    return " and ".join(found)
