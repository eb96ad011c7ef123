"""Whatever a script says, it can be walked; and one without faults always comes to its end."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import assume, given
from hypothesis import strategies as st

from deskbell.scripts.rules import (
    END,
    Case,
    Closing,
    Condition,
    Content,
    Kind,
    Relay,
    Send,
    Step,
    ending,
    faults,
    levels_of,
    path,
    read,
    read_answers,
    said,
    without_level,
    write,
)
from deskbell.scripts.tests.test_rules import KNOWN

LEVELS = (1, 2)
KEYS = ("a", "b", "c", "d", "e", "f")
ASKING = (Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE, Kind.YES_NO, Kind.DATE, Kind.PHONE, Kind.EMAIL)
ANSWERS = st.sampled_from(("Yes", "No", "x", "1980-01-01", "212 555 0101", "a@b.example", ""))
any_answers = st.lists(ANSWERS, max_size=2).map(tuple)
keys = st.sampled_from((*KEYS, "gone", ""))


@st.composite
def steps(draw: st.DrawFn, key: st.SearchStrategy[str] = keys) -> Step:
    return Step(
        key=draw(key),
        kind=draw(st.sampled_from(Kind)),
        label=draw(st.sampled_from(("", "Label"))),
        ask=draw(st.sampled_from(("", "Say {company}", "{nothing}"))),
        is_required=draw(st.booleans()),
        options=draw(any_answers),
        cases=tuple(
            Case(draw(any_answers), draw(st.one_of(keys, st.just(END))))
            for _ in range(draw(st.integers(0, 2)))
        ),
        otherwise=draw(st.one_of(keys, st.just(END))),
        on=draw(keys),
    )


@st.composite
def any_content(draw: st.DrawFn) -> Content:
    level = st.sampled_from((None, *LEVELS, 9))
    closing = st.builds(
        Closing,
        keys,
        st.sampled_from(("", "End")),
        when=st.lists(st.builds(Condition, keys, any_answers), max_size=2).map(tuple),
        send=st.sampled_from(Send),
        level_id=level,
    )
    return Content(
        greeting=draw(st.text(max_size=40)),
        steps=tuple(draw(st.lists(steps(), max_size=8))),
        closings=tuple(draw(st.lists(closing, max_size=3))),
        relays=tuple(draw(st.lists(st.builds(Relay, keys, any_answers, level), max_size=3))),
    )


@st.composite
def good_content(draw: st.DrawFn) -> Content:
    """Steps of all kinds in a row, branches on what is asked before them going on at random."""
    made: list[Step] = []
    count = draw(st.integers(1, 7))
    names = [f"s{place}" for place in range(count)]
    for place, name in enumerate(names):
        asked = [each for each in made if each.asks]
        later = [*names[place + 1 :], END]
        is_branch: bool = draw(st.booleans())
        if asked and is_branch:
            on = draw(st.sampled_from(asked))
            options = on.choices or ("x", "y")
            case = Case((draw(st.sampled_from(options)),), draw(st.sampled_from(later)))
            otherwise = draw(st.sampled_from(later))
            made.append(Step(name, Kind.BRANCH, cases=(case,), otherwise=otherwise, on=on.key))
        else:
            kind = draw(st.sampled_from(ASKING))
            options = ("x", "y") if kind is Kind.CHOICE else ()
            made.append(Step(name, kind, "Label", is_required=draw(st.booleans()), options=options))
    last = Closing("last", "Last")
    asked = [each for each in made if each.asks]
    some = draw(st.sampled_from(asked))
    value = draw(st.sampled_from(some.choices or ("x",)))
    first = Closing("first", "First", when=(Condition(some.key, (value,)),))
    relays = (Relay(some.key, (value,), 1),) if draw(st.booleans()) else ()
    return Content("Hello", tuple(made), (first, last), relays)


answer_maps = st.dictionaries(
    st.sampled_from((*KEYS, *(f"s{place}" for place in range(7)))),
    st.one_of(ANSWERS, st.sampled_from(("y", "X", "\0")), st.text(max_size=20)),
)


@given(any_content(), answer_maps)
def test_any_draft_can_be_kept_checked_walked_and_ended(
    content: Content, answers: Mapping[str, str]
) -> None:
    assert read(write(content)) == content
    walked = path(content, answers)
    assert len(walked) <= len(content.steps)
    assert all(step.kind is not Kind.BRANCH for step in walked)
    found = faults(content, LEVELS)
    assert all(each.words.endswith(".") for each in found)
    ending(content, answers)
    kept = read_answers(content, answers)
    assert set(kept.answers) <= {step.key for step in content.steps}
    assert not any("\0" in text for text in kept.answers.values())


@given(good_content(), answer_maps)
def test_a_script_without_faults_comes_to_its_end(
    content: Content, answers: Mapping[str, str]
) -> None:
    assume(faults(content, LEVELS) == [])
    places = [content.steps.index(step) for step in path(content, answers)]
    assert places == sorted(set(places))
    end = ending(content, answers)
    assert end.closing is not None
    assert (end.send is Send.LEVEL) == (end.level_id == 1)


@given(good_content(), answer_maps)
def test_what_was_read_reads_the_same_again(content: Content, answers: Mapping[str, str]) -> None:
    once = read_answers(content, answers)
    again = read_answers(content, once.answers)
    assert again.answers == once.answers
    assert again.faults == once.faults
    assert list(once.answers) == [step.key for step in path(content, once.answers) if step.asks]


@given(any_content(), st.sampled_from(LEVELS))
def test_a_level_that_went_is_named_no_more(content: Content, level: int) -> None:
    left = without_level(content, level)
    assert level not in levels_of(left)
    assert levels_of(left) == levels_of(content) - {level}
    assert (left.greeting, left.steps, left.faqs) == (
        content.greeting,
        content.steps,
        content.faqs,
    )


@given(st.text(max_size=200))
def test_words_without_braces_are_said_as_they_are(text: str) -> None:
    plain = text.replace("{", "(")
    assert said(plain, KNOWN) == plain
