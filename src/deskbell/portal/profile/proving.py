"""Whoever changes how they sign in types their present password, and has few guesses.

A wrong one counts as a wrong sign-in does. People without a password prove themselves as they do
for their second factor.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from ..attendant.forms import PartForm
from ..mfa.fresh import is_fresh, to_confirm
from ..tenancy import PortalRequest

WRONG = "This is not your present password."
EMPTY = "Type your present password."


def ask(request: PortalRequest, form: PartForm[Any]) -> HttpResponse | None:
    """Looks at the field `current` of a valid form, and puts what is wrong beside it.

    Gives a page to go to first, for those without a password.
    """
    if "current" not in form.fields:
        return None if is_fresh(request) else to_confirm(request)
    typed = str(form.cleaned_data["current"])
    if not typed:
        form.add_error("current", EMPTY)
        return None
    try:
        found = get_adapter(request).authenticate(request, email=request.user.email, password=typed)
    except ValidationError as error:
        form.add_error("current", error)
        return None
    if found is None or found.pk != request.user.pk:
        form.add_error("current", WRONG)
    return None
