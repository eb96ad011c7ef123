"""What is done with webhooks: made, changed, paused, tested, deleted; and something sent again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from deskbell.foundation.clock import now
from deskbell.webhooks import actions, queries
from deskbell.webhooks.models import Notice, Subscription

from ..acting import done_by
from ..asking import act
from ..attendant.frame import Item, Question, data_of, is_post
from ..oncall.frame import save
from ..tenancy import PortalRequest
from . import secrets
from .forms import WebhookForm, shown
from .frame import ask, editing_page, show

ROOM = "webhooks:webhook"


@require_http_methods(["GET", "POST"])
@editing_page
def new(request: PortalRequest) -> HttpResponse:
    """Makes a webhook, and leads to its secret."""
    form = WebhookForm(data_of(request))
    if not is_post(request):
        form.initial["events"] = list(actions.EVENTS)
    if is_post(request) and form.is_valid():
        made: list[tuple[Subscription, str]] = []

        def make() -> None:
            made.append(
                actions.subscribe(
                    account_id=request.account.pk,
                    url=form.cleaned_data["url"],
                    events=form.cleaned_data["events"],
                    by=done_by(request),
                    at=now(),
                )
            )

        if save(form, make):
            [(webhook, secret)] = made
            secrets.put(request, webhook, secret)
            return redirect("webhooks:secret", webhook.pk)
    return show(request, "form", {"form": form, "back": reverse("webhooks")})


@require_http_methods(["GET", "POST"])
@editing_page
def edit(request: PortalRequest, webhook_id: int) -> HttpResponse:
    """Changes where a webhook leads and what it is told of."""
    found = queries.one(webhook_id)
    form = WebhookForm(data_of(request), part=shown(found))
    if is_post(request) and form.is_valid():

        def change() -> None:
            form.unchanged(shown(queries.one(webhook_id)))
            actions.edit(subscription=found, at=now(), **_given(form))

        if save(form, change):
            notices.success(request, "Saved.")
            return redirect(ROOM, webhook_id)
    back = reverse(ROOM, args=[webhook_id])
    return show(request, "form", {"form": form, "webhook": found, "back": back})


def _given(form: WebhookForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("url", "events")}


@require_http_methods(["GET", "POST"])
@editing_page
def pause(request: PortalRequest, webhook_id: int) -> HttpResponse:
    """Asks before a webhook rests, because what happens meanwhile is not told later."""
    found = queries.one(webhook_id)
    if is_post(request):
        act(request, lambda: actions.pause(subscription=found, at=now()), done="It is paused.")
        return redirect(ROOM, webhook_id)
    return ask(
        request,
        Question(
            title="Pause this webhook?",
            words="Nothing is sent until somebody resumes it.",
            items=[Item("What happens meanwhile is not told later.")],
            verb="Pause",
            action=reverse("webhooks:pause", args=[webhook_id]),
            back=reverse(ROOM, args=[webhook_id]),
            is_danger=False,
        ),
    )


@require_POST
@editing_page
def resume(request: PortalRequest, webhook_id: int) -> HttpResponse:
    """Sends again from now on."""
    found = queries.one(webhook_id)
    done = "It is sent to again, from now on."
    act(request, lambda: actions.resume(subscription=found, at=now()), done=done)
    return redirect(ROOM, webhook_id)


@require_http_methods(["GET", "POST"])
@editing_page
def new_secret(request: PortalRequest, webhook_id: int) -> HttpResponse:
    """Asks before the secret changes, because the program must be given the new one."""
    found = queries.one(webhook_id)
    if is_post(request):
        webhook, secret = actions.new_secret(subscription=found, at=now())
        secrets.put(request, webhook, secret)
        return redirect("webhooks:secret", webhook_id)
    return ask(
        request,
        Question(
            title="Make a new secret?",
            words="Do this where somebody knows the secret who should not, or where it was lost.",
            items=[
                Item("Every request is signed with the new one from now on."),
                Item("Your program refuses them until it is given the new secret."),
            ],
            verb="Make a new secret",
            action=reverse("webhooks:new_secret", args=[webhook_id]),
            back=reverse(ROOM, args=[webhook_id]),
        ),
    )


@require_http_methods(["GET", "POST"])
@editing_page
def delete(request: PortalRequest, webhook_id: int) -> HttpResponse:
    """Asks before a webhook goes, saying what goes with it."""
    found = queries.one(webhook_id)
    if is_post(request):
        done = f"{found.url} is told nothing more."
        act(request, lambda: actions.remove(subscription=found, at=now()), done=done)
        return redirect("webhooks")
    count = Notice.objects.filter(subscription=found).count()
    waiting = queries.waiting().get(found.pk, 0)
    items = [Item(f"The history of what it was told: {count:,} in the last thirty days.")]
    if waiting:
        items.append(Item(f"{waiting:,} of them still wait to be sent, and will not be."))
    return ask(
        request,
        Question(
            title="Delete this webhook?",
            words=f"{found.url} is told nothing more. This CANNOT be undone.",
            items=items,
            verb="Delete",
            action=reverse("webhooks:delete", args=[webhook_id]),
            back=reverse(ROOM, args=[webhook_id]),
        ),
    )


@require_POST
@editing_page
def send_test(request: PortalRequest, webhook_id: int) -> HttpResponse:
    """Sends a test; what came of it stands in the list."""
    found = queries.one(webhook_id)
    done = "A test is on its way; what came back stands below."
    act(request, lambda: actions.send_test(subscription=found, at=now()), done=done)
    return redirect(ROOM, webhook_id)


@require_POST
@editing_page
def send_again(request: PortalRequest, webhook_id: int, notice_id: UUID) -> HttpResponse:
    """Sends something once more."""
    found = queries.notice(queries.one(webhook_id), notice_id)
    done = "It is on its way again; what came back stands below."
    act(request, lambda: actions.send_again(notice=found, at=now()), done=done)
    return redirect(ROOM, webhook_id)
