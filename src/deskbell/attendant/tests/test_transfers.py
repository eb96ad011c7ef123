"""Extensions, names, transfers and the emergency switch, by tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deskbell.attendant.rules import (
    Action,
    ActionType,
    Configuration,
    DialEnded,
    Emergency,
    Event,
    Extension,
    KeyPressed,
    Limits,
    MenuRules,
    NothingPressed,
    OnCallFound,
    Phase,
    Recorded,
    RecordingSilent,
    Sentence,
    Sound,
    Spoken,
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
    dialled,
    gathers,
    heard,
    play,
    prompt,
)
from deskbell.rcml.verbs import Dial, Gather, Hangup, Number, Redirect, Say

BUSY, NO_ANSWER, DONE = DialEnded("busy"), DialEnded("no-answer"), DialEnded("completed")
ALICE, BOB = "+12125550142", "+917381101400"
PHONE = Action(ActionType.TRANSFER_TO_PHONE, "(571) 991-6943")
KEYS = {
    "1": Action(ActionType.DIAL_BY_EXTENSION),
    "2": Action(ActionType.DIAL_BY_NAME),
    "3": Action(ActionType.DIAL_BY_EXTENSION, HOURS),
    "4": PHONE,
    "5": Action(ActionType.TRANSFER_TO_RECEPTIONIST),
    "6": Action(ActionType.TRANSFER_TO_ONCALL, "12"),
    "7": Action(ActionType.GO_TO_MENU, SUB),
    "8": Action(ActionType.TRANSFER_TO_ONCALL),
    "9": Action(ActionType.TRANSFER_TO_PHONE, "nobody"),
}
EXTENSIONS = {
    "101": Extension("212 555 0142", "Alice Smith"),
    "1022": Extension("917381101400", "Bob Jones"),
    "0": Extension("2125550142", ""),
}


def office(menu: dict[str, Any] | None = None, **changes: object) -> Configuration:
    main = replace(MenuRules(MAIN, id=1, announcement=prompt(1), keys=KEYS), **(menu or {}))
    sub = MenuRules(SUB, id=2, announcement=prompt(2))
    values: dict[str, object] = {"menus": {MAIN: main, SUB: sub}, "extensions": EXTENSIONS}
    return configuration(**(values | changes))


def key(pressed: str) -> Event:
    return KeyPressed(pressed)


SILENCE = NothingPressed()
ASK, NAME = "ASK_EXTENSION", "ASK_NAME"
ALICE_PERHAPS = Spoken("Alice Smith", 0.3, ("Bob Jones",))
MEANS_ALICE = ["DID_YOU_MEAN", "Alice Smith?", "SAY_YES"]
MEANS_BOB = ["DID_YOU_MEAN", "Bob Jones?", "SAY_YES"]


@pytest.mark.parametrize(
    ("events", "expected", "rung"),
    [
        ([key("1")], [ASK], []),
        ([key("3")], ["3"], []),
        ([key("1"), key("101")], [], [ALICE]),
        ([key("1"), key("101#")], [], [ALICE]),
        ([key("1"), key("1022")], [], [BOB]),
        ([key("1"), key("0")], [], [ALICE]),
        ([key("1"), key("999")], ["UNKNOWN_EXTENSION", ASK], []),
        ([key("3"), key("999")], ["UNKNOWN_EXTENSION", "3"], []),
        ([key("1"), key("*")], ["UNKNOWN_EXTENSION", ASK], []),
        ([key("1"), key("999"), key("998"), key("101")], [], [ALICE]),
        ([key("1"), key("999"), key("998"), key("997")], [], []),
        ([key("1"), SILENCE], [ASK], []),
        ([key("1"), key("#")], [ASK], []),
        ([key("1"), SILENCE, SILENCE, SILENCE], [], []),
        ([key("1"), SILENCE, SILENCE, key("999"), SILENCE], [ASK], []),
        ([key("1"), Spoken("Bob Jones")], [], [BOB]),
        ([key("2")], [NAME], []),
        ([key("2"), Spoken("alice smith")], [], [ALICE]),
        ([key("2"), Spoken("Jones, Bob")], [], [BOB]),
        ([key("2"), Spoken("Zelda")], ["UNKNOWN_NAME", NAME], []),
        ([key("2"), SILENCE], [NAME], []),
        ([key("2"), Spoken(" ")], [NAME], []),
        ([key("2"), SILENCE, Spoken("Zelda"), SILENCE], [], []),
        ([key("2"), key("101")], [], [ALICE]),
        ([Spoken("Alice Smith")], ["1"], []),
        ([key("2"), Spoken("one oh one")], [], [ALICE]),
        ([key("2"), Spoken("one zero two two")], [], [BOB]),
        ([key("2"), ALICE_PERHAPS], MEANS_ALICE, []),
        ([key("2"), ALICE_PERHAPS, Spoken("yes")], [], [ALICE]),
        ([key("2"), ALICE_PERHAPS, Spoken("Yes, please.")], [], [ALICE]),
        ([key("2"), ALICE_PERHAPS, key("1")], [], [ALICE]),
        ([key("2"), ALICE_PERHAPS, Spoken("no")], MEANS_BOB, []),
        ([key("2"), ALICE_PERHAPS, Spoken("yes no")], MEANS_BOB, []),
        ([key("2"), ALICE_PERHAPS, key("2")], MEANS_BOB, []),
        ([key("2"), ALICE_PERHAPS, SILENCE], MEANS_BOB, []),
        ([key("2"), ALICE_PERHAPS, key("2"), key("1")], [], [BOB]),
        ([key("2"), ALICE_PERHAPS, key("2"), key("2")], ["UNKNOWN_NAME", NAME], []),
        ([key("2"), Spoken("Alice Smith", 0.3), Spoken("no")], ["UNKNOWN_NAME", NAME], []),
        ([key("2"), Spoken("Alice Smith", 0.05)], ["UNKNOWN_NAME", NAME], []),
        ([key("2"), *[ALICE_PERHAPS, key("2"), key("2")] * 3], [], []),
    ],
)
def test_extensions_by_number_and_by_name(
    events: list[Event], expected: list[str], rung: list[str]
) -> None:
    decision = play(office(), *events)
    assert (heard(decision), dialled(decision)) == (expected, rung)
    ended = isinstance(decision.document.verbs[-1], Hangup)
    assert ended == (not expected and not rung)


@pytest.mark.parametrize(
    ("pressed", "expected", "rung"),
    [
        ("1", [ASK], []),
        ("101", [], [ALICE]),
        ("101#", [], [ALICE]),
        ("1022", [], [BOB]),
        ("0", [], [ALICE]),
        ("999", ["UNKNOWN_EXTENSION", "1"], []),
        ("*", ["1"], []),
        ("#", ["1"], []),
    ],
)
def test_direct_dialling(pressed: str, expected: list[str], rung: list[str]) -> None:
    decision = play(office(direct_dialling=True), key(pressed))
    assert (heard(decision), dialled(decision)) == (expected, rung)
    without = play(office(), key(pressed))
    assert dialled(without) == []


def test_direct_dialling_waits_between_digits_only_where_an_extension_could_follow() -> None:
    asks = gathers(play(office(direct_dialling=True)))
    assert (asks.num_digits, asks.timeout, asks.post_timeout, asks.finish_on_key) == (4, 5, 2, "#")
    short = {"7": EXTENSIONS["101"]}
    for config in (office(), office(direct_dialling=True, extensions=short)):
        asks = gathers(play(config))
        assert (asks.num_digits, asks.post_timeout, asks.finish_on_key) == (1, None, "")


def test_a_key_with_an_action_stays_a_key_where_an_extension_has_its_number() -> None:
    config = office(direct_dialling=True, extensions={"4": Extension("100"), **EXTENSIONS})
    assert dialled(play(config, key("4"))) == ["+15719916943"]


def test_unknown_extensions_count_over_menus_and_run_their_own_action() -> None:
    limits = Limits(invalid_extension_max=2, invalid_extension_action=PHONE, invalid_max=1)
    config = office(limits=limits, direct_dialling=True)
    assert heard(play(config, key("999"))) == ["UNKNOWN_EXTENSION", "1"]
    assert dialled(play(config, key("999"), key("998"))) == ["+15719916943"]
    assert dialled(play(config, key("999"), key("7"), key("998"))) == []
    assert dialled(play(config, key("1"), key("9"), key("9"))) == ["+15719916943"]


def test_an_extension_is_asked_for_until_it_is_complete() -> None:
    asks = gathers(play(office(), key("1")))
    assert (asks.num_digits, asks.timeout, asks.post_timeout, asks.finish_on_key) == (4, 5, 3, "#")
    assert (asks.input, asks.action_on_empty_result) == ("dtmf", True)


def test_a_name_is_asked_for_with_the_names_as_hints() -> None:
    spoken = Sound("Dites le nom", f"{3:064x}", language="fr-CA")
    by_name = {"2": Action(ActionType.DIAL_BY_NAME, HOURS)}
    asks = gathers(play(office({"keys": by_name}, announcements={HOURS: spoken}), key("2")))
    assert (asks.input, asks.language) == ("speech", "fr-CA")
    assert asks.hints == ("Alice Smith", "Bob Jones", "101", "1022", "0")
    assert gathers(play(office(), key("2"))).language == "en-US"


@pytest.mark.parametrize(
    ("status", "expected", "result"),
    [
        ("busy", ["BUSY", "1"], "BUSY"),
        ("no-answer", ["NO_ANSWER", "1"], "NO_ANSWER"),
        ("canceled", ["NO_ANSWER", "1"], "NO_ANSWER"),
        ("failed", ["NOT_CONNECTED", "1"], "FAILED"),
        ("", ["NOT_CONNECTED", "1"], "FAILED"),
        ("completed", [], "CONNECTED"),
        ("answered", [], "CONNECTED"),
    ],
)
@pytest.mark.parametrize("way", [[key("4")], [key("1"), key("101")], [key("2"), Spoken("Bob")]])
def test_a_transfer_ends_the_call_or_leads_back(
    way: list[Event], status: str, expected: list[str], result: str
) -> None:
    decision = play(office(), *way, DialEnded(status))
    assert heard(decision) == expected
    assert decision.effects == (Step(1, "", result),)
    assert (decision.state.phase is Phase.OVER) == (not expected)


@pytest.mark.parametrize("event", [NothingPressed(), KeyPressed("1"), RecordingSilent()])
def test_an_engine_that_cannot_dial_leads_back_to_the_menu(event: Event) -> None:
    assert heard(play(office(), key("4"), event)) == ["NOT_CONNECTED", "1"]


def test_a_number_that_is_none_is_not_dialled() -> None:
    decision = play(office(), key("9"))
    assert heard(decision) == ["NOT_CONNECTED", "1"]
    assert [effect.result for effect in decision.effects if isinstance(effect, Step)] == [
        "TRANSFER_TO_PHONE",
        "FAILED",
    ]


def test_what_the_account_wants_when_nobody_answers() -> None:
    voicemail = office(no_answer_action=Action(ActionType.VOICEMAIL))
    assert heard(play(voicemail, key("4"), NO_ANSWER)) == ["LEAVE_MESSAGE"]
    elsewhere = office(no_answer_action=Action(ActionType.TRANSFER_TO_PHONE, "+44 20 7183 8750"))
    assert dialled(play(elsewhere, key("4"), BUSY)) == ["+442071838750"]
    assert heard(play(elsewhere, key("4"), BUSY, NO_ANSWER)) == ["NO_ANSWER", "1"]
    assert dialled(play(elsewhere, key("4"), BUSY, BUSY, key("4"), BUSY)) == ["+442071838750"]


def test_a_transfer_is_one_dial_with_the_menus_ringback() -> None:
    decision = play(office({"ringback": prompt(8)}), key("4"))
    assert decision.document.verbs == (
        Dial(
            (Number("+15719916943"),),
            action=f"{WEB}/voice/step?account=7&n=2",
            timeout=30,
            ringback_tone=f"{WEB}/voice/prompts/{8:064x}",
        ),
        Redirect(f"{WEB}/voice/step?account=7&n=2&Empty=1"),
    )
    unspoken = play(office({"ringback": Sound("Hold on")}), key("4")).document.verbs
    assert isinstance(unspoken[0], Say)
    assert isinstance(unspoken[1], Dial)


def test_whoever_is_on_call_is_asked_for_and_rung() -> None:
    asks = play(office(), key("6"))
    assert asks.asks == 12
    assert heard(asks) == ["NOBODY_FREE", "LEAVE_MESSAGE"]
    found = OnCallFound(("212-555-0142", "", "212 555 0143", "2125550142"))
    rings = play(office(), key("6"), found)
    assert dialled(rings) == [ALICE, "+12125550143"]
    assert rings.effects == (Step(1, "", "ON_CALL"),)
    assert rings.asks == 0
    assert heard(play(office(), key("6"), found, DONE)) == []


@pytest.mark.parametrize(
    "events",
    [
        [OnCallFound()],
        [OnCallFound(("none",))],
        [OnCallFound(("2125550142",)), NO_ANSWER],
        [OnCallFound(("2125550142",)), BUSY],
        [OnCallFound(("2125550142",)), NothingPressed()],
    ],
)
def test_nobody_on_call_answers_and_a_message_is_taken_for_their_level(
    events: list[Event],
) -> None:
    config = office(no_answer_action=Action(ActionType.HANGUP))
    assert heard(play(config, key("6"), *events)) == ["NOBODY_FREE", "LEAVE_MESSAGE"]
    silent = play(config, key("6"), *events, RecordingSilent())
    assert heard(silent) == ["NOT_HEARD"]
    taken = play(config, key("6"), *events, RecordingSilent(), Recorded("RE1", 3))
    assert taken.effects[0] == TakeMessage("RE1", 3, 12)


def test_at_most_ten_are_rung_at_once() -> None:
    found = OnCallFound(tuple(f"21255501{number}" for number in range(10, 40)))
    assert len(dialled(play(office(), key("6"), found))) == 10


def test_a_level_that_is_none_takes_the_message_for_the_system() -> None:
    decision = play(office(), key("8"))
    assert (decision.asks, heard(decision)) == (0, ["NOBODY_FREE", "LEAVE_MESSAGE"])
    assert decision.state.level_id == 0


@pytest.mark.parametrize(
    ("emergency", "expected", "result"),
    [
        (Emergency(AT + timedelta(seconds=1), menu=SUB), ["2"], "EMERGENCY"),
        (Emergency(AT + timedelta(days=9), announcement=HOURS), ["3"], "EMERGENCY"),
        (Emergency(AT + timedelta(days=9), menu=SUB, announcement=HOURS), ["2"], "EMERGENCY"),
        (Emergency(AT + timedelta(days=9), menu="MN", announcement=HOURS), ["3"], "EMERGENCY"),
        (Emergency(AT + timedelta(days=9), menu="MN", announcement="AN"), ["1"], "ENTERED"),
        (Emergency(AT, menu=SUB), ["1"], "ENTERED"),
        (None, ["1"], "ENTERED"),
    ],
)
def test_the_emergency_switch(
    emergency: Emergency | None, expected: list[str], result: str
) -> None:
    decision = play(office(emergency=emergency))
    assert heard(decision) == expected
    assert [effect.result for effect in decision.effects if isinstance(effect, Step)] == [result]
    assert isinstance(decision.document.verbs[-1], Hangup) == (expected == ["3"])
    suspended = play(office(emergency=emergency, is_active=False))
    assert heard(suspended) == ["APOLOGY"]


def test_a_talk_that_outlasts_its_menu_still_ends_the_call() -> None:
    state = play(office(), key("4")).state
    gone = office(menus={SUB: MenuRules(SUB)}, week=())
    assert heard(decide(gone, state, DONE, AT, LINKS)) == []
    assert heard(decide(gone, state, BUSY, AT, LINKS)) == ["APOLOGY"]


def test_the_way_back_steps_over_menus_that_are_gone() -> None:
    third = MenuRules("MN3", keys={"9": Action(ActionType.RETURN_TO_PREVIOUS_MENU)})
    way = {"9": Action(ActionType.GO_TO_MENU, "MN3")}
    sub = MenuRules(SUB, announcement=prompt(2), keys=way)
    config = office()
    before = replace(config, menus={**config.menus, SUB: sub, "MN3": third})
    state = play(before, key("7"), key("9")).state
    assert state.path == (MAIN, SUB, "MN3")
    after = replace(config, menus={MAIN: config.menus[MAIN], "MN3": third})
    decision = decide(after, state, key("9"), AT, LINKS)
    assert (heard(decision), decision.state.path) == (["1"], (MAIN,))


def test_every_default_sentence_of_the_seed() -> None:
    assert Sentence.ASK_EXTENSION.value == "Please press the extension number."
    first = play(office(sentences={}), key("2")).document.verbs[0]
    assert isinstance(first, Gather)
    assert first.nested == (Say("Please say the name.", language="en-US"),)
