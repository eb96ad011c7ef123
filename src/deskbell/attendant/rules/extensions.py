"""The rules of extensions: asked for by number or by name, rung, or unknown.

Source: design, attendant API, "What a caller meets", 3 and 4; seed 002, "Action Type table";
design, voice, "Speech": "did you mean" where a name is unsure, twice before it counts as unknown.
"""

from __future__ import annotations

from typing import Final

from .actions import Action
from .configuration import MenuRules, Sound
from .documents import extension_document, meant_document, name_document
from .effects import Result
from .events import Spoken
from .names import find_by_name, guesses, is_yes
from .sentences import DEFAULT_LANGUAGE, Sentence
from .state import Phase
from .transfers import ring
from .turn import Decision, Turn

# Confidences of a recogniser: from SURE on a name rings, below HOPELESS nobody is asked about it.
SURE: Final = 0.4
HOPELESS: Final = 0.1
TURNS: Final = 2


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


def spoken(turn: Turn, menu: MenuRules, said: Spoken) -> Decision:
    """What was said there: rings whom it surely means, asks where it is unsure, else counts."""
    known = turn.configuration.extensions
    found = find_by_name(said.text, known)
    if found is not None and said.confidence >= SURE:
        return connect(turn, menu, found)
    near = guesses((said.text, *said.others), known) if said.confidence >= HOPELESS else ()
    if not near:
        return unknown(turn, menu, "")
    turn.change(guesses=near[:TURNS])
    return ask_whether(turn, menu)


def ask_whether(turn: Turn, menu: MenuRules) -> Decision:
    """Asks whether the first guess was meant."""
    guess = turn.state.guesses[0]
    turn.note(Result.UNSURE, menu, guess)
    turn.change(phase=Phase.MEANT)
    name = turn.configuration.extensions[guess].names[0]
    asking = turn.configuration.announcement(turn.state.asked)
    sounds = (
        turn.sentence(Sentence.DID_YOU_MEAN),
        Sound(f"{name}?", language=asking.language if asking else DEFAULT_LANGUAGE),
        turn.sentence(Sentence.SAY_YES),
    )
    return turn.decided(meant_document(turn.configuration, menu, sounds, turn.state, turn.links))


def meant(turn: Turn, menu: MenuRules, answer: str) -> Decision:
    """What was said or pressed there: yes rings, all else leads to the next guess, or to none."""
    known = turn.configuration.extensions
    guess, *rest = turn.state.guesses or ("",)
    turn.change(guesses=tuple(each for each in rest if each in known))
    if guess in known and is_yes(answer):
        return connect(turn, menu, guess)
    if turn.state.guesses:
        return ask_whether(turn, menu)
    turn.change(phase=Phase.NAME)
    return unknown(turn, menu, "")


def connect(turn: Turn, menu: MenuRules, extension: str) -> Decision:
    """Rings an extension that is there."""
    turn.clear_counts()
    turn.change(level_id=0, is_last_resort=False, guesses=())
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
