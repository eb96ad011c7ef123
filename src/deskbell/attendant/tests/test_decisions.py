"""What callers meet, menu by menu and step by step."""

from __future__ import annotations

import pytest

from deskbell.attendant.rules import (
    MAX_STEPS,
    Action,
    ActionType,
    KeyPressed,
    Limits,
    MenuRules,
    Phase,
    Recorded,
    RecordingSilent,
    Sentence,
    Sound,
    Step,
    TakeMessage,
    decide,
)
from deskbell.attendant.tests.calling import (
    AT,
    HOURS,
    LINKS,
    MAIN,
    SUB,
    WEB,
    configuration,
    heard,
    keys,
    play,
    prompt,
)
from deskbell.rcml.read import from_xml
from deskbell.rcml.verbs import Gather, Hangup, Record, Redirect, Say
from deskbell.rcml.write import to_xml


@pytest.mark.parametrize(
    ("pressed", "expected", "is_over"),
    [
        ("", ["1"], False),
        ("1", ["2"], False),
        ("19", ["1"], False),
        ("9", ["1"], False),
        ("3", ["3", "1"], False),
        ("4", ["3"], True),
        ("5", [], True),
        ("6", [], True),
        ("7", ["1"], False),
        ("2", ["LEAVE_MESSAGE"], False),
        ("*", ["3"], False),
        ("-", ["1"], False),
        ("--", ["1"], False),
        ("---", [], True),
        ("1-", [], True),
        ("88", ["1"], False),
        ("8#0", [], True),
        ("8-8-", ["1"], False),
        ("8-8-8", [], True),
        ("--7--", ["1"], False),
        ("--8--", ["1"], False),
        ("88788", ["1"], False),
        ("1119", ["1"], False),
    ],
)
def test_keys_lead_where_the_menu_says(pressed: str, expected: list[str], is_over: bool) -> None:
    decision = play(configuration(), *keys(pressed))
    assert heard(decision) == expected
    assert (decision.state.phase is Phase.OVER) == is_over
    assert isinstance(decision.document.verbs[-1], Hangup) == is_over


def test_a_menu_is_one_key_with_an_absolute_action_and_a_redirect_behind_it() -> None:
    gather, redirect = play(configuration(), KeyPressed("1")).document.verbs
    assert isinstance(gather, Gather)
    assert gather.action == f"{WEB}/voice/step?account=7&n=2"
    assert (gather.method, gather.num_digits, gather.finish_on_key) == ("POST", 1, "")
    assert gather.timeout == 9
    assert gather.action_on_empty_result
    assert redirect == Redirect(f"{WEB}/voice/step?account=7&n=2&Empty=1")


def test_the_pound_key_reaches_us_as_a_key() -> None:
    document = play(configuration()).document
    gather = from_xml(to_xml(document).encode()).verbs[0]
    assert isinstance(gather, Gather)
    assert gather.finish_on_key == ""
    assert "#" in gather.start_input_key


def test_voicemail_asks_for_two_minutes_ended_by_silence_or_pound() -> None:
    _, record, redirect = play(configuration(), KeyPressed("2")).document.verbs
    assert record == Record(
        action=f"{WEB}/voice/step?account=7&n=2", timeout=5, finish_on_key="#", max_length=120
    )
    assert redirect == Redirect(f"{WEB}/voice/step?account=7&n=2&Empty=1")


def test_a_recording_becomes_one_message() -> None:
    recording = Recorded("RE" + "a" * 32, 12.0)
    first = play(configuration(), KeyPressed("2"), recording)
    assert heard(first) == ["MESSAGE_TAKEN"]
    assert first.effects == (TakeMessage("RE" + "a" * 32, 12.0), Step(1, "", "MESSAGE_TAKEN"))
    again = play(configuration(), KeyPressed("2"), recording, recording)
    assert again.effects == (Step(1, "", "MESSAGE_TAKEN"),)


@pytest.mark.parametrize(
    ("silences", "expected"),
    [(1, "NOT_HEARD"), (2, "NOT_HEARD"), (3, "NOTHING_TAKEN")],
)
def test_silence_is_asked_again_twice(silences: int, expected: str) -> None:
    decision = play(configuration(), KeyPressed("2"), *[RecordingSilent()] * silences)
    assert heard(decision) == [expected]
    assert any(isinstance(verb, Record) for verb in decision.document.verbs) == (silences < 3)
    assert not any(isinstance(effect, TakeMessage) for effect in decision.effects)


@pytest.mark.parametrize("apology", [None, prompt(4), Sound()])
@pytest.mark.parametrize("change", [{"is_active": False}, {"week": ()}, {"menus": {}}])
def test_without_a_menu_the_caller_hears_an_apology(
    change: dict[str, object], apology: Sound | None
) -> None:
    decision = play(configuration(apology=apology, **change))
    assert heard(decision) == (["4"] if apology and apology.prompt else ["APOLOGY"])
    assert isinstance(decision.document.verbs[-1], Hangup)


def test_every_step_is_written_down() -> None:
    steps = [play(configuration(), *keys("18-"[:n])).effects for n in range(4)]
    assert steps == [
        (Step(1, "", "ENTERED"),),
        (Step(1, "1", "GO_TO_MENU"),),
        (Step(2, "8", "INVALID_INPUT"),),
        (Step(2, "", "TIMEOUT"), Step(2, "", "HANGUP")),
    ]


def test_the_systems_limits_hold_where_the_menu_has_none() -> None:
    limits = Limits(
        timeout_seconds=2,
        timeout_max=1,
        timeout_action=Action(ActionType.VOICEMAIL),
        invalid_max=2,
        invalid_action=Action(ActionType.ANNOUNCEMENT_HANGUP, HOURS),
    )
    config = configuration(limits=limits)
    assert heard(play(config, *keys("-"))) == ["LEAVE_MESSAGE"]
    assert heard(play(config, *keys("8"))) == ["1"]
    assert heard(play(config, *keys("88"))) == ["3"]
    gather = play(config).document.verbs[0]
    assert isinstance(gather, Gather)
    assert gather.timeout == 2


def test_a_menu_without_announcement_says_so_and_text_stands_in_for_a_missing_prompt() -> None:
    unspoken = MenuRules(MAIN, announcement=Sound("Hello", language="en-GB", voice="Woman"))
    decision = play(configuration(menus={MAIN: unspoken}, sentences={}))
    gather = decision.document.verbs[0]
    assert isinstance(gather, Gather)
    assert gather.nested == (Say("Hello", voice="woman", language="en-GB"),)
    bare = play(configuration(menus={MAIN: MenuRules(MAIN)}, sentences={}))
    assert heard(bare) == [Sentence.NO_ANNOUNCEMENT]


def test_a_menu_that_is_deleted_under_a_caller_leads_back_to_the_start() -> None:
    state = play(configuration(), KeyPressed("1")).state
    left = configuration(menus={MAIN: configuration().menus[MAIN]})
    assert heard(decide(left, state, KeyPressed("9"), AT, LINKS)) == ["1"]
    gone = configuration(menus={SUB: configuration().menus[SUB]})
    assert heard(decide(gone, state, KeyPressed("9"), AT, LINKS)) == ["2"]


def test_a_caller_who_never_stops_is_told_goodbye() -> None:
    decision = play(configuration(), *keys("7" * (MAX_STEPS - 2)))
    assert decision.state.phase is Phase.MENU
    last = decide(configuration(), decision.state, KeyPressed("7"), AT, LINKS)
    assert last.state.step == MAX_STEPS
    assert heard(last) == ["GOODBYE"]
    assert last.state.phase is Phase.OVER


def test_a_recording_that_arrives_last_of_all_is_taken() -> None:
    decision = play(configuration(), *keys("7" * (MAX_STEPS - 3) + "2"))
    assert decision.state.phase is Phase.VOICEMAIL
    last = decide(configuration(), decision.state, Recorded("RE1", 1), AT, LINKS)
    assert TakeMessage("RE1", 1) in last.effects
