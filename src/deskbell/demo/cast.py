"""Who and what the demo is made of: people, numbers, callers, and what callers say.

All numbers are from 555-0100 to 555-0199, which telephone companies leave free for fiction.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in."""

    name: str
    email: str
    password: str
    role: str
    mobile: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A phone number; an extension where `extension` is set."""

    number: str
    extension: str = ""
    spoken_name: str = ""


@dataclass(frozen=True, slots=True)
class Business:
    """A client account."""

    number: str
    client_id: str
    name: str
    time_zone: str
    people: tuple[Person, ...]
    lines: tuple[Line, ...]
    reasons: tuple[str, ...]
    seed: int
    calls_per_day: int


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls."""

    first_name: str
    last_name: str
    phone: str
    company: str = ""


ALICE = Person("alice", "alice@acme.example", "Alice-rings-1", "BG_ADMIN", "+12125550171")
BOB = Person("bob", "bob@acme.example", "Bob-rings-1", "AA_ADMIN", "+12125550172")
CHARLIE = Person("charlie", "charlie@brook.example", "Charlie-rings-1", "BG_ADMIN", "+12125550173")
STAFF = (
    Person("olivia", "olivia@deskbell.example", "Olivia-rings-1", "operator"),
    Person("rita", "rita@deskbell.example", "Rita-rings-1", "receptionist"),
)

ACME = Business(
    number="W0411",
    client_id="79160",
    name="Acme Dental",
    time_zone="America/New_York",
    people=(ALICE, BOB),
    lines=(
        Line("+12125550142"),
        Line("+12125550143", "101", "alice"),
        Line("+12125550144", "102", "bob"),
    ),
    reasons=(
        "Has a toothache on the lower left since last night and would like to come in today.",
        "A crown came loose while eating. No pain, but would like an appointment this week.",
        "Wants to move the cleaning on Thursday to the week after, mornings are best.",
        "Asks whether the practice takes a new insurance plan before booking a first visit.",
        "The gum is still bleeding four hours after the extraction. Please call back soon.",
        "Needs a copy of the last X-rays sent to an orthodontist.",
        "Child fell and chipped a front tooth. Is on the way home with the piece in milk.",
        "Would like a call back about the estimate for the implant.",
        "Is running fifteen minutes late for the two o'clock appointment.",
        "The night guard does not fit any more and hurts in the morning.",
        "Has a question about the bill from last month, the amount looks too high.",
        "Asks for a refill of the mouth rinse that was prescribed after surgery.",
    ),
    seed=411,
    calls_per_day=11,
)
BROOK = Business(
    number="W0422",
    client_id="79161",
    name="Brook Plumbing",
    time_zone="America/Chicago",
    people=(CHARLIE,),
    lines=(Line("+13125550122"), Line("+13125550123", "201", "charlie")),
    reasons=(
        "A pipe burst under the kitchen sink and the valve will not close. Please come now.",
        "The water heater is leaking on the basement floor.",
        "Would like a quote for a new bathroom on the second floor.",
        "The toilet upstairs runs all the time since the repair on Monday.",
        "No hot water since this morning, there is a baby in the house.",
        "Wants to know when the plumber will arrive today.",
        "The kitchen drain is slow again, it was cleaned two months ago.",
        "Asks for the invoice to be sent to the property manager.",
    ),
    seed=422,
    calls_per_day=7,
)
BUSINESSES = (ACME, BROOK)

CALLERS = (
    Caller("Dana", "Whitfield", "+12125550101"),
    Caller("Marcus", "Oyelaran", "+12125550102"),
    Caller("Priya", "Raman", "+19175550103", "Harbor Foods"),
    Caller("Tomasz", "Zielinski", "+17185550104"),
    Caller("Grace", "Kim", "+13475550105"),
    Caller("Hector", "Salazar", "+16465550106", "Salazar & Sons"),
    Caller("Noor", "Haddad", "+12125550107"),
    Caller("Ellen", "Brandt", "+19175550108"),
    Caller("Samuel", "Okafor", "+17185550109", "Riverside School"),
    Caller("Mei", "Tanaka", "+13475550110"),
    Caller("Colin", "Fraser", "+16465550111"),
    Caller("", "", "+12125550112"),
    Caller("Lucia", "Moretti", "+12125550113", "Moretti Property"),
    Caller("Andre", "Dubois", "+19175550114"),
)
