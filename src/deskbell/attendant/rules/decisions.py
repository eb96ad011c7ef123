"""The decision itself: rules 1, 2, 3, 6 and 7 of "What a caller meets", and voicemail.

Source: design, attendant API.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from deskbell.rcml.verbs import Document

from .actions import Action, ActionType
from .configuration import Configuration, MenuRules, Sound
from .documents import closing_document, menu_document, voicemail_document
from .effects import Effect, Result, Step, TakeMessage
from .events import Entered, Event, KeyPressed, Recorded
from .links import Links
from .schedule import menu_at
from .sentences import Sentence
from .state import CallState, Phase

MAX_STEPS: Final = 100
MAX_SILENCES: Final = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """What the caller meets next, where the call stands then, what is to be written down."""

    document: Document
    state: CallState
    effects: tuple[Effect, ...] = ()
    asks: int = 0


def decide(
    configuration: Configuration, state: CallState, event: Event, at: datetime, links: Links
) -> Decision:
    """What a caller who stands at `state` meets after `event`, at the instant `at` (aware).

    Any configuration, state and event has an answer: what they say that cannot be (a menu that is
    gone, a key while recording) is understood as what comes nearest. Decision number 100 always
    ends the call; a recording is never lost.
    """
    state = replace(state, step=state.step + 1)
    call = _Call(configuration, state, at, links)
    if isinstance(event, Recorded):
        return call.recorded(event)
    if state.phase is Phase.OVER:
        return call.close(Result.OVER, None)
    if state.phase is Phase.VOICEMAIL:
        return call.not_heard()
    if state.step >= MAX_STEPS:
        return call.close(Result.TOO_LONG, configuration.sentence(Sentence.GOODBYE))
    return call.in_menu(event)


class _Call:
    """One decision being made; nothing of it outlives `decide`."""

    def __init__(
        self, configuration: Configuration, state: CallState, at: datetime, links: Links
    ) -> None:
        self._configuration = configuration
        self._state = state
        self._at = at
        self._links = links
        self._effects: list[Effect] = []

    def in_menu(self, event: Event) -> Decision:
        menu = self._configuration.menus.get(self._state.path[-1]) if self._state.path else None
        if menu is None or isinstance(event, Entered):
            return self._enter()
        if isinstance(event, KeyPressed):
            return self._key(menu, event.key)
        return self._timeout(menu)

    def recorded(self, event: Recorded) -> Decision:
        if event.recording_sid not in self._state.taken:
            self._effects.append(TakeMessage(event.recording_sid, event.seconds))
            self._state = replace(self._state, taken=(*self._state.taken, event.recording_sid))
        return self.close(
            Result.MESSAGE_TAKEN, self._configuration.sentence(Sentence.MESSAGE_TAKEN)
        )

    def not_heard(self) -> Decision:
        silences = self._state.silences + 1
        self._state = replace(self._state, silences=silences)
        if silences >= MAX_SILENCES or self._state.step >= MAX_STEPS:
            nothing = self._configuration.sentence(Sentence.NOTHING_TAKEN)
            return self.close(Result.NOTHING_TAKEN, nothing)
        self._note(Result.SILENT)
        return self._ask(self._configuration.sentence(Sentence.NOT_HEARD))

    def close(self, result: str, last: Sound | None) -> Decision:
        self._note(result)
        self._state = replace(self._state, phase=Phase.OVER)
        return self._decided(closing_document(self._links, last))

    def _enter(self) -> Decision:
        configuration = self._configuration
        apology = configuration.apology
        if apology is None or not apology.is_audible:
            apology = configuration.sentence(Sentence.APOLOGY)
        if not configuration.is_active:
            return self.close(Result.SUSPENDED, apology)
        sid = menu_at(
            week=configuration.week,
            dates=configuration.dates,
            time_zone=configuration.time_zone,
            at=self._at,
        )
        menu = configuration.menus.get(sid or "")
        if menu is None:
            return self.close(Result.NO_MENU, apology)
        self._note(Result.ENTERED, menu)
        return self._go_to(menu, (menu.sid,))

    def _key(self, menu: MenuRules, key: str) -> Decision:
        action = menu.keys.get(key)
        if action is not None:
            return self._run(action, menu, key)
        limits = self._configuration.limits_of(menu)
        count = self._state.invalid_inputs + 1
        self._note(Result.INVALID_INPUT, menu, key)
        self._state = replace(self._state, invalid_inputs=count, timeouts=0)
        if count >= max(1, limits.invalid_max or 1):
            return self._run(limits.invalid_action or Action(ActionType.HANGUP), menu)
        return self._play(menu)

    def _timeout(self, menu: MenuRules) -> Decision:
        limits = self._configuration.limits_of(menu)
        count = self._state.timeouts + 1
        self._note(Result.TIMEOUT, menu)
        self._state = replace(self._state, timeouts=count)
        if count >= max(1, limits.timeout_max or 1):
            return self._run(limits.timeout_action or Action(ActionType.HANGUP), menu)
        return self._play(menu)

    def _run(self, action: Action, menu: MenuRules, key: str = "") -> Decision:
        self._state = replace(self._state, timeouts=0, invalid_inputs=0)
        self._effects.append(Step(menu.id, key, action.type))
        runs: dict[ActionType, Callable[[Action, MenuRules], Decision]] = {
            ActionType.ANNOUNCEMENT_HANGUP: self._hang_up,
            ActionType.ANNOUNCEMENT_RETURN: self._announce,
            ActionType.GO_TO_MENU: self._go,
            ActionType.HANGUP: self._hang_up,
            ActionType.REPLAY_MENU: self._replay,
            ActionType.RETURN_TO_PREVIOUS_MENU: self._go_back,
            ActionType.VOICEMAIL: self._voicemail,
        }
        return runs.get(action.type, self._replay)(action, menu)

    def _hang_up(self, action: Action, _menu: MenuRules) -> Decision:
        self._state = replace(self._state, phase=Phase.OVER)
        last = self._configuration.announcement(action.data)
        return self._decided(closing_document(self._links, last))

    def _replay(self, _action: Action, menu: MenuRules) -> Decision:
        return self._play(menu)

    def _announce(self, action: Action, menu: MenuRules) -> Decision:
        return self._play(menu, first=self._configuration.announcement(action.data))

    def _go(self, action: Action, menu: MenuRules) -> Decision:
        target = self._configuration.menus.get(action.data)
        if target is None:
            return self._play(menu)
        return self._go_to(target, (*self._state.path, target.sid))

    def _go_back(self, _action: Action, menu: MenuRules) -> Decision:
        before = self._state.path[:-1]
        target = self._configuration.menus.get(before[-1]) if before else None
        return self._go_to(target, before) if target else self._play(menu)

    def _voicemail(self, action: Action, _menu: MenuRules) -> Decision:
        asking = self._configuration.announcement(action.data)
        return self._ask(asking or self._configuration.sentence(Sentence.LEAVE_MESSAGE))

    def _ask(self, asking: Sound) -> Decision:
        self._state = replace(self._state, phase=Phase.VOICEMAIL)
        return self._decided(voicemail_document(asking, self._state, self._links))

    def _go_to(self, menu: MenuRules, path: tuple[str, ...]) -> Decision:
        self._state = replace(self._state, path=path)
        return self._play(menu)

    def _play(self, menu: MenuRules, first: Sound | None = None) -> Decision:
        self._state = replace(self._state, phase=Phase.MENU)
        document = menu_document(self._configuration, menu, self._state, self._links, first=first)
        return self._decided(document)

    def _note(self, result: str, menu: MenuRules | None = None, key: str = "") -> None:
        if menu is None and self._state.path:
            menu = self._configuration.menus.get(self._state.path[-1])
        self._effects.append(Step(menu.id if menu else 0, key, result))

    def _decided(self, document: Document) -> Decision:
        return Decision(document, self._state, tuple(self._effects))
