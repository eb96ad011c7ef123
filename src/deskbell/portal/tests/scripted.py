"""A script that has one of everything, and how its pages are read."""

from __future__ import annotations

import re

from django.test import Client

from deskbell.platform.tenancy import account_scope
from deskbell.scripts import queries
from deskbell.scripts.models import Script
from deskbell.scripts.rules import (
    Case,
    Closing,
    Condition,
    Content,
    Faq,
    Kind,
    Relay,
    Send,
    Step,
    read,
)


def content_for(level: int) -> Content:
    """A dentist's script: one branch, two closings, one relay trigger, one question."""
    return Content(
        greeting="{Time_of_day}, {company}, this is {receptionist}.",
        steps=(
            Step("name", Kind.TEXT, "Name", "Who is calling?", "first_name", is_required=True),
            Step("pain", Kind.YES_NO, "In pain", "Are you in pain?", is_required=True),
            Step("b", Kind.BRANCH, on="pain", cases=(Case(("No",), "day"),)),
            Step("where", Kind.LONG_TEXT, "Where it hurts", "Where does it hurt?", "content"),
            Step("day", Kind.CHOICE, "Day", "Which day?", options=("Monday", "Friday")),
        ),
        closings=(
            Closing("pain", "Emergency", "We call you.", (Condition("pain", ("Yes",)),)),
            Closing("done", "Message taken", "Goodbye.", send=Send.NOBODY, disposition="Booked"),
        ),
        relays=(Relay("pain", ("Yes",), level, is_emergency=True),),
        faqs=(Faq("Where may I park?", "Behind {company} & the church."),),
    )


def draft_of(script: Script) -> Content:
    with account_scope(script.account_id):
        return read(queries.one(script.pk).draft)


def seen_in(page: str) -> str:
    return str(re.findall(r'name="seen" value="([^"]+)"', page)[-1])


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()
