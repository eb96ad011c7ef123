"""Gather's behaviour, as a list: what is asked, what happens when, and what comes of it.

Source: RCML reference, section 3, "Completion → outcome".
"""

from __future__ import annotations

import pytest

from deskbell.rcml.verbs import Gather
from deskbell.voice.verbs.collecting import RESULT_SECONDS, SPEECH_SECONDS, Collecting

SPEECH = Gather(input="speech")
BOTH = Gather(input="dtmf speech", num_digits=2)
NO_BARGE_IN = Gather(input="dtmf speech", barge_in=False, num_digits=1)


def after(verb: Gather, happens: str) -> Collecting:
    """What is collected after `happens`: words with `@` and the second of each.

    `played` (prompts over), a key, `speaks`, `more` (a partial result), `expired`, or `=text` (what
    was understood, with `_` for spaces).
    """
    got = Collecting(verb)
    for word in happens.split():
        what, _, at = word.rpartition("@")
        _happen(got, what, float(at))
    return got


def _happen(got: Collecting, what: str, now: float) -> None:
    if what == "played":
        got.prompts_over(now)
    elif what == "speaks":
        got.speaks(now)
    elif what == "more":
        got.goes_on(now)
    elif what == "expired":
        got.expired(now)
    elif what.startswith("="):
        got.heard(what[1:].replace("_", " "), 0.5 if what[1:] else 0.0)
    else:
        got.pressed(what, now)


@pytest.mark.parametrize(
    ("verb", "happens", "digits", "said", "is_complete"),
    [
        (Gather(), "played@0", "", "", False),
        (Gather(), "1@0 2@1", "12", "", False),
        (Gather(), "1@0 2@1 #@2", "12", "", True),
        (Gather(), "#@0", "", "", True),
        (Gather(), "1@0 expired@5", "1", "", True),
        (Gather(), "played@0 expired@5", "", "", True),
        (Gather(num_digits=2), "1@0 2@1", "12", "", True),
        (Gather(num_digits=1, finish_on_key=""), "#@0 *@1", "*", "", True),
        (Gather(num_digits=1, finish_on_key="", start_input_key="#"), "1@0 #@1", "#", "", True),
        (Gather(start_input_key="5"), "1@0 5@1 1@2", "51", "", False),
        (Gather(finish_on_key="*"), "1@0 #@1 *@2", "1#", "", True),
        (Gather(), "speaks@0 =hello@1", "", "", False),
        (SPEECH, "1@0 #@0 played@1", "", "", False),
        (SPEECH, "speaks@0 =alice_smith@2", "", "alice smith", True),
        (SPEECH, "speaks@0 more@1 =alice@2", "", "alice", True),
        (SPEECH, "speaks@0 =@2", "", "", True),
        (SPEECH, "played@0 expired@5", "", "", True),
        (SPEECH, "speaks@0 expired@10", "", "", False),
        (SPEECH, "speaks@0 expired@10 =bob@11", "", "bob", True),
        (SPEECH, "speaks@0 expired@10 expired@15", "", "", True),
        (BOTH, "1@0 2@1", "12", "", True),
        (BOTH, "speaks@0 =bob@1", "", "bob", True),
        (BOTH, "speaks@0 1@1 =bob@2", "1", "", False),
        (BOTH, "1@0 speaks@1 =bob@2 2@3", "12", "", True),
        (BOTH, "1@0 expired@5", "1", "", True),
        (NO_BARGE_IN, "1@0 speaks@0", "", "", False),
        (NO_BARGE_IN, "1@0 played@1 2@2", "2", "", True),
        (NO_BARGE_IN, "played@1 speaks@2 =bob@3", "", "bob", True),
    ],
)
def test_what_is_collected(
    verb: Gather, happens: str, digits: str, said: str, is_complete: bool
) -> None:
    got = after(verb, happens)
    assert (got.digits, got.said, got.is_complete) == (digits, said, is_complete)


WAITS = Gather(input="dtmf speech", timeout=9, pre_timeout=3, post_timeout=2)


@pytest.mark.parametrize(
    ("verb", "happens", "deadline"),
    [
        (WAITS, "", None),
        (WAITS, "played@10", 13),
        (WAITS, "1@4", 6),
        (WAITS, "1@4 played@5", 6),
        (WAITS, "1@4 2@5", 7),
        (WAITS, "speaks@4", 4 + SPEECH_SECONDS),
        (WAITS, "speaks@4 played@5", 4 + SPEECH_SECONDS),
        (WAITS, "speaks@4 more@6", 6 + SPEECH_SECONDS),
        (WAITS, "speaks@4 expired@14", 14 + RESULT_SECONDS),
        (WAITS, "speaks@4 expired@14 more@15", 14 + RESULT_SECONDS),
        (WAITS, "speaks@4 1@5", 7),
        (Gather(timeout=4), "played@1", 5),
        (Gather(timeout=4), "played@1 1@2", 6),
        (Gather(timeout=4, barge_in=False), "1@2", None),
    ],
)
def test_how_long_it_waits(verb: Gather, happens: str, deadline: float | None) -> None:
    assert after(verb, happens).deadline == deadline


@pytest.mark.parametrize(
    ("verb", "what", "stops"),
    [
        (Gather(), "1", True),
        (Gather(), "#", True),
        (Gather(start_input_key="5"), "1", False),
        (SPEECH, "1", False),
        (NO_BARGE_IN, "1", False),
    ],
)
def test_which_keys_stop_what_plays(verb: Gather, what: str, stops: bool) -> None:
    assert Collecting(verb).pressed(what, 0.0) is stops


@pytest.mark.parametrize(
    ("verb", "before", "stops"),
    [(SPEECH, "", True), (BOTH, "1@0", False), (Gather(), "", False), (NO_BARGE_IN, "", False)],
)
def test_when_speech_stops_what_plays(verb: Gather, before: str, stops: bool) -> None:
    assert after(verb, before).speaks(1.0) is stops


@pytest.mark.parametrize(
    ("verb", "happens", "told"),
    [
        (Gather(), "1@0", {"Digits": "1"}),
        (Gather(), "1@0 #@1", {"Digits": "1", "FinishedOnKey": "#"}),
        (Gather(), "expired@5", {"Digits": ""}),
        (SPEECH, "expired@5", {"Digits": "", "SpeechResult": ""}),
        (BOTH, "1@0 2@1", {"Digits": "12", "SpeechResult": ""}),
        (BOTH, "=bob@1", {"Digits": "", "SpeechResult": "bob", "Confidence": "0.50"}),
    ],
)
def test_what_the_action_is_told(verb: Gather, happens: str, told: dict[str, str]) -> None:
    assert after(verb, happens).result() == told


def test_what_else_it_may_have_been_is_told_likeliest_first() -> None:
    got = Collecting(SPEECH)
    got.heard("bob jones", 0.61, ("rob jones", "bob johns"))
    assert got.result()["SpeechAlternatives"] == "rob jones,bob johns"
