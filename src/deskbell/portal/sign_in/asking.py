"""The form by which people who are not registered ask for access."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from deskbell.accounts.actions import ask_for_access
from deskbell.accounts.actions.asking import MAX_COMPANY, MAX_PHONE, MAX_WORDS
from deskbell.accounts.actions.people import MAX_EMAIL, MAX_NAME
from deskbell.accounts.errors import TooOften
from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.addresses import address_of

from .adapter import UNKNOWN_ADDRESS


class AskForm(forms.Form):
    """Who asks, and what for."""

    name = forms.CharField(label="Full Name", max_length=MAX_NAME)
    email = forms.EmailField(label="Email Address", max_length=MAX_EMAIL)
    company = forms.CharField(label="Company", max_length=MAX_COMPANY, required=False)
    phone = forms.CharField(label="Phone Number", max_length=MAX_PHONE, required=False)
    words = forms.CharField(
        label="What you need access to", max_length=MAX_WORDS, required=False, widget=forms.Textarea
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def request_access(request: HttpRequest) -> HttpResponse:
    """Shows the form, and keeps what was asked; the answer is the same for every address."""
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_kept(request, form):
        return redirect("request_access_done")
    status = 429 if getattr(form, "is_too_often", False) else 200
    return render(request, "portal/sign_in/request_access.html", {"form": form}, status=status)


def _is_kept(request: HttpRequest, form: Any) -> bool:
    try:
        ask_for_access(
            **form.cleaned_data, address=address_of(request) or UNKNOWN_ADDRESS, at=now()
        )
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    except TooOften as error:
        form.add_error(None, str(error))
        form.is_too_often = True
    return not form.errors


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Thanks whoever asked."""
    return render(request, "portal/sign_in/request_sent.html")
