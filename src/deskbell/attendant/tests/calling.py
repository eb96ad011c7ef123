"""A configuration to call, and what a caller hears there."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time

from deskbell.attendant.rules import (
    Action,
    ActionType,
    CallState,
    Configuration,
    Decision,
    Entered,
    Event,
    GatewayLinks,
    KeyPressed,
    Limits,
    MenuRules,
    NothingPressed,
    Sentence,
    Sound,
    WeekSpan,
    decide,
)
from deskbell.rcml.verbs import Dial, Gather, Number, Play, Say

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
WEB = "http://127.0.0.1:8000"
LINKS = GatewayLinks(WEB, 7)
MAIN, SUB, HOURS = "MN" + "1" * 32, "MN" + "2" * 32, "AN" + "1" * 32
ALWAYS = tuple(WeekSpan(MAIN, day, time(0), time(0)) for day in range(1, 8))
SENTENCES = {name: Sound(name.value, f"{n:064x}") for n, name in enumerate(Sentence, start=16)}


def prompt(number: int) -> Sound:
    return Sound(f"prompt {number}", f"{number:064x}")


def configuration(**changes: object) -> Configuration:
    values: dict[str, object] = {
        "sid": "AA1",
        "account_id": 7,
        "menus": {
            MAIN: MenuRules(
                MAIN,
                id=1,
                announcement=prompt(1),
                keys={
                    "1": Action(ActionType.GO_TO_MENU, SUB),
                    "2": Action(ActionType.VOICEMAIL),
                    "3": Action(ActionType.ANNOUNCEMENT_RETURN, HOURS),
                    "4": Action(ActionType.ANNOUNCEMENT_HANGUP, HOURS),
                    "5": Action(ActionType.ANNOUNCEMENT_HANGUP),
                    "6": Action(ActionType.HANGUP),
                    "7": Action(ActionType.REPLAY_MENU),
                    "9": Action(ActionType.RETURN_TO_PREVIOUS_MENU),
                    "*": Action(ActionType.VOICEMAIL, HOURS),
                },
            ),
            SUB: MenuRules(
                SUB,
                id=2,
                announcement=prompt(2),
                keys={"9": Action(ActionType.RETURN_TO_PREVIOUS_MENU)},
                limits=Limits(timeout_seconds=9, timeout_max=1),
            ),
        },
        "announcements": {HOURS: prompt(3)},
        "week": ALWAYS,
        "sentences": SENTENCES,
    }
    return Configuration(**(values | changes))  # type: ignore[arg-type]


def play(config: Configuration, *events: Event) -> Decision:
    """The decision after the last of `events`, the state kept as JSON between them."""
    decision = decide(config, CallState(), Entered(), AT, LINKS)
    for event in events:
        state = CallState.from_json(json.loads(json.dumps(decision.state.to_json())))
        decision = decide(config, state, event, AT, LINKS)
    return decision


def heard(decision: Decision) -> list[str]:
    """What is played or said, prompts by the number that `prompt` gave them."""
    found: list[str] = []
    for verb in decision.document.verbs:
        for each in verb.nested if isinstance(verb, Gather) else [verb]:
            if isinstance(each, Play):
                name = each.url.removeprefix(f"{WEB}/voice/prompts/")
                number = int(name, 16)
                found.append(list(Sentence)[number - 16].name if number >= 16 else str(number))
            elif isinstance(each, Say):
                found.append(each.text)
    return found


def dialled(decision: Decision) -> list[str]:
    """The telephones that are rung."""
    return [
        noun.number
        for verb in decision.document.verbs
        if isinstance(verb, Dial)
        for noun in verb.nouns
        if isinstance(noun, Number)
    ]


def gathers(decision: Decision) -> Gather:
    """The document's Gather."""
    [gather] = [verb for verb in decision.document.verbs if isinstance(verb, Gather)]
    return gather


def keys(pressed: str) -> list[Event]:
    return [NothingPressed() if key == "-" else KeyPressed(key) for key in pressed]
