"""One decision being made: what the rules share, and the ways in which a decision can end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from deskbell.rcml.verbs import Document

from .actions import Action, ActionType
from .configuration import Configuration, Limits, MenuRules, Sound
from .documents import closing_document, menu_document
from .effects import Effect, Result, Step
from .links import Links
from .sentences import Sentence
from .state import CallState, Phase

HANGUP = Action(ActionType.HANGUP)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the caller meets next, where the call stands then, what is to be written down.

    Where `asks` is an escalation level's id, whoever asked finds out who is on call there and
    decides again, from `state`, with OnCallFound; the effects of both decisions count. Until then
    the document takes a message for that level. With `asks_desk` it is the desk that is asked, and
    ReceptionFound that follows.
    """

    document: Document
    state: CallState
    effects: tuple[Effect, ...] = ()
    asks: int = 0
    asks_desk: bool = False


class Turn:
    """One decision being made; nothing of it outlives `decide`.

    `state` is where the call will stand: documents are written last, because their URLs carry it.
    """

    def __init__(
        self,
        configuration: Configuration,
        state: CallState,
        at: datetime,
        links: Links,
        runs: Mapping[ActionType, Runner],
    ) -> None:
        self.configuration = configuration
        self.state = state
        self.at = at
        self.links = links
        self._runs = runs
        self._effects: list[Effect] = []

    @property
    def menu(self) -> MenuRules | None:
        """The menu where the caller is; None before the first and where it was deleted."""
        return self.configuration.menus.get(self.state.path[-1]) if self.state.path else None

    def limits(self, menu: MenuRules) -> Limits:
        """The limits that hold in a menu; none is None."""
        return self.configuration.limits_of(menu)

    def sentence(self, name: Sentence) -> Sound:
        """One of the attendant's own sentences."""
        return self.configuration.sentence(name)

    def change(self, **fields: Any) -> None:
        """Changes where the call will stand."""
        self.state = replace(self.state, **fields)

    def write(self, effect: Effect) -> None:
        """Has something written down."""
        self._effects.append(effect)

    def note(self, result: str, menu: MenuRules | None = None, key: str = "") -> None:
        """Has a step written down, in the present menu unless another is given."""
        menu = menu or self.menu
        self.write(Step(menu.id if menu else 0, key, result))

    def run(
        self, action: Action | None, menu: MenuRules, key: str = "", *, is_last_resort: bool = False
    ) -> Decision:
        """Does what an action says, with all counts at nothing again; none hangs up."""
        action = action or HANGUP
        self.clear_counts()
        self.change(level_id=0, is_last_resort=is_last_resort)
        self.note(action.type, menu, key)
        return self._runs[action.type](self, action, menu)

    def clear_counts(self) -> None:
        """Forgets how often the caller hesitated or erred."""
        self.change(timeouts=0, invalid_inputs=0, invalid_extensions=0)

    def play_menu(self, menu: MenuRules, first: Sound | None = None) -> Decision:
        """`first`, then the menu the caller is in."""
        self.change(phase=Phase.MENU, asked="", level_id=0)
        return self.decided(
            menu_document(self.configuration, menu, self.state, self.links, first=first)
        )

    def close(self, result: Result | None, last: Sound | None = None) -> Decision:
        """`last`, then the end of the call."""
        if result is not None:
            self.note(result)
        self.change(phase=Phase.OVER)
        return self.decided(closing_document(self.links, last))

    def decided(self, document: Document, *, asks: int = 0, asks_desk: bool = False) -> Decision:
        """The decision as it now stands."""
        return Decision(document, self.state, tuple(self._effects), asks, asks_desk)


Runner = Callable[[Turn, Action, MenuRules], Decision]
