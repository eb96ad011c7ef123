"""API Keys: what there is, made, shown once, revoked. Source: seed 000, "API Keys"."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from deskbell import audit
from deskbell.accounts import actions
from deskbell.accounts.errors import TokenNotFound
from deskbell.accounts.models import ApiToken, UserToken
from deskbell.accounts.queries import api_tokens, user_tokens
from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now

from ..acting import own_hands
from ..asking import act, ask
from ..attendant.forms import PartForm
from ..attendant.frame import Item, Question, data_of, is_post
from ..attendant.listing import Asked, as_csv, in_order, listed
from ..oncall.frame import save
from ..pages import page
from ..rights import page_with
from ..tenancy import PortalRequest, held_rights
from .forms import PairForm, TokenForm
from .made import Made, put, take
from .shown import COLUMNS, REVOKED, look_only, manages, rows_of, scope_words

FOLDER: Final = "portal/keys"
ALONE: Final = f"{FOLDER}/dialog_page.html"


@require_safe
@page
def keys(request: PortalRequest) -> HttpResponse:
    """The account's tokens, for those who may see them, and the person's own."""
    asked = Asked.read(request.GET)
    tokens = list(api_tokens(request.account)) if manages(request) else []
    rows = rows_of(tokens, asked)
    if request.GET.get("format") == "csv" and manages(request):
        return as_csv(in_order(rows, COLUMNS, asked), COLUMNS, "api-tokens")
    over = sum(1 for each in tokens if each.revoked_at)
    pairs = list(user_tokens(request.user))
    context = {
        "manages": manages(request),
        "look_only": look_only(),
        "list": listed(rows, COLUMNS, asked),
        "lines": [(each, scope_words(each)) for each in listed(rows, COLUMNS, asked).rows],
        "is_empty": not tokens,
        "is_revoked": asked.show == REVOKED,
        "counts": (len(tokens) - over, over),
        "pairs": [each for each in pairs if each.revoked_at is None],
        "old_pairs": [each for each in pairs if each.revoked_at is not None],
        "sid": request.user.sid,
    }
    return render(request, f"{FOLDER}/keys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page_with(Right.API_KEYS)
def new(request: PortalRequest) -> HttpResponse:
    """Makes an API token of the account, and leads to it."""
    held = held_rights(request)
    form = TokenForm(data_of(request), held=held)

    def make() -> None:
        typed = form.cleaned_data
        token = actions.make_api_token(
            account=request.account,
            name=typed["name"],
            scopes=typed["scopes"],
            by=request.user.email,
            held=held,
            at=now(),
        )
        put(request, Made(typed["name"], token))

    if is_post(request) and form.is_valid() and save(form, make):
        audit.note(request, subject=form.cleaned_data["name"])
        return redirect("keys:made")
    return _form(request, form, "Create an API token")


@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page
def new_pair(request: PortalRequest) -> HttpResponse:
    """Makes a token of the person's own, and leads to it."""
    form = PairForm(data_of(request), part={})

    def make() -> None:
        name = form.cleaned_data["name"]
        token = actions.make_user_token(user=request.user, name=name, at=now())
        put(request, Made(name, token, request.user.sid))

    if is_post(request) and form.is_valid() and save(form, make):
        audit.note(request, subject=form.cleaned_data["name"])
        return redirect("keys:made")
    return _form(request, form, "Create a token of my own")


@require_safe
@own_hands
@page
def made(request: PortalRequest) -> HttpResponse:
    """What was just made, once; then it is gone."""
    found = take(request)
    if found is None:
        return redirect("keys")
    return render(request, f"{FOLDER}/made.html", {"made": found})


@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page_with(Right.API_KEYS)
def revoke(request: PortalRequest, token_id: int) -> HttpResponse:
    """Asks before a token of the account ends, saying what stops with it."""
    found = ApiToken.objects.filter(account=request.account, pk=token_id, revoked_at=None).first()
    if found is None:
        raise TokenNotFound("There is no such API token, or it was revoked before")
    audit.note(request, subject=found.name)
    account = request.account
    if is_post(request):
        act(
            request,
            lambda: actions.revoke_api_token(account=account, token_id=token_id, at=now()),
            done=f"The token {found.name} works no more.",
        )
        return redirect("keys")
    items = [Item(f"It may no longer: {scope_words(found).lower()}."), Item(_used(found))]
    return _ask(request, found.name, items, reverse("keys:revoke", args=[token_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page
def revoke_pair(request: PortalRequest, own_token_id: int) -> HttpResponse:
    """Asks before a token of the person's own ends."""
    found = UserToken.objects.filter(user=request.user, pk=own_token_id, revoked_at=None).first()
    if found is None:
        raise TokenNotFound("There is no such token, or it was revoked before")
    audit.note(request, subject=found.name)
    if is_post(request):
        act(
            request,
            lambda: actions.revoke_user_token(user=request.user, token_id=own_token_id, at=now()),
            done=f"The token {found.name or 'without a name'} works no more.",
        )
        return redirect("keys")
    name = found.name or "without a name"
    return _ask(
        request, name, [Item(_used(found))], reverse("keys:revoke_pair", args=[own_token_id])
    )


def _used(token: ApiToken | UserToken) -> str:
    """How much a token is used: what stops when it goes."""
    last: datetime | None = token.last_used_at
    if last is None:
        return "No program has used it yet."
    times = "once" if token.use_count == 1 else f"{intcomma(token.use_count)} times"
    return f"It was used {times}, the last time on {localtime(last):%B} {localtime(last).day}."


def _ask(request: PortalRequest, name: str, items: list[Item], action: str) -> HttpResponse:
    question = Question(
        title=f"Revoke the token {name}?",
        words="Every program that uses it is refused from this moment on."
        " This CANNOT be undone; a new token takes its place.",
        items=items,
        verb="Revoke",
        action=action,
        back=reverse("keys"),
    )
    return ask(request, question, alone=ALONE)


def _form(request: PortalRequest, form: PartForm[Any], title: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": reverse("keys"), "may_edit": True}
    return render(request, f"{FOLDER}/form.html", context, status=form.http_status)
