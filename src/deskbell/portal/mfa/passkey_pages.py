"""Adding, naming and removing passkeys. The browser makes them, by `assets/passkeys.ts`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notices
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, InvalidInput

from ..asking import act, ask
from ..attendant.frame import Item, Question, data_of, is_post
from ..tenancy import PortalRequest
from . import actions, passkeys
from .arriving import arrived
from .forms import NameForm
from .fresh import fresh, own_page
from .overview import ALONE
from .shown import show
from .standing import factors_of


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
@fresh
def add(request: PortalRequest) -> HttpResponse:
    """Asks for a name, has the browser make a passkey, and keeps it."""
    form = NameForm(data_of(request), initial={"name": _suggested(request)})
    if is_post(request) and form.is_valid():
        try:
            made = actions.add_passkey(
                user=request.user,
                name=form.cleaned_data["name"],
                credential=passkeys.made(request.POST.get("credential", "")),
                at=now(),
            )
        except (InvalidInput, Conflict) as error:
            form.add_error("name" if getattr(error, "field", "") == "name" else None, str(error))
        else:
            return arrived(request, made, "The passkey is added. It signs you in by itself.")
    context: dict[str, Any] = {"form": form, "passkeys_possible": passkeys.are_possible()}
    return show(request, "passkey", context)


@require_POST
@own_page
@fresh
def options(request: PortalRequest) -> JsonResponse:
    """What the browser is asked for a new passkey, as JSON."""
    return JsonResponse(passkeys.to_make(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
@fresh
def rename(request: PortalRequest, passkey_id: int) -> HttpResponse:
    """Gives a passkey another name. Raises NotFound."""
    passkey = actions.passkey_of(request.user, passkey_id)
    form = NameForm(data_of(request), initial={"name": passkey.wrap().name})
    if is_post(request) and form.is_valid():
        try:
            actions.rename_passkey(user=request.user, pk=passkey_id, name=form.cleaned_data["name"])
        except InvalidInput as error:
            form.add_error("name", str(error))
        else:
            notices.success(request, "Saved.")
            return redirect("mfa_index")
    return show(request, "passkey_name", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
@fresh
def remove(request: PortalRequest, passkey_id: int) -> HttpResponse:
    """Asks before a passkey is removed. Raises NotFound."""
    name = actions.passkey_of(request.user, passkey_id).wrap().name
    if is_post(request):
        act(
            request,
            lambda: actions.remove_passkey(user=request.user, pk=passkey_id, at=now()),
            done=f"The passkey {name} is removed.",
        )
        return redirect("mfa_index")
    found = factors_of(request.user)
    is_last = found.app is None and len(found.passkeys) == 1
    left = "Without another factor, your password alone signs you in"
    question = Question(
        title=f"Remove the passkey {name}?",
        words="It no longer signs you in. Delete it on its device as well.",
        items=[Item(left), Item("The recovery codes are deleted")] if is_last else (),
        verb="Remove",
        action=reverse("mfa_remove_webauthn", args=[passkey_id]),
        back=reverse("mfa_index"),
        refusal=actions.needed_by(request.user) if is_last else "",
    )
    return ask(request, question, alone=ALONE)


def _suggested(request: PortalRequest) -> str:
    count = len(factors_of(request.user).passkeys)
    return f"Passkey {count + 1}" if count else "My passkey"
