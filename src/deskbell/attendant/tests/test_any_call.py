"""Any configuration, and whatever happens in a call: it ends, and never in silence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from deskbell.attendant.rules import (
    MAX_STEPS,
    Action,
    ActionType,
    CallState,
    Configuration,
    Decision,
    DeskClosed,
    DialEnded,
    Emergency,
    Entered,
    Event,
    Extension,
    KeyPressed,
    Limits,
    MenuRules,
    NothingPressed,
    OnCallFound,
    Phase,
    ReceptionFound,
    Recorded,
    RecordingSilent,
    Resumed,
    Sound,
    Spoken,
    TakeMessage,
    WeekSpan,
    decide,
)
from deskbell.attendant.tests.calling import ALWAYS, AT, HOURS, LINKS, MAIN, SENTENCES, SUB
from deskbell.rcml.dialects import Dialect
from deskbell.rcml.read import from_xml
from deskbell.rcml.verbs import Dial, Gather, Play, Say, Verb
from deskbell.rcml.write import to_xml

SIDS = [MAIN, SUB, "MN" + "3" * 32]
ANNOUNCEMENTS = [HOURS, "AN" + "2" * 32]
DATA = [*SIDS, *ANNOUNCEMENTS, "", "XX", "12125550142", "7", "²"]
sounds = st.builds(
    Sound,
    text=st.text(max_size=8),
    prompt=st.sampled_from(["", f"{5:064x}"]),
    language=st.sampled_from(["en-US", "", "google.en-GB-Wavenet-A", "cf", "??"]),
)
actions = st.builds(Action, st.sampled_from(ActionType), st.sampled_from(DATA))
maybe_actions = st.none() | actions
numbers = st.none() | st.integers(-3, 200)
limits = st.builds(
    Limits, numbers, numbers, maybe_actions, numbers, maybe_actions, numbers, maybe_actions
)
menus = st.builds(
    MenuRules,
    sid=st.sampled_from(SIDS),
    id=st.integers(0, 9),
    announcement=st.none() | sounds,
    keys=st.dictionaries(st.sampled_from("0123456789*"), actions),
    limits=limits,
    ringback=st.none() | sounds,
)
extensions = st.builds(
    Extension,
    st.sampled_from(["12125550142", "", "917381101400", "+", "9"]),
    st.sampled_from(["Alice Smith", "Bob, Jones", "", "\x00", "a" * 300]),
)
emergencies = st.builds(
    Emergency,
    st.sampled_from([AT, AT + timedelta(seconds=1)]),
    st.sampled_from(["", *SIDS]),
    st.sampled_from(["", *ANNOUNCEMENTS]),
)
configurations = st.builds(
    Configuration,
    sid=st.just("AA1"),
    is_active=st.sampled_from([True, True, True, False]),
    time_zone=st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe"]),
    limits=limits,
    apology=st.none() | sounds,
    menus=st.lists(menus, max_size=3).map(lambda found: {menu.sid: menu for menu in found}),
    announcements=st.dictionaries(st.sampled_from(ANNOUNCEMENTS), sounds),
    week=st.just(ALWAYS) | st.just((WeekSpan(SUB, 3, AT.time(), AT.time()),)),
    sentences=st.sampled_from([{}, SENTENCES]),
    extensions=st.dictionaries(st.sampled_from(["7", "101", "102", "12125550142"]), extensions),
    direct_dialling=st.booleans(),
    no_answer_action=maybe_actions,
    emergency=st.none() | emergencies,
)
events = st.one_of(
    st.builds(KeyPressed, st.sampled_from([*"0123456789*#", "", "12", "101", "102#", "##", "é"])),
    st.builds(Spoken, st.sampled_from(["Alice Smith", "Bob", "", "a" * 99, "101", "é"])),
    st.builds(DialEnded, st.sampled_from(["completed", "busy", "no-answer", "failed", "?"])),
    st.builds(OnCallFound, st.sampled_from([(), ("",), ("12125550142", "12125550143")])),
    st.builds(ReceptionFound, st.booleans(), st.just("desk-1"), st.booleans(), st.booleans()),
    st.builds(DeskClosed),
    st.builds(Resumed),
    st.builds(NothingPressed),
    st.builds(Entered),
    st.builds(RecordingSilent),
    st.builds(Recorded, st.sampled_from(["RE1", "RE2"]), st.floats(0, 200)),
)


def call(config: Configuration, happenings: list[Event]) -> Iterator[Decision]:
    """Every decision of a call in which `happenings` come again and again."""
    decision = decide(config, CallState(), Entered(), AT, LINKS)
    steps = 1
    yield decision
    while decision.state.phase is not Phase.OVER:
        state = CallState.from_json(json.loads(json.dumps(decision.state.to_json())))
        decision = decide(config, state, happenings[steps % len(happenings)], AT, LINKS)
        steps += 1
        yield decision


def played(decision: Decision) -> Iterator[Verb]:
    for verb in decision.document.verbs:
        yield from verb.nested if isinstance(verb, Gather) else (verb,)


def prompts_of(config: Configuration) -> set[str]:
    known = {*config.announcements.values(), *config.sentences.values(), config.apology}
    for menu in config.menus.values():
        known |= {menu.announcement, menu.ringback}
    return {sound.prompt for sound in known if sound is not None and sound.prompt}


def check_heard(decision: Decision, known: set[str]) -> None:
    """Whatever the caller is given can be heard: a prompt that is there, or words."""
    for verb in played(decision):
        if isinstance(verb, Play):
            assert verb.url.rpartition("/")[2] in known
        elif isinstance(verb, Say):
            assert verb.text.strip()
        elif isinstance(verb, Dial):
            assert verb.nouns
            assert not verb.ringback_tone or verb.ringback_tone.rpartition("/")[2] in known
    assert all(verb.nested for verb in decision.document.verbs if isinstance(verb, Gather))


@given(config=configurations, happenings=st.lists(events, min_size=1, max_size=12))
def test_any_call_ends_within_100_steps_and_never_meets_silence(
    config: Configuration, happenings: list[Event]
) -> None:
    known = prompts_of(config)
    decisions = list(call(config, happenings))
    assert len(decisions) <= MAX_STEPS
    taken = [
        effect.recording_sid
        for decision in decisions
        for effect in decision.effects
        if isinstance(effect, TakeMessage)
    ]
    assert len(taken) == len(set(taken))
    for decision in decisions:
        check_heard(decision, known)
        assert decision.effects
        assert decision.asks == 0 or decision.state.level_id == decision.asks


@given(config=configurations, happenings=st.lists(events, min_size=1, max_size=3))
def test_any_document_can_be_written_in_every_dialect_and_read(
    config: Configuration, happenings: list[Event]
) -> None:
    for decision in list(call(config, happenings))[:6]:
        for dialect in Dialect:
            read = from_xml(to_xml(decision.document, dialect).encode())
            assert read.faults == ()
            assert [type(verb) for verb in read.verbs if not isinstance(verb, Play)] == [
                type(verb) for verb in decision.document.verbs if not isinstance(verb, Play)
            ]


old_states = st.fixed_dictionaries(
    {},
    optional={
        "step": st.integers(0, 120),
        "phase": st.sampled_from([phase.value for phase in Phase]),
        "path": st.lists(st.sampled_from(SIDS), max_size=3),
        "timeouts": st.integers(0, 9),
        "level_id": st.integers(0, 9),
    },
)


@given(config=configurations, written=old_states, event=events)
def test_any_row_that_was_written_before_can_be_gone_on_from(
    config: Configuration, written: dict[str, object], event: Event
) -> None:
    state = CallState.from_json(written)
    decision = decide(config, state, event, AT, LINKS)
    check_heard(decision, prompts_of(config))
    assert CallState.from_json(decision.state.to_json()) == decision.state
