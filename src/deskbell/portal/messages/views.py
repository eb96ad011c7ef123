"""The pages of messages. Source: seed 000, "Messages".

Every action is a form that works without a script; with one, only the parts that changed come
back. Lists and panels ask about every two seconds whether something changed; the list a little more
often, so that a new message is there within two.
"""

from __future__ import annotations

from typing import Final

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from deskbell.accounts.rules import Right
from deskbell.foundation.clock import now
from deskbell.messages import actions, queries
from deskbell.messages.errors import AlreadyAcknowledged
from deskbell.messages.models import Message
from deskbell.platform.addresses import address_of

from ..acting import doer_of, done_by
from ..oncall.frame import read_id
from ..pages import is_partial, page
from ..rights import page_with
from ..shared import Shared
from ..tenancy import PortalRequest
from .asked import Asked
from .filter_fields import filter_fields
from .lists import list_context, may, tag_of
from .panel import after_change
from .saved import saved_context
from .undoing import MOST_AT_ONCE, say_acknowledged

LIVE_LISTS: Final[Shared[bytes]] = Shared()
POLL = "div#poll"
# These take filters away, so the fields must follow.
CLEARING = ("a#chip-", "a#clear-")


@require_GET
@page
def messages(request: PortalRequest) -> HttpResponse:
    """The list of messages with the activities beside it."""
    asked = Asked.read(request.GET)
    context = list_context(request, asked, tag_of(request)) | saved_context(request)
    context |= {"fields": filter_fields(request.account, asked, context["meant"])}
    return render(request, "portal/messages/messages.html", context)


@require_GET
@page
def live(request: PortalRequest) -> HttpResponse:
    """The parts of the list that change; 304 where nothing did since the tag that was sent."""
    tag = tag_of(request)
    if request.headers.get("If-None-Match") == tag:
        return _not_modified(tag)
    asked = Asked.read(request.GET)
    source = request.headers.get("HX-Source", "")
    if source == POLL:
        return _tagged(HttpResponse(_polled(request, asked, tag)), tag)
    context = list_context(request, asked, tag)
    if source.startswith(CLEARING):
        context["fields"] = filter_fields(request.account, asked, context["meant"])
    response = _tagged(render(request, "portal/messages/live.html", context), tag)
    response.headers["HX-Replace-Url"] = reverse("messages") + asked.query
    return response


def _polled(request: PortalRequest, asked: Asked, tag: str) -> bytes:
    """What all who look at the same list, and may do the same with it, are shown."""
    account = request.account
    allowed = tuple(may(request).values())
    zone = timezone.get_current_timezone_name()
    key = (tag, asked, allowed, account.time_zone, zone, timezone.localdate())

    def make() -> bytes:
        context = list_context(request, asked, tag)
        return render_to_string("portal/messages/live.html", context).encode()

    return LIVE_LISTS.get(key, make)


def _tagged(response: HttpResponse, tag: str) -> HttpResponse:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _not_modified(tag: str) -> HttpResponse:
    return _tagged(HttpResponse(status=304), tag)


@require_POST
@page_with(Right.MESSAGE_HANDLING)
def acknowledge(request: PortalRequest, message_id: int) -> HttpResponse:
    """Acknowledges one message, which stops its escalation; says who was first otherwise."""
    found = queries.one(message_id)
    try:
        actions.acknowledge(
            message=found, at=now(), user_id=doer_of(request).pk, **answerer(request)
        )
    except AlreadyAcknowledged as error:
        notices.warning(request, str(error))
    else:
        text = f"Message {found.pk} is acknowledged; nobody else is called."
        say_acknowledged(request, text, [found])
    return after_action(request, found)


@require_POST
@page_with(Right.MESSAGE_HANDLING)
def acknowledge_chosen(request: PortalRequest) -> HttpResponse:
    """Acknowledges the messages whose boxes are ticked."""
    given = (read_id(text) for text in request.POST.getlist("id"))
    wanted = {each for each in given if each is not None}
    found = list(Message.objects.filter(pk__in=sorted(wanted)[:MOST_AT_ONCE]))
    if not found:
        notices.warning(request, "No message is selected; tick the boxes of some first.")
        return after_action(request, None)
    done = actions.acknowledge_many(
        messages=found, at=now(), user_id=doer_of(request).pk, **answerer(request)
    )
    word = "message is" if len(done) == 1 else "messages are"
    text = f"{len(done)} {word} acknowledged."
    if earlier := len(found) - len(done):
        text += f" {earlier} already had been, by somebody else."
    if done:
        say_acknowledged(request, text, done)
    else:
        notices.warning(request, text)
    return after_action(request, None)


def answerer(request: PortalRequest) -> dict[str, str]:
    """Who acknowledges, and from where: staff do it as the account's receptionist."""
    return {
        "by": done_by(request),
        "through": "receptionist" if doer_of(request).is_staff_member else "portal",
        "address": address_of(request),
    }


def after_action(request: PortalRequest, about: Message | None) -> HttpResponse:
    """The parts that changed, or back to the page that the form was on."""
    if request.POST.get("from") == "panel" and about is not None:
        return after_change(request, about)
    asked = Asked.read(request.POST)
    if not is_partial(request):
        return redirect(reverse("messages") + asked.query)
    context = list_context(request, asked, tag_of(request)) | {"notify": True}
    return render(request, "portal/messages/live.html", context)
