"""The demo's scripts: what a receptionist says and asks for each of its businesses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.oncall.models import EscalationLevel
from deskbell.scripts import actions
from deskbell.scripts.rules import (
    END,
    YES,
    Case,
    Closing,
    Condition,
    Content,
    Faq,
    Kind,
    Relay,
    Send,
    Step,
)

from .cast import ACME, STAFF, Business

GREETING: Final = (
    "{Time_of_day}, thank you for calling {company}. This is {receptionist}. How may I help you?"
)
_SALES: Final = "Sales or wrong number"
_PAIN: Final = "Pain or an accident"
_VISIT: Final = "Appointment"
_BILL: Final = "Bill or insurance"
_LEAK: Final = "Leak or burst pipe"
_COLD: Final = "No heat or hot water"
_QUOTE: Final = "Quote for new work"
_ELSE: Final = "Something else"


def add_scripts(
    *,
    business: Business,
    account: Account,
    numbers: Sequence[PhoneNumber],
    emergencies: EscalationLevel,
    at: datetime,
) -> None:
    """A published script for the account, read on all its numbers; what cannot wait goes to the
    level `emergencies`. Needs the account's scope."""
    by = STAFF[0].email
    name, content = (
        ("Dental practice", _dentist(emergencies.pk))
        if business is ACME
        else ("Plumbing", _plumber(emergencies.pk))
    )
    script = actions.add_script(account_id=account.pk, name=name, by=by, at=at, content=content)
    actions.publish(script=script, known_levels=[emergencies.pk], by=by, at=at)
    for number in numbers:
        actions.use_script(number=number, script=script, at=at)


def _dentist(emergencies: int) -> Content:
    return Content(
        greeting=GREETING,
        steps=(
            _why(_PAIN, _VISIT, _BILL, _ELSE, _SALES),
            _branch(
                "by_reason",
                "reason",
                {_PAIN: "bleeding", _VISIT: "new_patient", _SALES: END},
                "first_name",
            ),
            Step(
                "bleeding",
                Kind.YES_NO,
                "Bleeding or swelling",
                "Is there bleeding or swelling that does not stop?",
                is_required=True,
            ),
            Step("pain_since", Kind.TEXT, "Since when", "Since when has it been hurting?"),
            Step(
                "cold",
                Kind.SAY,
                ask="Until they call you back, something cold from outside helps, ten minutes at a "
                "time.",
            ),
            _past("after_pain", "first_name"),
            Step(
                "new_patient",
                Kind.YES_NO,
                "New patient",
                "Will this be your first visit with us?",
                is_required=True,
            ),
            Step("wished_day", Kind.DATE, "Day", "Which day would suit you best?"),
            _branch("by_visit", "new_patient", {YES: "insurance"}, "first_name"),
            Step(
                "insurance",
                Kind.CHOICE,
                "Insurance",
                "Which insurance do you have?",
                options=("Harbor Dental", "Northside Plan", "Another", "None"),
            ),
            Step(
                "how_you_hear_about_us",
                Kind.TEXT,
                "Heard of us by",
                "May I ask how you heard of us?",
                "how_you_hear_about_us",
            ),
            *_who(),
            Step("date_of_birth", Kind.DATE, "Date of birth", "And your date of birth?"),
            Step("email", Kind.EMAIL, "Email", "Is there an email address for you?", "email"),
            _what("What may I tell the practice?"),
        ),
        closings=(
            _sales(),
            Closing(
                "bill",
                "Kept for the office",
                "Thank you. The office will look at it and call you in the next days. Goodbye.",
                (Condition("reason", (_BILL,)),),
                Send.CHECK_IN,
                disposition="Billing",
            ),
            Closing(
                "message",
                "Message taken",
                "Thank you. Somebody from {company} will call you back. Goodbye.",
                disposition="Message",
            ),
        ),
        relays=(Relay("bleeding", (YES,), emergencies, is_emergency=True),),
        faqs=(
            Faq("When are you open?", "Monday to Friday, from eight to six."),
            Faq(
                "Where are you?", "On the second floor, next to the library; entrance at the back."
            ),
            Faq(
                "What should I bring?",
                "Your insurance card, a list of your medicines, and any recent X-rays.",
            ),
            Faq(
                "How can I pay?",
                "By card or in cash; {company} sends the bill to most insurance plans.",
            ),
        ),
    )


def _plumber(emergencies: int) -> Content:
    return Content(
        greeting=GREETING,
        steps=(
            _why(_LEAK, _COLD, _QUOTE, _ELSE, _SALES),
            _branch(
                "by_reason",
                "reason",
                {_LEAK: "valve", _COLD: "address", _QUOTE: "work", _SALES: END},
                "first_name",
            ),
            Step("valve", Kind.YES_NO, "Valve closed", "Could you close the main valve?"),
            Step(
                "until_then",
                Kind.SAY,
                ask="Please switch off the boiler as well, and keep the way to the leak free.",
            ),
            _past("after_leak", "address"),
            Step(
                "work",
                Kind.CHOICE,
                "Work",
                "What is to be done?",
                options=("Bathroom", "Kitchen", "Heating", "Another"),
            ),
            Step("start", Kind.DATE, "Not before", "From which day on would it suit you?"),
            Step("address", Kind.TEXT, "Street", "At which address is it?", "address"),
            Step("city", Kind.TEXT, "City", "In which city?", "city"),
            Step("zip", Kind.TEXT, "ZIP", "And the ZIP code?", "zip"),
            *_who(),
            _what("What may I tell the plumber?"),
        ),
        closings=(
            _sales(),
            Closing(
                "quote",
                "Quote",
                "Thank you. {company} will call you within a day for your quote. Goodbye.",
                (Condition("reason", (_QUOTE,)),),
                disposition="Quote",
            ),
            Closing(
                "message",
                "Message taken",
                "Thank you. A plumber will call you back. Goodbye.",
                disposition="Message",
            ),
        ),
        relays=(
            Relay("reason", (_LEAK,), emergencies, is_emergency=True),
            Relay("reason", (_COLD,), emergencies),
        ),
        faqs=(
            Faq("When does somebody come?", "For a leak within two hours, else the same day."),
            Faq("What does it cost?", "You get an estimate before work begins."),
            Faq("How can I pay?", "By card, check or bank transfer."),
        ),
    )


def _why(*reasons: str) -> Step:
    return Step(
        "reason", Kind.CHOICE, "Reason", "What is it about?", is_required=True, options=reasons
    )


def _branch(key: str, on: str, ways: dict[str, str], otherwise: str) -> Step:
    cases = tuple(Case((answer,), go) for answer, go in ways.items())
    return Step(key, Kind.BRANCH, cases=cases, otherwise=otherwise, on=on)


def _past(key: str, go: str) -> Step:
    """Goes past what is asked of others."""
    return Step(key, Kind.BRANCH, otherwise=go)


def _who() -> tuple[Step, Step, Step]:
    return (
        Step(
            "first_name",
            Kind.TEXT,
            "First name",
            "May I have your first name?",
            "first_name",
            is_required=True,
        ),
        Step("last_name", Kind.TEXT, "Last name", "And your last name?", "last_name"),
        Step(
            "phone",
            Kind.PHONE,
            "Phone",
            "At which number can you be reached?",
            "phone",
            is_required=True,
        ),
    )


def _what(ask: str) -> Step:
    return Step("content", Kind.LONG_TEXT, "Message", ask, "content", is_required=True)


def _sales() -> Closing:
    return Closing(
        "sales",
        "Sales or wrong number",
        "Thank you for calling. Goodbye.",
        (Condition("reason", (_SALES,)),),
        Send.NOBODY,
        disposition="No message",
    )
