"""Scripts that the tests of this room walk through."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from deskbell.scripts.rules import Case, Closing, Condition, Content, Faq, Kind, Relay, Send, Step

LEVEL = 7

DENTIST = Content(
    greeting="{Time_of_day}, {company}. This is {receptionist}. How may I help you?",
    steps=(
        Step("name", Kind.TEXT, "Name", "Your name, please?", "first_name", is_required=True),
        Step("new", Kind.YES_NO, "New patient", "Have you been here before?", is_required=True),
        Step("way", Kind.BRANCH, on="new", cases=(Case(("Yes",), "insurance"),), otherwise="pain"),
        Step("insurance", Kind.CHOICE, "Insurance", "Which?", options=("Acme Care", "Other")),
        Step("born", Kind.DATE, "Date of birth", "When were you born?"),
        Step("pain", Kind.YES_NO, "In pain", "Are you in pain?", is_required=True),
        Step("thanks", Kind.SAY, ask="Thank you."),
        Step("phone", Kind.PHONE, "Phone", "Your number?", "phone", is_required=True),
        Step("email", Kind.EMAIL, "Email", "And your email address?", "email"),
        Step("content", Kind.LONG_TEXT, "Message", "What may I tell them?", "content"),
    ),
    closings=(
        Closing(
            "held",
            "Kept",
            "It waits.",
            (Condition("insurance", ("Other",)),),
            Send.CHECK_IN,
            disposition="Kept",
        ),
        Closing("sent", "Message taken", "Goodbye.", disposition="Message"),
    ),
    relays=(Relay("pain", ("Yes",), LEVEL, is_emergency=True),),
    faqs=(Faq("When are you open?", "From eight to six."),),
)


def changed(place: int, **fields: Any) -> Content:
    """The dentist's script with one step changed."""
    steps = list(DENTIST.steps)
    steps[place] = replace(steps[place], **fields)
    return replace(DENTIST, steps=tuple(steps))
