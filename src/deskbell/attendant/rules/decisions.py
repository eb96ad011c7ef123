"""The decision itself: which rule answers to what happened. Source: design, attendant API, "What
a caller meets".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from . import extensions, menus, reception, transfers, voicemail
from .actions import ActionType
from .configuration import Configuration, MenuRules
from .effects import Result
from .events import (
    DialEnded,
    Entered,
    Event,
    KeyPressed,
    OnCallFound,
    ReceptionFound,
    Recorded,
    Resumed,
    Spoken,
)
from .links import Links
from .sentences import Sentence
from .state import CallState, Phase
from .turn import Decision, Runner, Turn

MAX_STEPS: Final = 100

RUNS: Final[Mapping[ActionType, Runner]] = {
    ActionType.ANNOUNCEMENT_HANGUP: menus.hang_up,
    ActionType.ANNOUNCEMENT_RETURN: menus.announce,
    ActionType.DIAL_BY_EXTENSION: extensions.ask_number,
    ActionType.DIAL_BY_NAME: extensions.ask_name,
    ActionType.GO_TO_MENU: menus.go,
    ActionType.HANGUP: menus.hang_up,
    ActionType.REPLAY_MENU: menus.replay,
    ActionType.RETURN_TO_PREVIOUS_MENU: menus.go_back,
    ActionType.TRANSFER_TO_PHONE: transfers.to_phone,
    ActionType.TRANSFER_TO_RECEPTIONIST: reception.to_receptionist,
    ActionType.TRANSFER_TO_ONCALL: transfers.to_on_call,
    ActionType.VOICEMAIL: voicemail.leave_message,
}


def decide(
    configuration: Configuration, state: CallState, event: Event, at: datetime, links: Links
) -> Decision:
    """What a caller who stands at `state` meets after `event`, at the instant `at` (aware).

    `links` gives the URLs in the document. Any configuration, state and event has an answer: what
    they say that cannot be (a menu that is gone, a key while recording) is understood as what comes
    nearest. Decision number 100 always ends the call; a recording is never lost.
    """
    state = replace(state, step=state.step + 1)
    turn = Turn(configuration, state, at, links, RUNS)
    is_last = state.step >= MAX_STEPS
    if isinstance(event, Recorded):
        return voicemail.recorded(turn, event)
    if state.phase is Phase.OVER:
        return turn.close(Result.OVER)
    if state.phase is Phase.VOICEMAIL and not _is_found(event, state):
        if isinstance(event, Resumed) and not is_last:
            return voicemail.resumed(turn)
        return voicemail.not_heard(turn, is_last=is_last)
    if is_last:
        return turn.close(Result.TOO_LONG, turn.sentence(Sentence.GOODBYE))
    return _go_on(turn, event)


def _is_found(event: Event, state: CallState) -> bool:
    """Whether the event answers what a decision asked, which takes a message until then."""
    is_on_call = isinstance(event, OnCallFound) and state.level_id > 0
    return is_on_call or isinstance(event, ReceptionFound)


def _go_on(turn: Turn, event: Event) -> Decision:
    if isinstance(event, OnCallFound) and turn.state.level_id:
        return transfers.on_call_found(turn, event.phones)
    if isinstance(event, DialEnded) and transfers.is_talk(event.status):
        return turn.close(Result.CONNECTED)
    if isinstance(event, ReceptionFound):
        return reception.found(turn, event)
    if turn.state.phase is Phase.RECEPTION:
        return reception.waited(turn, event)
    menu = turn.menu
    if menu is None or isinstance(event, Entered):
        return menus.enter(turn)
    return _in_a_menu(turn, menu, event)


def _in_a_menu(turn: Turn, menu: MenuRules, event: Event) -> Decision:
    if isinstance(event, Resumed):
        turn.note(Result.RESUMED)
        return turn.play_menu(menu, turn.sentence(Sentence.BROKE_OFF))
    if isinstance(event, DialEnded):
        return transfers.ended(turn, menu, event.status)
    return _RULES.get(turn.state.phase, _in_menu)(turn, menu, event)


def _in_menu(turn: Turn, menu: MenuRules, event: Event) -> Decision:
    if isinstance(event, KeyPressed):
        return menus.pressed(turn, menu, event.key)
    if isinstance(event, Spoken) and event.text.strip():
        return menus.invalid(turn, menu, "")
    return menus.timed_out(turn, menu)


def _asked_for_extension(turn: Turn, menu: MenuRules, event: Event) -> Decision:
    given = _given(turn, menu, event)
    if given is not None:
        return given
    return menus.count_timeout(turn, menu) or extensions.ask_again(turn, menu)


def _asked_for_name(turn: Turn, menu: MenuRules, event: Event) -> Decision:
    """Silence is a name that was not understood: engines tell the two apart by nothing."""
    return _given(turn, menu, event) or extensions.unknown(turn, menu, "", was_heard=False)


def _asked_whether(turn: Turn, menu: MenuRules, event: Event) -> Decision:
    """Silence is no answer, and so no yes."""
    if isinstance(event, KeyPressed):
        return extensions.meant(turn, menu, event.key)
    return extensions.meant(turn, menu, event.text if isinstance(event, Spoken) else "")


def _given(turn: Turn, menu: MenuRules, event: Event) -> Decision | None:
    if isinstance(event, KeyPressed) and event.key.rstrip("#"):
        return extensions.pressed(turn, menu, event.key)
    if isinstance(event, Spoken) and event.text.strip():
        return extensions.spoken(turn, menu, event)
    return None


def _dialling(turn: Turn, menu: MenuRules, _event: Event) -> Decision:
    """An engine that cannot dial goes on with what stands behind the Dial."""
    return transfers.ended(turn, menu, "failed")


_RULES: Final = {
    Phase.EXTENSION: _asked_for_extension,
    Phase.NAME: _asked_for_name,
    Phase.MEANT: _asked_whether,
    Phase.DIALLING: _dialling,
}
