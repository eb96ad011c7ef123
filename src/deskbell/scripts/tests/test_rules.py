"""What is said, which way answers lead, what is kept of them, and how it ends."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from deskbell.foundation.errors import InvalidInput
from deskbell.scripts.rules import (
    PLAIN,
    Case,
    Closing,
    Condition,
    Content,
    Faq,
    Kind,
    Relay,
    Send,
    Spoken,
    Step,
    ending,
    levels_of,
    path,
    read,
    read_answers,
    said,
    without_level,
    write,
)
from deskbell.scripts.rules.keeping import check_keepable
from deskbell.scripts.tests.examples import DENTIST, LEVEL, changed

KNOWN = Spoken(
    company="Acme {account}",
    receptionist="Rita",
    number="(212) 555-0142",
    account="W0411",
    local=datetime(2026, 3, 4, 9, 30),  # noqa: DTZ001 wall-clock time
)
FULL = {"name": "Dana", "new": "No", "pain": "No", "phone": "212 555 0101", "content": "Hello"}


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("{Time_of_day}, this is {receptionist}.", "Good morning, this is Rita."),
        ("We say {time_of_day} at {number}", "We say good morning at (212) 555-0142"),
        ("{company}", "Acme {account}"),
        ("{COMPANY} and {Receptionist}", "Acme {account} and Rita"),
        ("{weather}, {}, {{company}}, {", "{weather}, {}, {Acme {account}}, {"),
        ("", ""),
    ],
)
def test_variables_are_put_in_once(text: str, heard: str) -> None:
    assert said(text, KNOWN) == heard


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [
        *((0, "good morning"), (11, "good morning"), (12, "good afternoon")),
        *((17, "good afternoon"), (18, "good evening"), (23, "good evening")),
    ],
)
def test_the_time_of_day_follows_the_clock(hour: int, greeting: str) -> None:
    assert said("{time_of_day}", replace(KNOWN, local=KNOWN.local.replace(hour=hour))) == greeting


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, ["name", "new", "pain", "thanks", "phone", "email", "content"]),
        (
            {"new": "Yes"},
            ["name", "new", "insurance", "born", "pain", "thanks", "phone", "email", "content"],
        ),
        (
            {"new": " yES "},
            ["name", "new", "insurance", "born", "pain", "thanks", "phone", "email", "content"],
        ),
        ({"new": "No"}, ["name", "new", "pain", "thanks", "phone", "email", "content"]),
        ({"new": "<b>"}, ["name", "new", "pain", "thanks", "phone", "email", "content"]),
    ],
)
def test_branches_are_followed(answers: dict[str, str], asked: list[str]) -> None:
    assert [step.key for step in path(DENTIST, answers)] == asked


def _branch(go: str, otherwise: str = "") -> Content:
    return Content(
        steps=(
            Step("a", Kind.TEXT, "A"),
            Step("b", Kind.BRANCH, on="a", cases=(Case(("x",), go),), otherwise=otherwise),
            Step("c", Kind.TEXT, "C"),
        )
    )


@pytest.mark.parametrize(
    ("content", "asked"),
    [
        (_branch("end"), ["a"]),
        (_branch("c", "end"), ["a", "c"]),
        (_branch(""), ["a", "c"]),
        (_branch("nowhere"), ["a", "c"]),
        (_branch("a"), ["a"]),
        (_branch("b"), ["a"]),
        (Content(), []),
    ],
)
def test_any_draft_can_be_walked(content: Content, asked: list[str]) -> None:
    assert [step.key for step in path(content, {"a": "x"})] == asked


def test_answers_are_read_in_the_scripts_order() -> None:
    given = {"content": "Hello", "phone": "212 555 0101", "pain": "no", "new": "NO", "name": "Dana"}
    found = read_answers(DENTIST, given)
    assert found.faults == []
    assert list(found.answers.items()) == [
        ("name", "Dana"),
        ("new", "No"),
        ("pain", "No"),
        ("phone", "212 555 0101"),
        ("email", ""),
        ("content", "Hello"),
    ]
    assert found.fields == {
        "first_name": "Dana",
        "phone": "+12125550101",
        "email": "",
        "content": "Hello",
    }


def test_answers_off_the_way_and_to_no_step_are_left_out() -> None:
    given = FULL | {"insurance": "Other", "born": "never", "status": "acknowledged", "way": "x"}
    found = read_answers(DENTIST, given)
    assert found.faults == []
    assert set(found.answers) == {"name", "new", "pain", "phone", "email", "content"}


def test_answers_stay_text() -> None:
    script = '<script>alert("1")</script>&amp;'
    found = read_answers(DENTIST, FULL | {"content": f"\0 {script}\ud800\r\nend "})
    assert found.answers["content"] == f"{script}?\nend"


@pytest.mark.parametrize(
    ("key", "answer", "words"),
    [
        ("name", "  \0 ", "Name is needed"),
        ("name", "x" * 1_001, "Name takes at most 1,000 characters; not 1,001"),
        ("content", "x" * 1_000_000, "Message takes at most 20,000 characters; not 1,000,000"),
        ("pain", "", "In pain is needed"),
        ("pain", "perhaps", "In pain is one of: Yes, No"),
        ("phone", "ask at home", "Phone is a telephone number, like (212) 555-0142"),
        ("phone", "12", "Phone is a telephone number, like (212) 555-0142"),
        ("email", "dana@", "Email is an email address, like name@example.com"),
        ("email", "a b@example.com", "Email is an email address, like name@example.com"),
        ("email", "@" * 900, "Email is an email address, like name@example.com"),
    ],
)
def test_faults_of_answers(key: str, answer: str, words: str) -> None:
    found = read_answers(DENTIST, FULL | {key: answer})
    assert found.faults == [(key, words)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("1980-02-29", "1980-02-29"),
        ("2/29/1980", "1980-02-29"),
        ("19800229", "1980-02-29"),
        ("", ""),
    ],
)
def test_dates_have_one_form(given: str, kept: str) -> None:
    found = read_answers(DENTIST, FULL | {"new": "Yes", "born": given})
    assert (found.answers["born"], found.faults) == (kept, [])


@pytest.mark.parametrize("given", ["1981-02-29", "13/1/1980", "yesterday", "0/0/0000"])
def test_what_is_no_date(given: str) -> None:
    found = read_answers(DENTIST, FULL | {"new": "Yes", "born": given})
    assert found.faults == [
        ("born", "Date of birth is a date, like 2026-12-25 or 12/25/2026"),
    ]


def test_numbers_are_read_by_the_accounts_country() -> None:
    found = read_answers(DENTIST, FULL | {"phone": "020 7946 0018"}, region="GB")
    assert (found.answers["phone"], found.fields["phone"]) == ("020 7946 0018", "+442079460018")
    odd = read_answers(DENTIST, FULL | {"phone": "529841275287 ext. 5"})
    assert odd.faults == []


@pytest.mark.parametrize(
    ("answers", "send", "level", "closing"),
    [
        (FULL, Send.DEFAULT, None, "sent"),
        (FULL | {"pain": "Yes"}, Send.LEVEL, LEVEL, "sent"),
        (FULL | {"new": "Yes", "insurance": "Other"}, Send.CHECK_IN, None, "held"),
        (FULL | {"new": "Yes", "insurance": "other", "pain": "YES"}, Send.LEVEL, LEVEL, "held"),
        (FULL | {"new": "No", "insurance": "Other"}, Send.DEFAULT, None, "sent"),
        ({}, Send.DEFAULT, None, "sent"),
    ],
)
def test_relays_win_over_closings(
    answers: dict[str, str], send: Send, level: int | None, closing: str
) -> None:
    found = ending(DENTIST, answers)
    assert found.closing is not None
    assert (found.send, found.level_id, found.closing.key) == (send, level, closing)
    assert found.is_emergency == (send is Send.LEVEL)
    assert found.disposition == found.closing.disposition


def test_the_first_relay_that_fits_wins() -> None:
    more = (Relay("name", ("Dana",), 8), *DENTIST.relays)
    found = ending(replace(DENTIST, relays=more), FULL | {"pain": "Yes"})
    assert (found.level_id, found.is_emergency) == (8, False)


def test_all_conditions_of_a_closing_hold() -> None:
    both = (Condition("pain", ("No",)), Condition("name", ("Dana", "Ann")))
    ends = (Closing("both", "Both", when=both), Closing("else", "Else"))
    content = replace(DENTIST, closings=ends)
    for name, key in {"Ann": "both", "Bea": "else"}.items():
        closing = ending(content, FULL | {"name": name}).closing
        assert closing is not None
        assert closing.key == key


def test_a_draft_without_closings_ends_as_well() -> None:
    found = ending(replace(DENTIST, closings=()), FULL)
    assert (found.closing, found.send) == (None, Send.DEFAULT)


def test_a_level_that_goes_takes_its_triggers_along() -> None:
    to_level = Closing("level", "Sent", send=Send.LEVEL, level_id=LEVEL)
    content = replace(
        DENTIST,
        closings=(*DENTIST.closings, to_level),
        relays=(*DENTIST.relays, Relay("pain", ("No",), 8)),
    )
    assert levels_of(content) == {LEVEL, 8}
    left = without_level(content, LEVEL)
    assert left.relays == (Relay("pain", ("No",), 8),)
    assert left.closings[-1] == Closing("level", "Sent", send=Send.DEFAULT)
    assert levels_of(left) == {8}
    assert without_level(left, LEVEL) == left


def test_the_plain_form_says_what_is_urgent() -> None:
    found = ending(PLAIN, {"content": "Call me", "urgent": "yes"})
    assert (found.is_emergency, found.send, found.level_id) == (True, Send.LEVEL, None)
    assert read_answers(PLAIN, {}).faults == [("content", "Message is needed")]


def test_content_is_kept_as_json() -> None:
    kept = json.loads(json.dumps(write(DENTIST)))
    assert read(kept) == DENTIST
    assert read({}) == Content()
    assert kept["steps"][2]["cases"] == [{"answers": ["Yes"], "go": "insurance"}]


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ([], "a script is an object"),
        ({"steps": {}}, "steps is a list"),
        ({"steps": ["x"]}, "steps is an object"),
        ({"steps": [{"kind": "dance"}]}, "kind is one of say, text"),
        ({"steps": [{"kind": []}]}, "kind is one of say, text"),
        ({"steps": [{"options": [1]}]}, "options is a list of texts"),
        ({"steps": [{"is_required": "yes"}]}, "is_required is true or false"),
        ({"relays": [{"level_id": "7"}]}, "level_id is the id"),
        ({"relays": [{"level_id": True}]}, "level_id is the id"),
        ({"closings": [{"send": "x"}]}, "send is one of level"),
        ({"greeting": None}, "greeting is a text"),
    ],
)
def test_what_is_no_script(plain: Any, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read(plain)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (replace(DENTIST, greeting="x" * 4_001), "The greeting takes at most 4000"),
        (replace(DENTIST, greeting="a\0"), "NUL"),
        (replace(DENTIST, faqs=(Faq("?", "x" * 4_000),) * 100), "at most 400,000 characters"),
        (replace(DENTIST, steps=DENTIST.steps * 21), "at most 200 steps; not 210"),
        (changed(3, options=("x",) * 101), "at most 100 options"),
        (changed(3, options=("x" * 201,)), "options takes at most 200"),
        (changed(2, cases=(Case(("\ud800",)),)), "half surrogate"),
        (changed(0, key="x" * 65), "A step's key takes at most 64"),
    ],
)
def test_what_cannot_be_kept(content: Content, words: str) -> None:
    check_keepable(DENTIST)
    with pytest.raises(InvalidInput, match=words):
        check_keepable(content)
