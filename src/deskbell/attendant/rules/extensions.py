"""The rules of extensions: asked for by number or by name, rung, or unknown.

Source: design, attendant API, "What a caller meets", 3 and 4; seed 002, "Action Type table".
"""

from __future__ import annotations

from .actions import Action
from .configuration import MenuRules, Sound
from .documents import extension_document, name_document
from .effects import Result
from .names import find_by_name
from .sentences import Sentence
from .state import Phase
from .transfers import ring
from .turn import Decision, Turn


def ask_number(turn: Turn, action: Action, menu: MenuRules) -> Decision:
    """DIAL_BY_EXTENSION."""
    turn.change(phase=Phase.EXTENSION, asked=action.data)
    return ask_again(turn, menu)


def ask_name(turn: Turn, action: Action, menu: MenuRules) -> Decision:
    """DIAL_BY_NAME."""
    turn.change(phase=Phase.NAME, asked=action.data)
    return ask_again(turn, menu)


def ask_again(turn: Turn, menu: MenuRules, first: Sound | None = None) -> Decision:
    """`first`, then what asked for the extension or the name."""
    is_name = turn.state.phase is Phase.NAME
    asking = turn.configuration.announcement(turn.state.asked)
    if asking is None:
        asking = turn.sentence(Sentence.ASK_NAME if is_name else Sentence.ASK_EXTENSION)
    sounds = (asking,) if first is None else (first, asking)
    write = name_document if is_name else extension_document
    return turn.decided(write(turn.configuration, menu, sounds, turn.state, turn.links))


def pressed(turn: Turn, menu: MenuRules, keys: str) -> Decision:
    """What was pressed where an extension or a name was asked for; `#` only ends it."""
    digits = keys.rstrip("#")
    if digits in turn.configuration.extensions:
        return connect(turn, menu, digits)
    return unknown(turn, menu, digits)


def spoken(turn: Turn, menu: MenuRules, text: str) -> Decision:
    """What was said there. A name that two extensions could have is as unknown as one of none."""
    found = find_by_name(text, turn.configuration.extensions)
    if found is None:
        return unknown(turn, menu, "")
    return connect(turn, menu, found)


def connect(turn: Turn, menu: MenuRules, extension: str) -> Decision:
    """Rings an extension that is there."""
    turn.clear_counts()
    turn.change(level_id=0, is_last_resort=False)
    turn.note(Result.EXTENSION, menu, extension)
    return ring(turn, menu, [turn.configuration.extensions[extension].number])


def unknown(turn: Turn, menu: MenuRules, digits: str, *, was_heard: bool = True) -> Decision:
    """Counts an extension or name that is none; often enough, it runs the action for that."""
    count = turn.state.invalid_extensions + 1
    limits = turn.limits(menu)
    turn.note(Result.INVALID_EXTENSION, menu, digits)
    turn.change(invalid_extensions=count, timeouts=0)
    if count >= max(1, limits.invalid_extension_max or 1):
        return turn.run(limits.invalid_extension_action, menu)
    if turn.state.phase is Phase.NAME:
        return ask_again(turn, menu, turn.sentence(Sentence.UNKNOWN_NAME) if was_heard else None)
    first = turn.sentence(Sentence.UNKNOWN_EXTENSION)
    if turn.state.phase is Phase.EXTENSION:
        return ask_again(turn, menu, first)
    return turn.play_menu(menu, first)
