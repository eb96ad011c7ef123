"""What is wrong with a script: each fault, beside one nearly the same that has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
    Step,
    faults,
    level_faults,
)
from deskbell.scripts.tests.examples import DENTIST, LEVEL, changed

TO_LEVEL = Closing("urgent", "Urgent", when=(Condition("pain", ("Yes",)),), send=Send.LEVEL)
CLOSE_ALL = DENTIST.closings[1]
NEW = Step("extra", Kind.TEXT, "Extra")


def closings(*ends: Closing) -> Content:
    return replace(DENTIST, closings=ends)


def found(content: Content) -> list[tuple[str, str]]:
    return [(each.where, each.field) for each in faults(content, {LEVEL})]


def test_good_scripts_have_no_faults() -> None:
    assert faults(DENTIST, {LEVEL}) == []
    assert faults(PLAIN, ()) == []


@pytest.mark.parametrize(
    ("content", "where", "field", "words"),
    [
        (replace(DENTIST, greeting=" "), "greeting", "", "no greeting"),
        (replace(DENTIST, greeting="{weather}"), "greeting", "", "There is no {weather}"),
        (changed(0, key="Name"), "steps.0", "key", "small letters"),
        (changed(0, key="9"), "steps.0", "key", "begins with a letter"),
        (changed(0, key="end"), "steps.0", "key", "the end of the script"),
        (changed(8, key="name"), "steps.8", "key", "Two have the key"),
        (changed(0, label=" "), "steps.0", "label", "what the field is called"),
        (changed(0, ask="{you}"), "steps.0", "ask", "There is no {you}"),
        (changed(6, ask=""), "steps.6", "ask", "says nothing"),
        (changed(3, options=()), "steps.3", "options", "cannot be answered"),
        (changed(3, options=("Other", " ")), "steps.3", "options", "is empty"),
        (changed(3, options=("Other", "other")), "steps.3", "options", "there twice"),
        (changed(0, field="status"), "steps.0", "field", "no status of its own"),
        (changed(8, field="phone"), "steps.8", "field", '"Phone" fills the same'),
        (changed(2, on=""), "steps.2", "step", "no step"),
        (changed(2, on="gone"), "steps.2", "step", '"gone", which is no step'),
        (changed(2, on="thanks"), "steps.2", "step", "asks nothing"),
        (changed(2, on="pain"), "steps.2", "step", "never asked before"),
        (changed(2, otherwise="nowhere"), "steps.2", "cases", "which is no step"),
        (changed(2, otherwise="name"), "steps.2", "cases", "goes back"),
        (changed(2, otherwise="way"), "steps.2", "cases", "goes back"),
        (changed(2, cases=(Case(("Si",), "insurance"),)), "steps.2", "answers", "no answer to"),
        (
            changed(2, cases=(Case(("Yes",), "insurance"), Case((" ",), "pain"))),
            *("steps.2", "cases", "A case has no answer"),
        ),
        (
            changed(2, cases=(Case(("Yes",), "insurance"), Case(("yes",), "pain"))),
            *("steps.2", "cases", "Two cases"),
        ),
        (closings(), "", "", "no closing"),
        (closings(DENTIST.closings[0]), "", "", "no closing holds"),
        (closings(CLOSE_ALL, DENTIST.closings[0]), "closings.1", "when", "never comes to this"),
        (closings(replace(CLOSE_ALL, key="")), "closings.0", "key", "small letters"),
        (closings(replace(CLOSE_ALL, name="")), "closings.0", "name", "what this end is called"),
        (closings(replace(CLOSE_ALL, say="{x}")), "closings.0", "say", "no {x}"),
        (closings(TO_LEVEL, CLOSE_ALL), "closings.0", "level_id", "none is chosen"),
        (
            closings(replace(TO_LEVEL, level_id=9), CLOSE_ALL),
            *("closings.0", "level_id", "level is gone"),
        ),
        (
            closings(replace(TO_LEVEL, send=Send.NOBODY, key="sent"), CLOSE_ALL),
            *("closings.1", "key", "Two have the key"),
        ),
        (
            closings(replace(TO_LEVEL, send=Send.DEFAULT, when=(Condition("x"),)), CLOSE_ALL),
            *("closings.0", "step", "which is no step"),
        ),
        (replace(DENTIST, relays=(Relay("pain", ("Yes",), 9),)), "relays.0", "level_id", "gone"),
        (replace(DENTIST, relays=(Relay("pain", (), LEVEL),)), "relays.0", "answers", "Say on"),
        (replace(DENTIST, relays=(Relay("way", ("Yes",)),)), "relays.0", "step", "asks nothing"),
        (replace(DENTIST, relays=(Relay("pain", ("A lot",)),)), "relays.0", "answers", "no answer"),
        (replace(DENTIST, faqs=(Faq(" ", "Yes"),)), "faqs.0", "question", "Write the question"),
        (replace(DENTIST, faqs=(Faq("Why?", ""),)), "faqs.0", "answer", "Write the answer"),
        (replace(DENTIST, faqs=(Faq("Why?", "{y}"),)), "faqs.0", "answer", "no {y}"),
    ],
)
def test_each_fault(content: Content, where: str, field: str, words: str) -> None:
    hits = [each for each in faults(content, {LEVEL}) if (each.where, each.field) == (where, field)]
    assert len(hits) == 1
    assert words in hits[0].words


@pytest.mark.parametrize(
    "content",
    [
        replace(DENTIST, greeting="{COMPANY}, {}"),
        changed(2, otherwise="end"),
        changed(2, otherwise="", cases=(Case(("Yes",), "insurance"), Case(("no",), "pain"))),
        closings(replace(TO_LEVEL, level_id=LEVEL), CLOSE_ALL),
        closings(replace(TO_LEVEL, send=Send.NOBODY), CLOSE_ALL),
        replace(DENTIST, relays=(Relay("name", ("anything",)),)),
        replace(DENTIST, relays=(Relay("insurance", (" other ",), LEVEL),)),
    ],
)
def test_what_looks_like_a_fault_and_is_none(content: Content) -> None:
    assert found(content) == []


def test_steps_that_no_way_leads_to() -> None:
    past = Step("past", Kind.BRANCH, otherwise="end")
    content = replace(DENTIST, steps=(*DENTIST.steps, past, NEW))
    assert found(content) == [("steps.11", "")]
    assert "No way leads" in faults(content, {LEVEL})[0].words
    idle = replace(past, otherwise="")
    assert found(replace(DENTIST, steps=(*DENTIST.steps, idle, NEW))) == [("steps.10", "cases")]


def test_the_same_field_on_two_ways_is_none() -> None:
    steps = (
        Step("kind", Kind.CHOICE, "Kind", options=("House", "Shop")),
        Step("which", Kind.BRANCH, on="kind", cases=(Case(("Shop",), "shop"),), otherwise="house"),
        Step("shop", Kind.TEXT, "Shop", field="company_name"),
        Step("past", Kind.BRANCH, otherwise="after"),
        Step("house", Kind.TEXT, "House", field="company_name"),
        Step("after", Kind.BRANCH, on="shop", cases=(Case(("Acme",), "end"),)),
        Step("last", Kind.TEXT, "Last"),
    )
    content = replace(DENTIST, steps=steps, relays=(), closings=(CLOSE_ALL,))
    assert found(content) == []
    never = (*steps[:4], replace(steps[4], kind=Kind.BRANCH, on="shop", cases=(Case(("A",)),)))
    bad = replace(content, steps=(*never, *steps[5:]))
    assert ("steps.4", "step") in found(bad)


def test_levels_that_are_gone() -> None:
    content = closings(replace(TO_LEVEL, level_id=9), CLOSE_ALL)
    assert [each.where for each in level_faults(content, {LEVEL})] == ["closings.0"]
    assert [each.where for each in level_faults(content, ())] == ["closings.0", "relays.0"]
    assert level_faults(closings(replace(TO_LEVEL, send=Send.NOBODY, level_id=9)), {LEVEL}) == []
