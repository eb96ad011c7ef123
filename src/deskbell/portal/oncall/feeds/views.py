"""Calendars for other programs: the links of levels and contacts, and how to use them.

Source: seed 000, "Export to Third-Party Calendar"; design, on call, "Feeds".
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from deskbell.contacts import queries as contacts
from deskbell.contacts.models import Contact
from deskbell.oncall import queries
from deskbell.oncall.feeds import contact_url, level_url, renew
from deskbell.oncall.models import EscalationLevel

from ...attendant.listing import Asked, Column, listed
from ...tenancy import PortalRequest
from ..frame import (
    Item,
    Question,
    act,
    ask,
    is_post,
    oncall_page,
    only_editors,
    render_dialog,
    render_page,
)

FOLDER = "portal/oncall/feeds"


@dataclass(frozen=True, slots=True)
class Feed:
    """A level's or a contact's link; whoever may look at on call may see it."""

    kind: str
    id: int
    name: str
    url: str

    @property
    def page(self) -> str:
        """Where its link and the steps stand."""
        return reverse(f"oncall:{self.kind}_feed", args=[self.id])

    @property
    def renewing(self) -> str:
        """Where it is given a new link."""
        return reverse(f"oncall:renew_{self.kind}_feed", args=[self.id])

    @property
    def said(self) -> str:
        """What it is of."""
        return f"{self.name}'s shifts" if self.kind == "contact" else self.name


COLUMNS: list[Column[Feed]] = [Column("name", "Calendar", lambda feed: feed.name)]


def feed_of(owner: EscalationLevel | Contact) -> Feed:
    """The feed of a level or a contact."""
    if isinstance(owner, Contact):
        return Feed("contact", owner.pk, owner.name, contact_url(owner))
    return Feed("level", owner.pk, owner.name, level_url(owner))


@require_GET
@oncall_page
def feeds(request: PortalRequest) -> HttpResponse:
    """The links of every level, and of the contacts that are searched for."""
    asked = Asked.read(request.GET)
    every = [feed_of(each) for each in Contact.objects.order_by("name", "id")]
    context = {
        "levels": [feed_of(each) for each in queries.levels()],
        "list": listed(every, COLUMNS, asked),
        "has_contacts": bool(every),
    }
    return render_page(request, f"{FOLDER}/feeds.html", context)


@require_GET
@oncall_page
def level_feed(request: PortalRequest, level_id: int) -> HttpResponse:
    """A level's link with the steps for calendar programs."""
    return _feed(request, feed_of(queries.level(level_id)))


@require_GET
@oncall_page
def contact_feed(request: PortalRequest, contact_id: int) -> HttpResponse:
    """A contact's link with the steps for calendar programs."""
    return _feed(request, feed_of(contacts.one(contact_id)))


def _feed(request: PortalRequest, feed: Feed) -> HttpResponse:
    return render_dialog(request, f"{FOLDER}/feed.html", {"feed": feed})


@require_http_methods(["GET", "POST"])
@oncall_page
def renew_level(request: PortalRequest, level_id: int) -> HttpResponse:
    """Asks before a level gets a new link, because the old one ends; then gives it."""
    return _renew(request, queries.level(level_id))


@require_http_methods(["GET", "POST"])
@oncall_page
def renew_contact(request: PortalRequest, contact_id: int) -> HttpResponse:
    """The same for a contact."""
    return _renew(request, contacts.one(contact_id))


def _renew(request: PortalRequest, owner: EscalationLevel | Contact) -> HttpResponse:
    only_editors(request)
    feed = feed_of(owner)
    if is_post(request):
        act(request, lambda: renew(owner), done=f"The calendar of {feed.said} has a new link.")
        return redirect(feed.page)
    question = Question(
        title=f"New link for {feed.said}?",
        words="Do this where somebody has the link who should not.",
        items=[
            Item("The old link shows nothing from now on"),
            Item("Every calendar program that has it must be given the new one"),
        ],
        verb="Make a new link",
        action=feed.renewing,
        back=feed.page,
    )
    return ask(request, question)
