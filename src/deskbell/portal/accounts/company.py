"""The account's company information, which its numbers show by default."""

from __future__ import annotations

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from deskbell.accounts.actions import edit_company
from deskbell.accounts.models import Account
from deskbell.accounts.queries import company_of_account
from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now

from ..rights import has, page_with
from ..tenancy import PortalRequest
from .company_form import CompanyForm
from .frame import data_of, is_post, save, show


@require_http_methods(["GET", "HEAD", "POST"])
@page_with(Right.ACCOUNT_MANAGEMENT, look=True)
def company(request: PortalRequest) -> HttpResponse:
    """Shows and changes what the account says of its company."""
    account = request.account
    locked = not has(request, Right.ACCOUNT_MANAGEMENT)
    form = CompanyForm(data_of(request), request.FILES or None, part=account, locked=locked)
    if is_post(request) and form.is_valid():

        def change() -> None:
            form.unchanged(Account.objects.get(pk=account.pk))
            edit_company(account=account, **form.fields_said(now(), user_id=request.user.pk))

        if save(form, change):
            notices.success(request, "Saved.")
            return redirect("accounts:company")
    context = {
        "form": form,
        "company": company_of_account(account),
        "back": reverse("accounts"),
    }
    return show(request, "company", context)
