"""What is asked on a number that has no script of its own."""

from __future__ import annotations

from typing import Final

from .content import YES, Closing, Content, Kind, Relay, Step

PLAIN: Final = Content(
    greeting="{Time_of_day}, thank you for calling {company}. This is {receptionist}. "
    "How may I help you?",
    steps=(
        Step("first_name", Kind.TEXT, "First name", "May I have your first name?", "first_name"),
        Step("last_name", Kind.TEXT, "Last name", "And your last name?", "last_name"),
        Step("phone", Kind.PHONE, "Phone", "At which number can you be reached?", "phone"),
        Step(
            "company_name", Kind.TEXT, "Company", "Are you calling for a company?", "company_name"
        ),
        Step(
            "content",
            Kind.LONG_TEXT,
            "Message",
            "What may I tell them?",
            "content",
            is_required=True,
        ),
        Step("urgent", Kind.YES_NO, "Urgent", "Is it urgent?"),
    ),
    closings=(Closing("message", "Message taken", "Thank you. I will pass that on. Goodbye."),),
    relays=(Relay("urgent", (YES,), is_emergency=True),),
)
