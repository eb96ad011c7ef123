"""The rules of menus: which one answers, what keys and silence do, and the way between menus.

Source: design, attendant API, "What a caller meets", 1, 2, 3 and 6.
"""

from __future__ import annotations

from . import extensions
from .actions import Action
from .configuration import MenuRules
from .effects import Result
from .schedule import menu_at
from .sentences import Sentence
from .turn import Decision, Turn


def enter(turn: Turn) -> Decision:
    """The menu of the moment; an apology where there is none, or the system is suspended."""
    configuration = turn.configuration
    apology = configuration.apology
    if apology is None or not apology.is_audible:
        apology = turn.sentence(Sentence.APOLOGY)
    if not configuration.is_active:
        return turn.close(Result.SUSPENDED, apology)
    emergency = configuration.emergency
    if emergency is not None and turn.at < emergency.until:
        menu = configuration.menus.get(emergency.menu)
        if menu is not None:
            return _begin(turn, menu, Result.EMERGENCY)
        announcement = configuration.announcement(emergency.announcement)
        if announcement is not None:
            return turn.close(Result.EMERGENCY, announcement)
    sid = menu_at(
        week=configuration.week,
        dates=configuration.dates,
        time_zone=configuration.time_zone,
        at=turn.at,
    )
    menu = configuration.menus.get(sid or "")
    return turn.close(Result.NO_MENU, apology) if menu is None else _begin(turn, menu)


def _begin(turn: Turn, menu: MenuRules, result: Result = Result.ENTERED) -> Decision:
    turn.note(result, menu)
    turn.change(path=(menu.sid,))
    return turn.play_menu(menu)


def pressed(turn: Turn, menu: MenuRules, keys: str) -> Decision:
    """A key with an action runs it; several digits may be an extension; the rest is invalid."""
    action = menu.keys.get(keys)
    if action is not None:
        return turn.run(action, menu, keys)
    if turn.configuration.direct_dialling:
        digits = keys.rstrip("#")
        if digits in turn.configuration.extensions:
            return extensions.connect(turn, menu, digits)
        if len(digits) > 1:
            return extensions.unknown(turn, menu, digits)
    return invalid(turn, menu, keys)


def invalid(turn: Turn, menu: MenuRules, keys: str) -> Decision:
    """Counts input that means nothing here; often enough, it runs the action for that."""
    count = turn.state.invalid_inputs + 1
    limits = turn.limits(menu)
    turn.note(Result.INVALID_INPUT, menu, keys)
    turn.change(invalid_inputs=count, timeouts=0)
    if count >= max(1, limits.invalid_max or 1):
        return turn.run(limits.invalid_action, menu)
    return turn.play_menu(menu)


def timed_out(turn: Turn, menu: MenuRules) -> Decision:
    """Counts silence after a menu; often enough, it runs the action for that."""
    return count_timeout(turn, menu) or turn.play_menu(menu)


def count_timeout(turn: Turn, menu: MenuRules) -> Decision | None:
    """Counts silence; a decision where it was one time too often."""
    count = turn.state.timeouts + 1
    limits = turn.limits(menu)
    turn.note(Result.TIMEOUT, menu)
    turn.change(timeouts=count)
    if count >= max(1, limits.timeout_max or 1):
        return turn.run(limits.timeout_action, menu)
    return None


def hang_up(turn: Turn, action: Action, _menu: MenuRules) -> Decision:
    """ANNOUNCEMENT_HANGUP and HANGUP."""
    return turn.close(None, turn.configuration.announcement(action.data))


def announce(turn: Turn, action: Action, menu: MenuRules) -> Decision:
    """ANNOUNCEMENT_RETURN."""
    return turn.play_menu(menu, turn.configuration.announcement(action.data))


def replay(turn: Turn, _action: Action, menu: MenuRules) -> Decision:
    """REPLAY_MENU."""
    return turn.play_menu(menu)


def go(turn: Turn, action: Action, menu: MenuRules) -> Decision:
    """GO_TO_MENU; a menu that is gone leaves the caller where they are."""
    target = turn.configuration.menus.get(action.data)
    if target is None:
        return turn.play_menu(menu)
    turn.change(path=(*turn.state.path, target.sid))
    return turn.play_menu(target)


def go_back(turn: Turn, _action: Action, menu: MenuRules) -> Decision:
    """RETURN_TO_PREVIOUS_MENU: one step back on the caller's own path, over menus that are gone."""
    path = turn.state.path[:-1]
    while path and path[-1] not in turn.configuration.menus:
        path = path[:-1]
    if not path:
        return turn.play_menu(menu)
    turn.change(path=path)
    return turn.play_menu(turn.configuration.menus[path[-1]])
