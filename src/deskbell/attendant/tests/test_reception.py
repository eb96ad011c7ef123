"""Callers for a receptionist: they wait, or leave a message; nobody is lost when a line breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deskbell.attendant.rules import (
    Action,
    ActionType,
    CallState,
    Configuration,
    DeskClosed,
    DialEnded,
    Entered,
    Event,
    JoinQueue,
    KeyPressed,
    LeaveQueue,
    MenuRules,
    NothingPressed,
    Phase,
    ReceptionFound,
    Recorded,
    RecordingSilent,
    Resumed,
    Step,
    TakeMessage,
    decide,
)
from deskbell.attendant.rules.walk import walk
from deskbell.attendant.tests.calling import (
    AT,
    LINKS,
    MAIN,
    WEB,
    configuration,
    heard,
    play,
    prompt,
)
from deskbell.attendant.ways import CarrierLinks, EngineLinks, Way
from deskbell.rcml.verbs import Conference, Dial, Redirect

ROOM = "desk-" + "a" * 32
OPEN = ReceptionFound(is_open=True, room=ROOM)
VOICEMAIL = ["NOBODY_FREE", "LEAVE_MESSAGE"]
ASK = KeyPressed("5")


def office() -> Configuration:
    menu = MenuRules(
        MAIN,
        id=1,
        name="Day",
        announcement=prompt(1),
        keys={"5": Action(ActionType.TRANSFER_TO_RECEPTIONIST)},
    )
    return configuration(menus={MAIN: menu})


def test_the_desk_is_asked_and_until_then_a_message_is_taken() -> None:
    asking = play(office(), ASK)
    assert asking.asks_desk
    assert heard(asking) == VOICEMAIL
    taken = play(office(), ASK, Recorded("RE1", 3))
    assert taken.effects[0] == TakeMessage("RE1", 3, 0)


def test_the_caller_waits_in_a_room_of_their_own() -> None:
    waiting = play(office(), ASK, OPEN)
    assert heard(waiting) == ["HOLD_THE_LINE"]
    assert waiting.document.verbs[1:] == (
        Dial(
            (
                Conference(
                    ROOM,
                    beep=False,
                    start_on_enter=False,
                    end_on_exit=True,
                    wait_url=f"{WEB}/voice/desk/wait?account=7",
                ),
            ),
            action=f"{WEB}/voice/step?account=7&n=3",
        ),
        Redirect(f"{WEB}/voice/step?account=7&n=3&Empty=1"),
    )
    assert waiting.effects == (Step(1, "", "RECEPTION"), JoinQueue())
    assert waiting.state.phase is Phase.RECEPTION
    assert not waiting.asks_desk


def test_the_talk_is_recorded_where_the_account_wants_it() -> None:
    recorded = play(office(), ASK, replace(OPEN, is_recorded=True))
    [dial] = [verb for verb in recorded.document.verbs if isinstance(verb, Dial)]
    [room] = dial.nouns
    assert isinstance(room, Conference)
    assert room.record


@pytest.mark.parametrize(
    "events",
    [
        [ReceptionFound(is_open=False)],
        [OPEN, DeskClosed()],
        [OPEN, NothingPressed()],
        [OPEN, DialEnded("failed")],
        [OPEN, Resumed(), ReceptionFound(is_open=False, is_back=True)],
    ],
)
def test_a_message_is_taken_where_nobody_can_answer(events: list[Event]) -> None:
    assert heard(play(office(), ASK, *events)) == VOICEMAIL
    assert heard(play(office(), ASK, *events, RecordingSilent())) == ["NOT_HEARD"]
    taken = play(office(), ASK, *events, Recorded("RE1", 3))
    assert taken.effects[0] == TakeMessage("RE1", 3, 0)


def test_an_engine_without_rooms_is_not_waited_for() -> None:
    assert LeaveQueue() in play(office(), ASK, OPEN, NothingPressed()).effects
    assert LeaveQueue() not in play(office(), ASK, OPEN, DeskClosed()).effects


def test_the_call_is_over_after_the_talk() -> None:
    over = play(office(), ASK, OPEN, DialEnded("completed"))
    assert over.state.phase is Phase.OVER
    assert heard(over) == []


def test_a_caller_whose_line_broke_off_waits_on() -> None:
    asking = play(office(), ASK, OPEN, Resumed())
    assert asking.asks_desk
    back = play(office(), ASK, OPEN, Resumed(), replace(OPEN, is_back=True))
    assert heard(back) == ["BROKE_OFF"]
    assert back.effects == (Step(1, "", "BACK_IN_LINE"), JoinQueue(is_back=True))
    assert back.state.phase is Phase.RECEPTION


def test_whoever_was_elsewhere_when_the_line_broke_off_is_there_again() -> None:
    assert heard(play(office(), Resumed())) == ["BROKE_OFF", "1"]
    speaking = play(office(), ASK, ReceptionFound(is_open=False), Resumed())
    assert heard(speaking) == ["BROKE_OFF", "LEAVE_MESSAGE"]
    assert play(office(), ASK, OPEN, DialEnded("completed"), Resumed()).state.phase is Phase.OVER


def test_a_menu_that_is_gone_keeps_nobody_from_leaving_a_message() -> None:
    waiting = play(office(), ASK, OPEN)
    nothing = configuration(menus={})
    assert heard(decide(nothing, waiting.state, DeskClosed(), AT, LINKS)) == VOICEMAIL


@pytest.mark.parametrize(
    ("links", "is_asked"),
    [
        (CarrierLinks(Way.TWILIO, 7), True),
        (CarrierLinks(Way.SIGNALWIRE, 7), True),
        (CarrierLinks(Way.TELNYX, 7), False),
        (EngineLinks(7, "PN1"), False),
    ],
)
def test_who_has_no_waiting_rooms_takes_a_message(
    links: CarrierLinks | EngineLinks, is_asked: bool
) -> None:
    first = decide(office(), CallState(), Entered(), AT, links)
    assert decide(office(), first.state, ASK, AT, links).asks_desk is is_asked


def test_the_time_machine_shows_the_waiting_and_what_follows_it() -> None:
    walked = walk(office(), AT, "5tt")
    waits = "the caller waits with music until a receptionist answers."
    assert [moment.why for moment in walked.moments[1:]] == [
        f'Key 5 in "Day": Transfer to a receptionist: {waits}',
        "No receptionist took the call: a message is asked for.",
        "Nothing was said: a message is asked for.",
    ]
    assert walk(office(), AT, "5").phase is Phase.RECEPTION
    assert walk(office(), AT, "51").left == "1"
    closed = walk(office(), AT, "5", has_desk=False)
    assert closed.moments[-1].why == (
        'Key 5 in "Day": Transfer to a receptionist: no receptionist is on duty, so a message is '
        "asked for."
    )
